package dev.modelops.domain.metrics;

import java.util.regex.Pattern;

/** What is measured: a letter or underscore, then letters, digits and {@code _ . : / -}, at most 100 characters. */
public record MetricName(String value) implements Comparable<MetricName> {

  /** The pattern that the contract states too. */
  public static final String PATTERN = "^[A-Za-z_][A-Za-z0-9_.:/-]{0,99}$";

  private static final Pattern LEGAL = Pattern.compile(PATTERN);

  /** @throws IllegalArgumentException when it is not legal; requests are judged by {@link BatchRules} before */
  public MetricName {
    if (!legal(value)) {
      throw new IllegalArgumentException("Not a metric name: " + value);
    }
  }

  static boolean legal(String value) {
    return LEGAL.matcher(value).matches();
  }

  @Override
  public int compareTo(MetricName other) {
    return value.compareTo(other.value);
  }
}
