package dev.modelops.metrics;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;

/** Collects bytes: varints (LEB128), zigzag, fixed longs, strings, and sections that are deflated when that is shorter. */
final class ByteSink {

  /** Where deflating starts to pay for its flag and header. */
  private static final int WORTH_DEFLATING = 24;

  private byte[] bytes = new byte[256];
  private int size;

  ByteSink put(int b) {
    room(1);
    bytes[size++] = (byte) b;
    return this;
  }

  ByteSink varint(long value) {
    room(10);
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      bytes[size++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[size++] = (byte) rest;
    return this;
  }

  /** Small for small values of either sign. */
  ByteSink zigzag(long value) {
    return varint((value << 1) ^ (value >> 63));
  }

  ByteSink fixed(long value) {
    room(8);
    for (int i = 0; i < 8; i++) {
      bytes[size++] = (byte) (value >>> (8 * i));
    }
    return this;
  }

  ByteSink raw(byte[] more) {
    room(more.length);
    System.arraycopy(more, 0, bytes, size, more.length);
    size += more.length;
    return this;
  }

  ByteSink string(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return varint(utf8.length).raw(utf8);
  }

  /** A section of its own length, deflated when that is shorter. */
  ByteSink section(byte[] content) {
    byte[] deflated = content.length < WORTH_DEFLATING ? content : deflate(content);
    if (deflated.length < content.length) {
      return varint(deflated.length * 2L + 1).varint(content.length).raw(deflated);
    }
    return varint(content.length * 2L).raw(content);
  }

  int size() {
    return size;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  private static byte[] deflate(byte[] content) {
    try (Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true)) {
      deflater.setInput(content);
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream(content.length);
      byte[] buffer = new byte[4096];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return out.toByteArray();
    }
  }

  private void room(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
