package dev.modelops.metrics;

import dev.modelops.domain.metrics.MetricBlocks;
import dev.modelops.domain.metrics.RollupKey;
import dev.modelops.domain.metrics.RollupKey.Active;
import dev.modelops.domain.metrics.RollupKey.Pack;
import dev.modelops.domain.metrics.RollupKey.QuarterSketch;
import dev.modelops.domain.metrics.Rollups;
import dev.modelops.domain.metrics.Rollups.Cell;
import dev.modelops.domain.metrics.SeriesKey;
import dev.modelops.domain.metrics.Step;
import dev.modelops.domain.metrics.Summary;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Closed minutes: per series and quarter of an hour a pack of numbers, and apart from it the sketch of all its closed
 * minutes. A minute that closes is added to the sketch; when points come late, the quarter is made anew from its blocks.
 */
final class ClosedMinutes {

  private final MetricBlocks blocks;
  private final Rollups rollups;
  private final Retention retention;
  private final Clock clock;

  ClosedMinutes(MetricBlocks blocks, Rollups rollups, Retention retention, Clock clock) {
    this.blocks = blocks;
    this.rollups = rollups;
    this.retention = retention;
    this.clock = clock;
  }

  /** Of one series in one quarter: what is stored. */
  private record Quarter(Pack packKey, QuarterSketch sketchKey, @Nullable Cell packCell, @Nullable Cell sketchCell) {

    Sketched sketch() {
      return Sketched.decode(Optional.ofNullable(sketchCell));
    }

    SummaryPack pack() {
      return packCell == null ? SummaryPack.EMPTY : SummaryPack.decode(packCell.data());
    }
  }

  /** The hour and the day of a series, as open pages had them last. */
  record Tail(@Nullable Summary hour, @Nullable Summary day) {
    static final Tail NONE = new Tail(null, null);
  }

  /**
   * Closes minutes that were folded from blocks after their fence stood.
   *
   * @param tails by series and hour
   */
  void close(String model, String environment, Fold fold, long fence, Map<SeriesKey, Map<Long, Tail>> tails) {
    Map<Long, Set<SeriesKey>> byQuarter = new TreeMap<>();
    Map<Long, Set<String>> byHour = new TreeMap<>();
    for (SeriesKey series : fold.series()) {
      for (long minute : fold.minutes(series).keySet()) {
        byQuarter.computeIfAbsent(Minutes.quarter(minute), none -> new HashSet<>()).add(series);
        byHour.computeIfAbsent(Minutes.hour(minute), none -> new HashSet<>()).add(series.id(model, environment));
      }
    }
    byQuarter.forEach((quarter, series) -> {
      Set<SeriesKey> again = add(model, environment, quarter, series, fold, tails);
      if (!again.isEmpty()) {
        recompute(model, environment, quarter, again, fence);
        again.forEach(one -> carry(one.id(model, environment), quarter, tail(tails, one, quarter)));
      }
    });
    byHour.forEach((hour, series) -> remember(model, environment, hour, series));
  }

  /** Adds minutes to their quarters; returns the series whose quarter must be made anew instead. */
  private Set<SeriesKey> add(String model, String environment, long quarter, Set<SeriesKey> series, Fold fold,
      Map<SeriesKey, Map<Long, Tail>> tails) {
    Map<SeriesKey, Quarter> stored = stored(model, environment, quarter, series);
    Set<SeriesKey> again = ConcurrentHashMap.newKeySet();
    Repeat.forEach(series, one -> {
      Quarter before = of(stored, one);
      Sketched sketch = before.sketch();
      Tail tail = tail(tails, one, quarter);
      SummaryPack pack = before.pack().carrying(tail.hour(), tail.day());
      for (Map.Entry<Long, Aggregate> minute : fold.minutes(one).entrySet()) {
        int part = Minutes.inQuarter(minute.getKey());
        if (Minutes.quarter(minute.getKey()) != quarter) {
          continue;
        }
        if (sketch.contains(part)) {
          again.add(one);
          return;
        }
        pack = pack.with(part, minute.getValue().summary());
        sketch = sketch.with(part, minute.getValue());
      }
      if (!write(before, sketch, pack, quarter)) {
        again.add(one);
      }
    });
    return again;
  }

  private static Tail tail(Map<SeriesKey, Map<Long, Tail>> tails, SeriesKey series, long quarter) {
    return tails.getOrDefault(series, Map.of()).getOrDefault(quarter / Minutes.QUARTERS_IN_HOUR, Tail.NONE);
  }

