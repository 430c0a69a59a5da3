package dev.modelops.metrics;

/**
 * Ascending times as Rice-coded gaps: a gap costs its {@code shift} low bits and its high bits in unary, within a
 * fraction of a bit of what random times must cost. Regular times have a shorter form that deflates to nearly nothing;
 * whoever writes takes the shorter one.
 */
final class Gaps {

  private static final int LONGEST_UNARY = 48;

  private Gaps() {}

  static byte[] write(long[] gaps) {
    byte[] best = write(gaps, 0);
    for (int shift = 1; shift < 40; shift++) {
      if (bits(gaps, shift) < (best.length - 1L) * 8) {
        best = write(gaps, shift);
      }
    }
    return best;
  }

  private static long bits(long[] gaps, int shift) {
    long bits = 0;
    for (long gap : gaps) {
      long high = gap >>> shift;
      bits += high < LONGEST_UNARY ? high + 1 + shift : LONGEST_UNARY + 64;
    }
    return bits;
  }

  private static byte[] write(long[] gaps, int shift) {
    byte[] out = new byte[1 + Math.toIntExact((bits(gaps, shift) + 7) / 8)];
    out[0] = (byte) shift;
    long at = 8;
    for (long gap : gaps) {
      long high = gap >>> shift;
      long ones = Math.min(high, LONGEST_UNARY);
      for (long i = 0; i < ones; i++) {
        set(out, at++);
      }
      int width = shift;
      if (high < LONGEST_UNARY) {
        at++;
      } else {
        width = 64;
      }
      for (int bit = width - 1; bit >= 0; bit--) {
        if ((gap >>> bit & 1) == 1) {
          set(out, at);
        }
        at++;
      }
    }
    return out;
  }

  static long[] read(int count, byte[] bytes) {
    ByteSource in = new ByteSource(bytes);
    int shift = in.take();
    if (shift >= 64) {
      throw new CorruptData("A shift of " + shift, null);
    }
    long[] gaps = new long[count];
    long at = 8;
    for (int i = 0; i < count; i++) {
      int high = 0;
      while (high < LONGEST_UNARY && get(bytes, at++)) {
        high++;
      }
      int width = high < LONGEST_UNARY ? shift : 64;
      long gap = high < LONGEST_UNARY ? high : 0;
      for (int bit = 0; bit < width; bit++) {
        gap = gap << 1 | (get(bytes, at++) ? 1 : 0);
      }
      gaps[i] = gap;
    }
    return gaps;
  }

  private static void set(byte[] bytes, long bit) {
    bytes[(int) (bit >>> 3)] |= (byte) (0x80 >>> (bit & 7));
  }

  private static boolean get(byte[] bytes, long bit) {
    if (bit >>> 3 >= bytes.length) {
      throw new CorruptData("The gaps end too early", null);
    }
    return (bytes[(int) (bit >>> 3)] & 0x80 >>> (bit & 7)) != 0;
  }
}
