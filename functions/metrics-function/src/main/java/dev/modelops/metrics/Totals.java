package dev.modelops.metrics;

import dev.modelops.domain.metrics.RollupKey;
import dev.modelops.domain.metrics.RollupKey.DaySketch;
import dev.modelops.domain.metrics.RollupKey.QuarterSketch;
import dev.modelops.domain.metrics.Rollups;
import dev.modelops.domain.metrics.Rollups.Cell;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Hours and days that are still open: the sketches of what is closed, and on top the minutes that are not. Sketches are
 * remembered as long as the watermark stands still, so that each is read once a minute at most.
 */
final class Totals {

  private static final int MOST_REMEMBERED = 4_000;
  private static final long NEVER = -1;

  private final Rollups rollups;
  private final Map<String, Remembered> remembered = new ConcurrentHashMap<>();

  Totals(Rollups rollups) {
    this.rollups = rollups;
  }

  /** What is known of one model and environment under one watermark. Guarded by the map: see {@link #locked}. */
  private static final class Remembered {

    private final Watermark watermark;
    private final Map<RollupKey, Optional<Cell>> cells = new HashMap<>();
    /** Counts what was forgotten: whoever read before must not remember what it read. */
    private long forgotten;

    Remembered(Watermark watermark) {
      this.watermark = watermark;
    }
  }

  /**
   * Works on what is remembered now. One that another watermark has replaced is out of reach: nobody would tell it any
   * more what to forget.
   */
  private void locked(String place, Consumer<Remembered> work) {
    remembered.computeIfPresent(place, (same, known) -> {
      work.accept(known);
      return known;
    });
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
          openHours(hour, Minutes.hour(watermark.fence()))
              .forEach(open -> quarters(id, open).filter(this::begun).forEach(wanted::add));
          wanted.add(new DaySketch(id, Math.floorDiv(hour, 24)));
        }
      }
      long[] readAfter = {NEVER};
      locked(place, known -> {
        if (known == shared) {
          readAfter[0] = known.forgotten;
          wanted.forEach(key -> Optional.ofNullable(known.cells.get(key)).ifPresent(cell -> cells.put(key, cell)));
        }
      });
      wanted.removeAll(cells.keySet());
      if (!wanted.isEmpty()) {
        Map<RollupKey, Cell> found = rollups.getAll(wanted);
        wanted.forEach(key -> cells.put(key, Optional.ofNullable(found.get(key))));
        locked(place, known -> {
          if (known == shared && known.forgotten == readAfter[0]) {
            wanted.forEach(key -> known.cells.put(key, cell(key)));
          }
        });
      }
    }

    /** The series' quarter has been written: what is remembered of it is old. To be called before {@link #load}. */
    void forget(String series, long quarter) {
      locked(place, known -> {
        known.forgotten++;
        known.cells.remove(new QuarterSketch(series, quarter));
        known.cells.remove(new DaySketch(series, quarter / (24L * Minutes.QUARTERS_IN_HOUR)));
      });
    }

    /** The hour with its open minutes, and its day with all open minutes: whoever counted last counted everything. */
    ClosedMinutes.Tail of(String series, long hour, SortedMap<Long, Aggregate> openMinutes) {
      Aggregate ofHour = hour(series, hour, openMinutes);
      Aggregate ofDay = closedHours(series, Math.floorDiv(hour, 24));
      long last = Math.max(Minutes.hour(watermark.fence()),
          openMinutes.isEmpty() ? hour : Minutes.hour(openMinutes.lastKey()));
      for (long open : openHours(hour, last)) {
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

    /** The hours of the same day that are not closed, up to the last that may have points: always with the hour itself. */
    private List<Long> openHours(long hour, long last) {
      long day = Math.floorDiv(hour, 24);
      long from = Math.min(Math.max(Minutes.hour(watermark.done() + 1), day * 24), hour);
      return LongStream.rangeClosed(from, Math.max(hour, Math.min(last, day * 24 + 23))).boxed().toList();
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
    Remembered known = remembered.compute(place,
        (same, before) -> before != null && before.watermark.equals(watermark)
            && before.cells.size() <= MOST_REMEMBERED ? before : new Remembered(watermark));
    return new View(place, watermark, known);
  }
}
