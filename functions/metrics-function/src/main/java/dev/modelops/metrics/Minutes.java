package dev.modelops.metrics;

import dev.modelops.domain.metrics.RollupKey;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;

/** Reckoning with whole minutes since 1970. */
final class Minutes {

  /** A minute closes when it has been over for so long: batches of the last minute still find it open. */
  static final Duration GRACE = Duration.ofSeconds(60);

  static final int IN_HOUR = 60;
  static final int IN_DAY = 24 * IN_HOUR;
  static final int QUARTERS_IN_HOUR = IN_HOUR / RollupKey.MINUTES_PER_PACK;

  private static final long MILLIS = 60_000;

  private Minutes() {}

  static long of(long millis) {
    return Math.floorDiv(millis, MILLIS);
  }

  static long of(Instant time) {
    return of(time.toEpochMilli());
  }

  static Instant start(long minute) {
    return Instant.ofEpochMilli(minute * MILLIS);
  }

  static long quarter(long minute) {
    return Math.floorDiv(minute, RollupKey.MINUTES_PER_PACK);
  }

  static int inQuarter(long minute) {
    return Math.floorMod(minute, RollupKey.MINUTES_PER_PACK);
  }

  static long hour(long minute) {
    return Math.floorDiv(minute, IN_HOUR);
  }

  static long day(long minute) {
    return Math.floorDiv(minute, IN_DAY);
  }

  static long lastOfHour(long hour) {
    return hour * IN_HOUR + IN_HOUR - 1;
  }

  /** The last minute of the day of an hour. */
  static long lastOfDay(long hour) {
    return (Math.floorDiv(hour, IN_DAY / IN_HOUR) + 1) * IN_DAY - 1;
  }

  /** The last minute that may be closed at a time. */
  static long closable(Instant now) {
    return of(now.minus(GRACE)) - 1;
  }

  static YearMonth month(long minute) {
    return YearMonth.from(start(minute).atZone(ZoneOffset.UTC));
  }
}
