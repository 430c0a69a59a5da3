package dev.modelops.metrics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Columns of doubles, bit for bit (−0.0 and subnormals included). Numbers that people and services write, such as 12.34,
 * are integers over a power of ten: those are kept as varints, whole or as differences. Anything else is kept as its
 * eight bytes, the first bytes of all columns' numbers first: neighbours share sign, exponent and leading bits, so that even
 * random numbers of one magnitude deflate by a tenth or more.
 */
final class Doubles {

  private static final int LARGEST_SCALE = 9;
  private static final int DIFFERENCES = 16;
  private static final int RAW = 255;
  private static final double[] POWERS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};
  private static final double LARGEST_INTEGER = 1L << 53;

  private Doubles() {}

  /** Collects columns. Equal columns in equal order give equal bytes. */
  static final class Writer {

    private final ByteSink modes = new ByteSink();
    private final ByteSink integers = new ByteSink();
    private final List<double[]> raw = new ArrayList<>();

    void add(double... values) {
      int scale = scale(values);
      if (scale >= 0) {
        byte[] whole = integers(values, scale, false);
        byte[] differences = integers(values, scale, true);
        boolean asDifferences = differences.length < whole.length;
        byte[] shorter = asDifferences ? differences : whole;
        if (shorter.length < values.length * 8) {
          modes.put(asDifferences ? scale + DIFFERENCES : scale);
          integers.raw(shorter);
          return;
        }
      }
      modes.put(RAW);
      raw.add(values);
    }

    void finish(ByteSink out) {
      double[] all = raw.stream().flatMapToDouble(Arrays::stream).toArray();
      out.section(modes.toBytes()).section(integers.toBytes()).section(planes(all));
    }
  }

  /** Gives the columns back in the order in which they were added. */
  static final class Reader {

    private final ByteSource modes;
    private final ByteSource integers;
    private final double[] raw;
    private int rawAt;

    Reader(ByteSource in) {
      modes = new ByteSource(in.section());
      integers = new ByteSource(in.section());
      raw = fromPlanes(in.section());
    }

    double[] next(int count) {
      int mode = modes.take();
      if (mode == RAW) {
        if (count > raw.length - rawAt) {
          throw new CorruptData("The numbers end too early", null);
        }
        rawAt += count;
        return Arrays.copyOfRange(raw, rawAt - count, rawAt);
      }
      if (mode % DIFFERENCES > LARGEST_SCALE || mode >= 2 * DIFFERENCES) {
        throw new CorruptData("Unknown coding of numbers: " + mode, null);
      }
      return fromIntegers(count, mode % DIFFERENCES, mode >= DIFFERENCES, integers);
    }
  }

  /** The least power of ten that makes integers of all values and gives each of them back bit for bit; −1 if none. */
  private static int scale(double[] values) {
    int scale = 0;
    for (double value : values) {
      while (scale <= LARGEST_SCALE && !exact(value, scale)) {
        scale++;
      }
    }
    // A later value may have raised the scale beyond what an earlier one bears.
    for (double value : values) {
      if (scale > LARGEST_SCALE || !exact(value, scale)) {
        return -1;
      }
    }
    return scale;
  }

  private static boolean exact(double value, int scale) {
    double scaled = Math.rint(value * POWERS[scale]);
    return Math.abs(scaled) <= LARGEST_INTEGER
        && Double.doubleToRawLongBits((long) scaled / POWERS[scale]) == Double.doubleToRawLongBits(value);
  }

  private static byte[] integers(double[] values, int scale, boolean differences) {
    ByteSink out = new ByteSink();
    long before = 0;
    for (double value : values) {
      long integer = (long) Math.rint(value * POWERS[scale]);
      out.zigzag(differences ? integer - before : integer);
      before = integer;
    }
    return out.toBytes();
  }

  private static double[] fromIntegers(int count, int scale, boolean differences, ByteSource in) {
    double[] values = new double[count];
    long before = 0;
    for (int i = 0; i < values.length; i++) {
      before = differences ? before + in.zigzag() : in.zigzag();
      values[i] = before / POWERS[scale];
    }
    return values;
  }

  private static byte[] planes(double[] values) {
    byte[] planes = new byte[values.length * 8];
    for (int i = 0; i < values.length; i++) {
      long bits = Double.doubleToRawLongBits(values[i]);
      for (int plane = 0; plane < 8; plane++) {
        planes[plane * values.length + i] = (byte) (bits >>> (56 - 8 * plane));
      }
    }
    return planes;
  }

  private static double[] fromPlanes(byte[] planes) {
    double[] values = new double[planes.length / 8];
    for (int i = 0; i < values.length; i++) {
      long bits = 0;
      for (int plane = 0; plane < 8; plane++) {
        bits = (bits << 8) | (planes[plane * values.length + i] & 0xff);
      }
      values[i] = Double.longBitsToDouble(bits);
    }
    return values;
  }
}
