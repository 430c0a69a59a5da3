package dev.modelops.metrics;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Reads what {@link ByteSink} wrote. Whatever the bytes are, it ends in a value or in {@link CorruptData}. */
final class ByteSource {

  /** Nothing that we store inflates to more: a bound on memory. */
  private static final int LARGEST_SECTION = 4 << 20;

  private final byte[] bytes;
  private int at;

  ByteSource(byte[] bytes) {
    this.bytes = bytes;
  }

  int take() {
    if (at >= bytes.length) {
      throw new CorruptData("The bytes end too early", null);
    }
    return bytes[at++] & 0xff;
  }

  long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int b = take();
      value |= (long) (b & 0x7f) << shift;
      if (b < 0x80) {
        return value;
      }
    }
    throw new CorruptData("A number of more than 64 bits", null);
  }

  /** A varint that counts things, so that nobody allocates by a corrupt number. */
  int count(int most) {
    long value = varint();
    if (value < 0 || value > most) {
      throw new CorruptData("A count of " + value + " where at most " + most + " is possible", null);
    }
    return (int) value;
  }

  long zigzag() {
    long value = varint();
    return (value >>> 1) ^ -(value & 1);
  }

  long fixed() {
    byte[] eight = raw(8);
    long value = 0;
    for (int i = 0; i < 8; i++) {
      value |= (eight[i] & 0xffL) << (8 * i);
    }
    return value;
  }

  byte[] raw(int length) {
    if (length < 0 || length > bytes.length - at) {
      throw new CorruptData("The bytes end too early", null);
    }
    at += length;
    return Arrays.copyOfRange(bytes, at - length, at);
  }

  String string() {
    byte[] utf8 = raw(count(bytes.length));
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new CorruptData("Text that is not UTF-8", e);
    }
  }

  byte[] section() {
    int lengthAndFlag = count(LARGEST_SECTION * 2);
    int length = lengthAndFlag >>> 1;
    return (lengthAndFlag & 1) == 0 ? raw(length) : inflate(length);
  }

  boolean atEnd() {
    return at == bytes.length;
  }

  private byte[] inflate(int length) {
    byte[] content = new byte[count(LARGEST_SECTION)];
    byte[] deflated = raw(length);
    try (Inflater inflater = new Inflater(true)) {
      inflater.setInput(deflated);
      int done = 0;
      while (done < content.length) {
        int more = inflater.inflate(content, done, content.length - done);
        if (more == 0) {
          throw new CorruptData("A section ends too early", null);
        }
        done += more;
      }
      return content;
    } catch (DataFormatException e) {
      throw new CorruptData("A section cannot be inflated", e);
    }
  }
}
