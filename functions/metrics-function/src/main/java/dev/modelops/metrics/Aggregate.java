package dev.modelops.metrics;

import dev.modelops.domain.metrics.Summary;
import java.lang.foreign.MemorySegment;
import org.apache.datasketches.common.SketchesArgumentException;
import org.apache.datasketches.kll.KllDoublesSketch;
import org.apache.datasketches.quantilescommon.QuantileSearchCriteria;

/**
 * All that must be known of some points of a series to merge them with others: count, extremes and sum exactly, and a
 * KLL sketch for quantiles. Merging is associative and commutative; for the sketch, within its error: KLL tosses coins
 * once it holds more than {@value #K} points. Not thread-safe.
 */
final class Aggregate {

  /** The sketch's accuracy: exact up to so many points, then a rank error of 1.33 % with 99 % confidence. */
  static final int K = 200;

  private static final double[] RANKS = {0.5, 0.95, 0.99};
  private static final int EIGHT = 8;

  private long count;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private ExactSum sum = new ExactSum();
  private KllDoublesSketch sketch = KllDoublesSketch.newHeapInstance(K);

  void add(double value) {
    count++;
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum.add(value);
    sketch.update(value);
  }

  void add(Aggregate other) {
    if (other.count == 0) {
      return;
    }
    count += other.count;
    min = Math.min(min, other.min);
    max = Math.max(max, other.max);
    sum.add(other.sum);
    sketch.merge(other.sketch);
  }

  Aggregate copy() {
    Aggregate copy = new Aggregate();
    copy.add(this);
    return copy;
  }

  boolean isEmpty() {
    return count == 0;
  }

  long count() {
    return count;
  }

  /** @throws IllegalStateException when it is empty */
  Summary summary() {
    if (count == 0) {
      throw new IllegalStateException("No points");
    }
    double[] quantiles = sketch.getQuantiles(RANKS, QuantileSearchCriteria.INCLUSIVE);
    return new Summary(count, min, max, sum.dividedBy(count), quantiles[0], quantiles[1], quantiles[2]);
  }

  void write(ByteSink out) {
    out.varint(count);
    if (count == 0) {
      return;
    }
    out.fixed(Double.doubleToRawLongBits(min)).fixed(Double.doubleToRawLongBits(max));
    sum.write(out);
    out.section(transposed(sketch.toByteArray(), true));
  }

  static Aggregate read(ByteSource in) {
    Aggregate read = new Aggregate();
    read.count = in.varint();
    if (read.count == 0) {
      return read;
    }
    read.min = Double.longBitsToDouble(in.fixed());
    read.max = Double.longBitsToDouble(in.fixed());
    read.sum = ExactSum.read(in);
    try {
      read.sketch = KllDoublesSketch.heapify(MemorySegment.ofArray(transposed(in.section(), false)));
    } catch (SketchesArgumentException | IndexOutOfBoundsException | NegativeArraySizeException e) {
      throw new CorruptData("Not a sketch", e);
    }
    return read;
  }

  /**
   * The first bytes of all eights first, then all second bytes: levels of a sketch are sorted, so that neighbours share
   * their leading bytes, and these deflate. What does not fill eight bytes stays at the end.
   */
  private static byte[] transposed(byte[] bytes, boolean forth) {
    byte[] turned = bytes.clone();
    int rows = bytes.length / EIGHT;
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < EIGHT; column++) {
        int eights = row * EIGHT + column;
        int planes = column * rows + row;
        if (forth) {
          turned[planes] = bytes[eights];
        } else {
          turned[eights] = bytes[planes];
        }
      }
    }
    return turned;
  }
}
