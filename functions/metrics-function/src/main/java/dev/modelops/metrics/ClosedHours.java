package dev.modelops.metrics;

import dev.modelops.domain.metrics.RollupKey;
import dev.modelops.domain.metrics.RollupKey.DaySketch;
import dev.modelops.domain.metrics.RollupKey.Pack;
import dev.modelops.domain.metrics.Rollups;
import dev.modelops.domain.metrics.Rollups.Cell;
import dev.modelops.domain.metrics.Step;
import dev.modelops.domain.metrics.Summary;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Closed hours and the days they belong to, made of the sketches of their quarters. Every write is conditional on the
 * cell as it was before its inputs were read, so that of two writers the one that saw more prevails.
 */
final class ClosedHours {

  private static final int IN_DAY = 24;

  private final Rollups rollups;
  private final Retention retention;
  private final Clock clock;

  ClosedHours(Rollups rollups, Retention retention, Clock clock) {
    this.rollups = rollups;
    this.retention = retention;
    this.clock = clock;
  }

  /** Makes one hour of one series anew, and its day. May be called at any time, any number of times. */
  void recompute(String series, long hour) {
    long day = Math.floorDiv(hour, IN_DAY);
    if (retention.recomputable(day * Minutes.IN_DAY, clock.instant())) {
      Repeat.until("hour of " + series, () -> attempt(series, hour, day));
    }
  }

  private boolean attempt(String series, long hour, long day) {
    Pack hours = RollupKey.pack(series, Step.HOUR, hour);
    Pack days = RollupKey.pack(series, Step.DAY, day);
    DaySketch sketch = new DaySketch(series, day);
    Map<RollupKey, Cell> cells = rollups.getAll(List.of(hours, days, sketch));
    Aggregate ofHour = quarters(series, hour);
    if (ofHour.isEmpty()) {
      return true;
    }
    int part = (int) Math.floorMod(hour, (long) IN_DAY);
    Sketched ofDay = Sketched.decode(Optional.ofNullable(cells.get(sketch)));
    ofDay = ofDay.contains(part) ? again(series, day, ofDay.parts()) : ofDay.with(part, ofHour);
    long dayEnd = (day + 1) * Minutes.IN_DAY;
    return put(sketch, cells.get(sketch), ofDay.encode(), retention.minutesUntil(dayEnd))
        && put(hours, cells.get(hours), with(cells.get(hours), part, ofHour.summary()), retention.hoursUntil(dayEnd))
        && put(days, cells.get(days),
            with(cells.get(days), Math.floorMod(day, RollupKey.DAYS_PER_PACK), ofDay.aggregate().summary()), null);
  }

  /** The closed hours of a day, all over: one of them has changed. */
  private Sketched again(String series, long day, long parts) {
    Sketched made = Sketched.empty();
    for (int part = 0; part < IN_DAY; part++) {
      if ((parts >>> part & 1) == 1) {
        made = made.with(part, quarters(series, day * IN_DAY + part));
      }
    }
    return made;
  }

  private Aggregate quarters(String series, long hour) {
    Aggregate merged = new Aggregate();
    long first = hour * Minutes.QUARTERS_IN_HOUR;
    for (Cell cell : rollups.quarters(series, first, first + Minutes.QUARTERS_IN_HOUR - 1)) {
      merged.add(Sketched.decode(cell.data()).aggregate());
    }
    return merged;
  }

  private static byte[] with(@Nullable Cell pack, int offset, Summary summary) {
    return (pack == null ? SummaryPack.EMPTY : SummaryPack.decode(pack.data())).with(offset, summary).encode();
  }

  private boolean put(RollupKey key, @Nullable Cell before, byte[] data, @Nullable Instant expires) {
    return rollups.put(key, before == null ? 0 : before.rev(), data, expires);
  }
}
