package dev.modelops.metrics;

import java.util.Arrays;
import java.util.zip.CRC32C;

/** What all stored bytes begin and end with: a letter for what they are, a format number; a checksum. */
final class Envelope {

  private static final int HEAD = 2;
  private static final int TAIL = 4;

  private Envelope() {}

  static byte[] seal(char kind, int format, byte[] content) {
    byte[] sealed = new byte[HEAD + content.length + TAIL];
    sealed[0] = (byte) kind;
    sealed[1] = (byte) format;
    System.arraycopy(content, 0, sealed, HEAD, content.length);
    int sum = checksum(sealed, sealed.length - TAIL);
    for (int i = 0; i < TAIL; i++) {
      sealed[sealed.length - TAIL + i] = (byte) (sum >>> (8 * i));
    }
    return sealed;
  }

  /** @throws CorruptData unless these are exactly the bytes that {@link #seal} made for this kind and format */
  static byte[] open(char kind, int format, byte[] sealed) {
    if (sealed.length < HEAD + TAIL) {
      throw new CorruptData("Only " + sealed.length + " bytes", null);
    }
    int sum = 0;
    for (int i = 0; i < TAIL; i++) {
      sum |= (sealed[sealed.length - TAIL + i] & 0xff) << (8 * i);
    }
    if (sum != checksum(sealed, sealed.length - TAIL)) {
      throw new CorruptData("The checksum does not match", null);
    }
    if (sealed[0] != (byte) kind || sealed[1] != (byte) format) {
      throw new CorruptData("Expected kind " + kind + " format " + format + ", found " + (char) sealed[0] + " "
          + sealed[1], null);
    }
    return Arrays.copyOfRange(sealed, HEAD, sealed.length - TAIL);
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, 0, length);
    return (int) sum.getValue();
  }
}