  /**
   * Makes the closed minutes of one quarter anew from all their blocks. May be called at any time, any number of times.
   *
   * @param fence the last minute that counts as closed
   */
  void recompute(String model, String environment, long quarter, Set<SeriesKey> series, long fence) {
    long from = quarter * RollupKey.MINUTES_PER_PACK;
    if (!retention.recomputable(from, clock.instant())) {
      return;
    }
    long last = from + RollupKey.MINUTES_PER_PACK - 1;
    Set<SeriesKey> left = ConcurrentHashMap.newKeySet();
    left.addAll(series);
    Repeat.until("quarter of " + model, () -> {
      // The cells first, then the blocks: whoever wrote a cell before we read it saw no block that we do not see.
      Map<SeriesKey, Quarter> stored = stored(model, environment, quarter, left);
      Fold fold = Fold.of(blocks, model, environment, from, last, Set.copyOf(left));
      Repeat.forEach(List.copyOf(left), one -> {
        if (write(of(stored, one), fold.minutes(one), quarter, fence)) {
          left.remove(one);
        }
      });
      return left.isEmpty();
    });
  }

  private boolean write(Quarter before, SortedMap<Long, Aggregate> minutes, long quarter, long fence) {
    Sketched closed = before.sketch();
    Sketched sketch = Sketched.empty();
    SummaryPack pack = before.pack();
    for (Map.Entry<Long, Aggregate> minute : minutes.entrySet()) {
      int part = Minutes.inQuarter(minute.getKey());
      // The fence may have moved on since we looked: what somebody else has closed stays closed.
      if (minute.getKey() <= fence || closed.contains(part)) {
        pack = pack.with(part, minute.getValue().summary());
        sketch = sketch.with(part, minute.getValue());
      }
    }
    return sketch.parts() == 0 || write(before, sketch, pack, quarter);
  }

  private boolean write(Quarter before, Sketched sketch, SummaryPack pack, long quarter) {
    Instant until = retention.minutesUntil((quarter + 1) * RollupKey.MINUTES_PER_PACK);
    return rollups.put(before.sketchKey(), rev(before.sketchCell()), sketch.encode(), until)
        && rollups.put(before.packKey(), rev(before.packCell()), pack.encode(), until);
  }

  /** Lets a pack carry the hour and day as they are now; what it carries already stays when it has more points. */
  void carry(String series, long quarter, Tail tail) {
    Pack key = new Pack(series, Step.MINUTE, quarter);
    Repeat.until("pack of " + series, () -> {
      Optional<Cell> cell = rollups.get(key);
      SummaryPack before = cell.map(found -> SummaryPack.decode(found.data())).orElse(SummaryPack.EMPTY);
      SummaryPack after = before.carrying(tail.hour(), tail.day());
      return after.equals(before) || rollups.put(key, cell.map(Cell::rev).orElse(0L), after.encode(),
          retention.minutesUntil((quarter + 1) * RollupKey.MINUTES_PER_PACK));
    });
  }

  /** Notes that series had points in an hour, so that the hour finds them when it closes. */
  void remember(String model, String environment, long hour, Collection<String> series) {
    Active key = new Active(model, environment, hour);
    Repeat.until("active series of " + model, () -> {
      Optional<Cell> cell = rollups.get(key);
      SortedSet<String> known = cell.map(found -> active(found.data())).orElseGet(TreeSet::new);
      return !known.addAll(series) || rollups.put(key, cell.map(Cell::rev).orElse(0L), active(known),
          retention.minutesUntil((hour + 1) * Minutes.IN_HOUR));
    });
  }

  /** The series that had points in an hour. */
  SortedSet<String> active(String model, String environment, long hour) {
    return rollups.get(new Active(model, environment, hour)).map(cell -> active(cell.data())).orElseGet(TreeSet::new);
  }

  private static byte[] active(SortedSet<String> series) {
    ByteSink out = new ByteSink().varint(series.size());
    series.forEach(out::string);
    return Envelope.seal('A', 1, out.toBytes());
  }

  private static SortedSet<String> active(byte[] bytes) {
    ByteSource in = new ByteSource(Envelope.open('A', 1, bytes));
    SortedSet<String> series = new TreeSet<>();
    for (int i = in.count(1 << 20); i > 0; i--) {
      series.add(in.string());
    }
    return series;
  }

  private Map<SeriesKey, Quarter> stored(String model, String environment, long quarter, Collection<SeriesKey> series) {
    List<RollupKey> keys = new ArrayList<>();
    for (SeriesKey one : series) {
      String id = one.id(model, environment);
      keys.add(new Pack(id, Step.MINUTE, quarter));
      keys.add(new QuarterSketch(id, quarter));
    }
    Map<RollupKey, Cell> cells = rollups.getAll(keys);
    Map<SeriesKey, Quarter> stored = new TreeMap<>();
    for (SeriesKey one : series) {
      String id = one.id(model, environment);
      Pack pack = new Pack(id, Step.MINUTE, quarter);
      QuarterSketch sketch = new QuarterSketch(id, quarter);
      stored.put(one, new Quarter(pack, sketch, cells.get(pack), cells.get(sketch)));
    }
    return stored;
  }

  private static Quarter of(Map<SeriesKey, Quarter> stored, SeriesKey series) {
    Quarter quarter = stored.get(series);
    if (quarter == null) {
      throw new IllegalStateException("Not asked for: " + series);
    }
    return quarter;
  }

  private static long rev(@Nullable Cell cell) {
    return cell == null ? 0 : cell.rev();
  }
}
