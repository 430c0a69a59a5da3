package dev.modelops.metrics;

import java.time.Duration;
import java.time.Instant;

/**
 * How long things are kept.
 *
 * @param blocks blocks, minutes and the sketches that hours are made of
 * @param hours hours; days are kept for ever
 */
record Retention(Duration blocks, Duration hours) {

  private static final Duration MARGIN = Duration.ofDays(1);

  /** Whether everything that a bucket is made of is surely still there: if not, the bucket stays as it is. */
  boolean recomputable(long firstMinute, Instant now) {
    return Minutes.start(firstMinute).isAfter(now.minus(blocks).plus(MARGIN));
  }

  /** When what belongs to the time before this minute may be forgotten. */
  Instant minutesUntil(long minute) {
    return Minutes.start(minute).plus(blocks);
  }

  Instant hoursUntil(long minute) {
    return Minutes.start(minute).plus(hours);
  }
}
