package dev.modelops.domain.metrics;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;

/** One series of a model in an environment: a metric of a version, with its labels. */
public record SeriesKey(int version, MetricName metric, Labels labels) implements Comparable<SeriesKey> {

  private static final int ID_BYTES = 16;

  public SeriesKey {
    if (version < 1) {
      throw new IllegalArgumentException("Versions are numbered from 1");
    }
  }

  /**
   * The series' name in the store: 128 bits of SHA-256 over model, environment and key, as 22 characters of base64url.
   * Whoever knows the series can compute it, so that a poll looks nothing up.
   */
  public String id(String model, String environment) {
    byte[] text = (model.toLowerCase(Locale.ROOT) + '\n' + environment + '\n' + canonical())
        .getBytes(StandardCharsets.UTF_8);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(sha256(text), ID_BYTES));
  }

  /** Names and values cannot hold line ends: equal texts are equal series, and only those. */
  String canonical() {
    StringBuilder text = new StringBuilder().append(version).append('\n').append(metric.value());
    labels.values().forEach((name, value) -> text.append('\n').append(name).append('=').append(value));
    return text.toString();
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  @Override
  public int compareTo(SeriesKey other) {
    int by = metric.compareTo(other.metric);
    if (by == 0) {
      by = Integer.compare(version, other.version);
    }
    return by == 0 ? canonical().compareTo(other.canonical()) : by;
  }
}
