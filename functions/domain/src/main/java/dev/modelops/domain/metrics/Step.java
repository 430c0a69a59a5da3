package dev.modelops.domain.metrics;

import java.time.Duration;
import java.util.Optional;

/** The length of a roll-up's bucket. Buckets begin at whole UTC minutes, hours and days. */
public enum Step {
  MINUTE("1m", Duration.ofMinutes(1)),
  HOUR("1h", Duration.ofHours(1)),
  DAY("1d", Duration.ofDays(1));

  private final String wire;
  private final Duration length;

  Step(String wire, Duration length) {
    this.wire = wire;
    this.length = length;
  }

  public String wire() {
    return wire;
  }

  public Duration length() {
    return length;
  }

  /** The number of the bucket that a time falls into, counted from 1970. */
  public long bucket(long millis) {
    return Math.floorDiv(millis, length.toMillis());
  }

  /** When the bucket begins, in milliseconds. */
  public long start(long bucket) {
    return bucket * length.toMillis();
  }

  public static Optional<Step> of(String wire) {
    for (Step step : values()) {
      if (step.wire.equals(wire)) {
        return Optional.of(step);
      }
    }
    return Optional.empty();
  }
}
