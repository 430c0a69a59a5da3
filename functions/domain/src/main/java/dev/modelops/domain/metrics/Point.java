package dev.modelops.domain.metrics;

/**
 * One measurement. Millions of them pass through, so the time is a number here and nowhere else.
 *
 * @param time milliseconds since 1970-01-01T00:00:00Z
 * @param value finite
 */
public record Point(long time, double value) implements Comparable<Point> {

  public Point {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("A point's value is finite, not " + value);
    }
  }

  /** By time, then by value: the order in which blocks hold them. */
  @Override
  public int compareTo(Point other) {
    int byTime = Long.compare(time, other.time);
    return byTime == 0 ? Double.compare(value, other.value) : byTime;
  }
}
