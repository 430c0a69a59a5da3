package dev.modelops.bench;

import java.util.Arrays;
import java.util.Locale;

/** Several measurements of one thing. */
record Figures(double... values) {
  double median() {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** The median, and in brackets the least and the most. */
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.0f (%.0f-%.0f)", median(), Arrays.stream(values).min().orElse(0),
        Arrays.stream(values).max().orElse(0));
  }
}
