package dev.modelops.metrics;

import java.math.BigInteger;

/**
 * A sum of doubles without any rounding, in any order: a fixed-point number wide enough for every double, in 64-bit
 * limbs of 32 bits each, so that carries are propagated once in a thousand additions (Neal, "Fast exact summation using
 * small and large superaccumulators", 2015). Not thread-safe.
 */
final class ExactSum {

  private static final int LIMBS = 68;
  private static final int LOWEST = -1074;
  private static final int ADDITIONS_BETWEEN_CARRIES = 1 << 10;
  private static final long MANTISSA = (1L << 52) - 1;
  private static final int LARGEST_BYTES = 300;

  private final long[] limbs = new long[LIMBS];
  private int additions;

  void add(double value) {
    long bits = Double.doubleToRawLongBits(value);
    int exponent = (int) (bits >>> 52) & 0x7ff;
    long mantissa = exponent == 0 ? bits & MANTISSA : bits & MANTISSA | 1L << 52;
    int position = Math.max(exponent, 1) - 1;
    int limb = position >>> 5;
    int shift = position & 31;
    long low = mantissa << shift & 0xffffffffL;
    long high = mantissa >>> 32 - shift;
    if (bits < 0) {
      limbs[limb] -= low;
      limbs[limb + 1] -= high;
    } else {
      limbs[limb] += low;
      limbs[limb + 1] += high;
    }
    if (++additions == ADDITIONS_BETWEEN_CARRIES) {
      carry();
    }
  }

  void add(ExactSum other) {
    carry();
    other.carry();
    for (int i = 0; i < LIMBS; i++) {
      limbs[i] += other.limbs[i];
    }
    carry();
  }

  private void carry() {
    for (int i = 0; i < LIMBS - 1; i++) {
      long up = limbs[i] >> 32;
      limbs[i] -= up << 32;
      limbs[i + 1] += up;
    }
    additions = 0;
  }

  /** The sum divided by a count, rounded once to the nearest double, ties to even. */
  double dividedBy(long count) {
    BigInteger sum = units();
    if (sum.signum() == 0) {
      return 0;
    }
    BigInteger divisor = BigInteger.valueOf(count);
    // 66 bits of quotient and one that remembers whether anything was left: enough to round right.
    int up = Math.max(0, 66 + divisor.bitLength() - sum.bitLength());
    BigInteger[] parts = sum.abs().shiftLeft(up).divideAndRemainder(divisor);
    BigInteger quotient = parts[0].shiftLeft(1);
    if (parts[1].signum() != 0) {
      quotient = quotient.setBit(0);
    }
    double magnitude = rounded(quotient, LOWEST - up - 1);
    return sum.signum() < 0 ? -magnitude : magnitude;
  }

  /** Nearest double to {@code digits × 2^exponent}. */
  private static double rounded(BigInteger digits, int exponent) {
    int drop = Math.max(digits.bitLength() - 53, LOWEST - exponent);
    if (drop <= 0) {
      return Math.scalb((double) digits.longValueExact(), exponent);
    }
    BigInteger kept = digits.shiftRight(drop);
    boolean half = digits.testBit(drop - 1);
    boolean more = digits.getLowestSetBit() < drop - 1;
    if (half && (more || kept.testBit(0))) {
      kept = kept.add(BigInteger.ONE);
    }
    return Math.scalb((double) kept.longValueExact(), exponent + drop);
  }

  /** The sum in units of 2^−1074. */
  private BigInteger units() {
    carry();
    int low = 0;
    while (low < LIMBS - 1 && limbs[low] == 0) {
      low++;
    }
    int high = LIMBS - 1;
    while (high > low && limbs[high] == 0) {
      high--;
    }
    BigInteger units = BigInteger.ZERO;
    for (int i = high; i >= low; i--) {
      units = units.shiftLeft(32).add(BigInteger.valueOf(limbs[i]));
    }
    return units.shiftLeft(32 * low);
  }

  void write(ByteSink out) {
    BigInteger units = units();
    int zeros = Math.max(0, units.getLowestSetBit());
    byte[] digits = units.shiftRight(zeros).toByteArray();
    out.varint(zeros).varint(digits.length).raw(digits);
  }

  static ExactSum read(ByteSource in) {
    int zeros = in.count(32 * LIMBS);
    BigInteger units = new BigInteger(in.raw(Math.max(1, in.count(LARGEST_BYTES)))).shiftLeft(zeros);
    if (units.bitLength() > 32 * (LIMBS - 1) + 62) {
      throw new CorruptData("A sum of " + units.bitLength() + " bits", null);
    }
    ExactSum sum = new ExactSum();
    BigInteger rest = units;
    for (int i = 0; i < LIMBS - 1; i++) {
      sum.limbs[i] = rest.intValue() & 0xffffffffL;
      rest = rest.shiftRight(32);
    }
    sum.limbs[LIMBS - 1] = rest.longValue();
    return sum;
  }
}
