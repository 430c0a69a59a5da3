package dev.modelops.metrics;

import dev.modelops.domain.metrics.RollupKey;
import dev.modelops.domain.metrics.RollupKey.DaySketch;
import dev.modelops.domain.metrics.RollupKey.QuarterSketch;
import dev.modelops.domain.metrics.Rollups;
import dev.modelops.domain.metrics.Rollups.Cell;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Hours and days that are still open: the sketches of what is closed, and on top the minutes that are not. Sketches are
 * remembered as long as the watermark stands still, so that each is read once a minute at most.
 */
final class Totals {

  private static final int MOST_REMEMBERED = 4_000;

  private final Rollups rollups;
  private final Map<String, Remembered> remembered = new ConcurrentHashMap<>();

  Totals(Rollups rollups) {
    this.rollups = rollups;
  }

  /**
   * Changed and looked at as a whole, under its own lock.
   *
   * @param forgotten counts what was forgotten: whoever read before must not remember what it read
   */
  private record Remembered(Watermark watermark, Map<RollupKey, Optional<Cell>> cells, AtomicLong forgotten) {

    synchronized long copyTo(Map<RollupKey, Optional<Cell>> target) {
      target.putAll(cells);
      return forgotten.get();
    }

    synchronized void add(Map<RollupKey, Optional<Cell>> read, long readAfter) {
      if (forgotten.get() == readAfter) {
        cells.putAll(read);
      }
    }

    synchronized void forget(List<RollupKey> keys) {
      forgotten.incrementAndGet();
      keys.forEach(cells::remove);
    }
  }

  /** The sketches of one model and environment as they are under one watermark. */
  final class View {

    private final String place;
    private final Watermark watermark;
    private final Remembered shared;
    private final Map<RollupKey, Optional<Cell>> cells = new HashMap<>();

    private View(String place, Watermark watermark, Remembered shared) {
      this.place = place;
      this.watermark = watermark;
      this.shared = shared;
    }

    /** Takes what is remembered and reads the rest, for these series in these hours. */
    void load(Collection<String> series, Collection<Long> hours) {
      Set<RollupKey> wanted = new LinkedHashSet<>();
      for (String id : series) {
        for (long hour : hours) {
          openHours(hour).forEach(open -> quarters(id, open).filter(this::begun).forEach(wanted::add));
          wanted.add(new DaySketch(id, Math.floorDiv(hour, 24)));
        }
      }
      long readAfter = shared.copyTo(cells);
      wanted.removeAll(cells.keySet());
      if (!wanted.isEmpty()) {
        Map<RollupKey, Cell> found = rollups.getAll(wanted);
        Map<RollupKey, Optional<Cell>> read = new HashMap<>();
        wanted.forEach(key -> read.put(key, Optional.ofNullable(found.get(key))));
        cells.putAll(read);
        shared.add(read, readAfter);
      }
    }

    /** The series' quarter has been written: what is remembered of it is old. To be called before {@link #load}. */
    void forget(String series, long quarter) {
      List<RollupKey> keys = List.of(new QuarterSketch(series, quarter),
          new DaySketch(series, quarter / (24L * Minutes.QUARTERS_IN_HOUR)));
      shared.forget(keys);
      // The watermark may have moved since this view was made: what is remembered under the new one is as old.
      Remembered current = remembered.get(place);
      if (current != null && current != shared) {
        current.forget(keys);
      }
    }

    /** The hour with its open minutes, and the day up to and with that hour. */
    ClosedMinutes.Tail of(String series, long hour, SortedMap<Long, Aggregate> openMinutes) {
      Aggregate ofHour = hour(series, hour, openMinutes);
      Aggregate ofDay = closedHours(series, Math.floorDiv(hour, 24));
      for (long open : openHours(hour)) {
        ofDay.add(open == hour ? ofHour : hour(series, open, openMinutes));
      }
      return new ClosedMinutes.Tail(ofHour.isEmpty() ? null : ofHour.summary(),
          ofDay.isEmpty() ? null : ofDay.summary());
    }

    /** The hours of a day that are closed. One that is being closed may be in the sketch already, perhaps in part. */
    private Aggregate closedHours(String series, long day) {
      Sketched sketch = Sketched.decode(cell(new DaySketch(series, day)));
      long firstOpen = Minutes.hour(watermark.done() + 1) - day * 24;
      if (firstOpen >= 24 || sketch.parts() >>> Math.max(0, firstOpen) == 0) {
        return sketch.aggregate();
      }
      Aggregate merged = new Aggregate();
      if (firstOpen > 0) {
        long first = day * 24 * Minutes.QUARTERS_IN_HOUR;
        rollups.quarters(series, first, first + firstOpen * Minutes.QUARTERS_IN_HOUR - 1)
            .forEach(quarter -> merged.add(Sketched.decode(quarter.data()).aggregate()));
      }
      return merged;
    }

    private Aggregate hour(String series, long hour, SortedMap<Long, Aggregate> openMinutes) {
      Aggregate merged = new Aggregate();
      quarters(series, hour).forEach(key -> {
        Sketched closed = Sketched.decode(cell(key));
        merged.add(closed.aggregate());
        long first = key.quarter() * RollupKey.MINUTES_PER_PACK;
        openMinutes.subMap(first, first + RollupKey.MINUTES_PER_PACK).forEach((minute, aggregate) -> {
          if (!closed.contains(Minutes.inQuarter(minute))) {
            merged.add(aggregate);
          }
        });
      });
      return merged;
    }

    private Optional<Cell> cell(RollupKey key) {
      return cells.getOrDefault(key, Optional.empty());
    }

    /** The hours of the same day that are not closed, up to one. */
    private List<Long> openHours(long hour) {
      List<Long> open = new ArrayList<>();
      long first = Math.max(Minutes.hour(watermark.done() + 1), Math.floorDiv(hour, 24) * 24);
      for (long one = Math.min(first, hour); one <= hour; one++) {
        open.add(one);
      }
      return open;
    }

    /** Beyond the fence nothing is closed yet: there is no sketch to read. */
    private boolean begun(QuarterSketch key) {
      return key.quarter() * RollupKey.MINUTES_PER_PACK <= watermark.fence();
    }

    private static Stream<QuarterSketch> quarters(String series, long hour) {
      return LongStream.range(0, Minutes.QUARTERS_IN_HOUR)
          .mapToObj(i -> new QuarterSketch(series, hour * Minutes.QUARTERS_IN_HOUR + i));
    }
  }

  View under(String model, String environment, Watermark watermark) {
    String place = model + '\n' + environment;
    if (remembered.size() > MOST_REMEMBERED) {
      remembered.clear();
    }
    Remembered known = remembered.compute(place, (key, before) -> before != null && before.watermark().equals(watermark)
        && before.cells().size() <= MOST_REMEMBERED ? before
            : new Remembered(watermark, new ConcurrentHashMap<>(), new AtomicLong()));
    return new View(place, watermark, known);
  }
}
