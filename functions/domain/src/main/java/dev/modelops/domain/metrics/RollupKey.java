package dev.modelops.domain.metrics;

/** The kinds of cells that roll-ups are kept in. Times are counted from 1970 in the unit that the name says. */
public sealed interface RollupKey {

  /** How far the minutes of a model and environment are closed; exists while some are open. */
  record Watermark(String model, String environment) implements RollupKey {}

  /** The open numbers of up to {@link #SERIES_PER_PAGE} series in one minute. */
  record Open(String model, String environment, int page, long minute) implements RollupKey {}

  /** The numbers of a run of closed buckets of one series. */
  record Pack(String series, Step step, long run) implements RollupKey {}

  /** Where the open numbers of a series are found. */
  record Placement(String series) implements RollupKey {}

  /** The sketch of the closed minutes of a quarter of an hour of one series. */
  record QuarterSketch(String series, long quarter) implements RollupKey {}

  /** The sketch of the closed hours of a day of one series. */
  record DaySketch(String series, long day) implements RollupKey {}

  /** Which series had points in an hour. */
  record Active(String model, String environment, long hour) implements RollupKey {}

  /** That a series exists, and what it is. */
  record Listed(String model, String environment, String series) implements RollupKey {}

  /** Open numbers of this many series share a cell: one to two write units on ordinary numbers. */
  int SERIES_PER_PAGE = 12;

  /** Minutes of one pack, and of one sketch: a pack fits one write unit whatever the numbers are. */
  int MINUTES_PER_PACK = 15;

  int HOURS_PER_PACK = 24;

  int DAYS_PER_PACK = 32;

  /** How many buckets of the step one pack holds. */
  static int perPack(Step step) {
    return switch (step) {
      case MINUTE -> MINUTES_PER_PACK;
      case HOUR -> HOURS_PER_PACK;
      case DAY -> DAYS_PER_PACK;
    };
  }

  /** The pack that holds a bucket. */
  static Pack pack(String series, Step step, long bucket) {
    return new Pack(series, step, Math.floorDiv(bucket, perPack(step)));
  }
}
