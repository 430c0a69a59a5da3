package dev.modelops.metrics;

import dev.modelops.domain.metrics.Block;
import dev.modelops.domain.metrics.MetricBlocks;
import dev.modelops.domain.metrics.RollupKey;
import dev.modelops.domain.metrics.RollupKey.Open;
import dev.modelops.domain.metrics.Rollups;
import dev.modelops.domain.metrics.Rollups.Cell;
import dev.modelops.domain.metrics.SeriesKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Collection;
import java.util.HashMap;
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
import java.util.stream.Collectors;

/**
 * Brings the roll-ups up to date with blocks that have arrived. The blocks that are handed over only say where to look:
 * every bucket is made of all stored blocks, once per call however many blocks touch it. So blocks may be handed over in
 * any order and any number of times. Open minutes go to open pages, minutes behind the fence to their closed quarters.
 */
final class RollupStep {

  private static final Duration OPEN_PAGES_KEPT = Duration.ofDays(2);

  private final MetricBlocks blocks;
  private final Rollups rollups;
  private final Retention retention;
  private final Clock clock;
  private final Watermarks watermarks;
  private final Placements placements;
  private final Totals totals;
  private final ClosedMinutes closedMinutes;
  private final ClosedHours closedHours;

  RollupStep(MetricBlocks blocks, Rollups rollups, Retention retention, Clock clock) {
    this.blocks = blocks;
    this.rollups = rollups;
    this.retention = retention;
    this.clock = clock;
    watermarks = new Watermarks(rollups, clock);
    placements = new Placements(rollups);
    totals = new Totals(rollups);
    closedMinutes = new ClosedMinutes(blocks, rollups, retention, clock);
    closedHours = new ClosedHours(rollups, retention, clock);
  }

  private record Place(String model, String environment) {}

  /** What some blocks of one model and environment touch: minutes by series, and the places of the series. */
  private record Touched(String model, String environment, Map<SeriesKey, SortedSet<Long>> minutes,
      Map<SeriesKey, Map<YearMonth, Integer>> places) {

    String id(SeriesKey series) {
      return series.id(model, environment);
    }
  }

  /** Returns when every bucket that these blocks touch is up to date with them. */
  void apply(Collection<Block> arrived) {
    Map<Place, List<Block>> byPlace = arrived.stream()
        .collect(Collectors.groupingBy(block -> new Place(block.model(), block.environment())));
    Repeat.forEach(byPlace.entrySet(), entry -> {
      Touched touched = touched(entry.getKey(), entry.getValue());
      if (!touched.minutes().isEmpty()) {
        Repeat.until("open minutes of " + touched.model(), () -> attempt(touched));
      }
    });
  }

  /** Before a snapshot. */
  void prime() {
    Priming.Held held = Priming.held(clock.instant());
    Fold.of(blocks, Priming.NOBODY, Priming.ENVIRONMENT, 0, 0, null);
    new RollupStep(held, rollups, retention, clock).apply(List.of(held.block()));
  }

  private Touched touched(Place place, List<Block> arrived) {
    Map<SeriesKey, SortedSet<Long>> minutes = new TreeMap<>();
    Map<SeriesKey, Map<YearMonth, Integer>> places = new HashMap<>();
    for (Block block : arrived) {
      BlockCodec.Decoded decoded = BlockCodec.decode(block.data());
      decoded.points().forEach((series, points) -> points.forEach(point -> {
        long minute = Minutes.of(point.time());
        if (retention.recomputable(minute, clock.instant())) {
          minutes.computeIfAbsent(series, none -> new TreeSet<>()).add(minute);
        }
      }));
      YearMonth month = Minutes.month(block.lastMinute());
      decoded.places().forEach((series, at) -> places.computeIfAbsent(series, none -> new TreeMap<>()).put(month, at));
    }
    places.keySet().retainAll(minutes.keySet());
    return new Touched(place.model(), place.environment(), minutes, places);
  }

  private boolean attempt(Touched touched) {
    Watermark watermark = watermarks.awake(touched.model(), touched.environment());
    Map<SeriesKey, Placement> placed = placements.of(touched.model(), touched.environment(), touched.places());
    Totals.View view = totals.under(touched.model(), touched.environment(), watermark);
    late(touched, watermark, view);
    boolean written = open(touched, watermark, placed, view);
    return written && stillStands(touched, watermark);
  }

  /** Minutes behind the fence: their quarters are made anew; what they belong to follows. */
  private void late(Touched touched, Watermark watermark, Totals.View view) {
    Map<Long, Set<SeriesKey>> byQuarter = new TreeMap<>();
    touched.minutes().forEach((series, minutes) -> minutes.headSet(watermark.fence() + 1)
        .forEach(minute -> byQuarter.computeIfAbsent(Minutes.quarter(minute), none -> new HashSet<>()).add(series)));
    Repeat.forEach(byQuarter.entrySet(), entry -> closedMinutes.recompute(touched.model(), touched.environment(),
        entry.getKey(), entry.getValue(), watermark.fence()));
    Map<Long, Set<String>> byHour = new TreeMap<>();
    byQuarter.forEach((quarter, series) -> series.forEach(one -> byHour
        .computeIfAbsent(quarter / Minutes.QUARTERS_IN_HOUR, none -> new TreeSet<>()).add(touched.id(one))));
    byHour.forEach((hour, series) -> {
      if (watermark.closedHour(hour)) {
        Repeat.forEach(series, one -> closedHours.recompute(one, hour));
        return;
      }
      closedMinutes.remember(touched.model(), touched.environment(), hour, series);
      if (watermark.fencesHour(hour)) {
        watermarks.disturb(touched.model(), touched.environment());
      }
    });
    // After all writes and before blocks are read again: whoever used what was remembered until now read blocks earlier.
    byQuarter.forEach((quarter, series) -> series.forEach(one -> view.forget(touched.id(one), quarter)));
  }

  /** Everything that is still open: minutes, and the hours and days that any of the points fell into. */
  private boolean open(Touched touched, Watermark watermark, Map<SeriesKey, Placement> placed, Totals.View view) {
    Map<Open, Map<SeriesKey, Long>> pages = pages(touched, watermark, placed);
    Map<SeriesKey, SortedSet<Long>> hours = openHours(touched, watermark);
    if (hours.isEmpty()) {
      return true;
    }
    // The pages first, then the blocks: see ClosedMinutes.
    Map<RollupKey, Cell> before = pages.isEmpty() ? Map.of() : rollups.getAll(pages.keySet());
    long last = hours.values().stream().mapToLong(SortedSet::last).max().orElseThrow();
    Fold fold = Fold.of(blocks, touched.model(), touched.environment(), watermark.done() + 1,
        Minutes.lastOfDay(last), hours.keySet());
    view.load(hours.keySet().stream().map(touched::id).toList(),
        hours.values().stream().flatMap(SortedSet::stream).collect(Collectors.toCollection(TreeSet::new)));
    Map<SeriesKey, SortedMap<Long, ClosedMinutes.Tail>> tails = new HashMap<>();
    hours.forEach((series, open) -> {
      SortedMap<Long, ClosedMinutes.Tail> ofSeries = new TreeMap<>();
      open.forEach(hour -> ofSeries.put(hour, view.of(touched.id(series), hour, fold.minutes(series))));
      tails.put(series, ofSeries);
    });
    carry(touched, watermark, tails);
    Set<Open> lost = ConcurrentHashMap.newKeySet();
    Repeat.forEach(pages.entrySet(), page -> {
      if (!write(touched, page.getKey(), page.getValue(), Optional.ofNullable(before.get(page.getKey())), fold,
          tails)) {
        lost.add(page.getKey());
      }
    });
    return lost.isEmpty();
  }

  /** The open pages that the points fall into, and which series of each in which minute. */
  private static Map<Open, Map<SeriesKey, Long>> pages(Touched touched, Watermark watermark,
      Map<SeriesKey, Placement> placed) {
    Map<Open, Map<SeriesKey, Long>> pages = new HashMap<>();
    touched.minutes().forEach((series, minutes) -> minutes.tailSet(watermark.fence() + 1).forEach(minute -> {
      int page = placed.getOrDefault(series, Placement.NONE).page(minute);
      pages.computeIfAbsent(new Open(touched.model(), touched.environment(), page, minute), none -> new TreeMap<>())
          .put(series, minute);
    }));
    return pages;
  }

  /** The open hours whose numbers, or whose day's, the points change. */
  private static Map<SeriesKey, SortedSet<Long>> openHours(Touched touched, Watermark watermark) {
    Map<SeriesKey, SortedSet<Long>> hours = new TreeMap<>();
    touched.minutes().forEach((series, minutes) -> minutes.forEach(minute -> {
      long hour = Minutes.hour(minute <= watermark.fence() ? carrier(minute, watermark) : minute);
      if (!watermark.closedHour(hour)) {
        hours.computeIfAbsent(series, none -> new TreeSet<>()).add(hour);
      }
    }));
    return hours;
  }

  /**
   * The minute whose pack carries the hour and day that a late minute belongs to: itself while its hour is open. When
   * its hour is closed but not its day, the first minute that is not closed, where polls look for the day. Else any.
   */
  private static long carrier(long minute, Watermark watermark) {
    long open = watermark.done() + 1;
    return watermark.closedHour(Minutes.hour(minute)) && Minutes.day(minute) == Minutes.day(open) ? open : minute;
  }

  /** Late minutes have no open page to carry their hour and day: a pack does. */
  private void carry(Touched touched, Watermark watermark, Map<SeriesKey, SortedMap<Long, ClosedMinutes.Tail>> tails) {
    touched.minutes().forEach((series, minutes) -> {
      SortedSet<Long> quarters = new TreeSet<>();
      minutes.headSet(watermark.fence() + 1)
          .forEach(minute -> quarters.add(Minutes.quarter(carrier(minute, watermark))));
      SortedMap<Long, ClosedMinutes.Tail> ofSeries = tails.getOrDefault(series, new TreeMap<>());
      quarters.forEach(quarter -> {
        ClosedMinutes.Tail tail = ofSeries.get(quarter / Minutes.QUARTERS_IN_HOUR);
        if (tail != null) {
          closedMinutes.carry(touched.id(series), quarter, tail);
        }
      });
    });
  }

  private boolean write(Touched touched, Open key, Map<SeriesKey, Long> series, Optional<Cell> before, Fold fold,
      Map<SeriesKey, SortedMap<Long, ClosedMinutes.Tail>> tails) {
    SortedMap<Long, OpenPage.Entry> entries = new TreeMap<>(
        before.map(cell -> OpenPage.decode(cell.data())).orElse(OpenPage.EMPTY).entries());
    series.forEach((one, minute) -> {
      Aggregate aggregate = fold.minutes(one).get(minute);
      ClosedMinutes.Tail tail = tails.getOrDefault(one, new TreeMap<>()).get(Minutes.hour(minute));
      if (aggregate != null && tail != null && tail.hour() != null && tail.day() != null) {
        entries.put(OpenPage.shortId(touched.id(one)),
            new OpenPage.Entry(aggregate.summary(), tail.hour(), tail.day()));
      }
    });
    Instant until = Minutes.start(key.minute()).plus(OPEN_PAGES_KEPT);
    return rollups.put(key, before.map(Cell::rev).orElse(0L), new OpenPage(entries).encode(), until);
  }

  /** Whether nothing that was taken for open has been closed meanwhile: otherwise all is done again, as late. */
  private boolean stillStands(Touched touched, Watermark before) {
    Optional<Watermark> now = watermarks.current(touched.model(), touched.environment());
    if (now.isEmpty()) {
      return false;
    }
    long fence = now.get().fence();
    return touched.minutes().values().stream().flatMap(SortedSet::stream)
        .allMatch(minute -> minute <= before.fence() == minute <= fence
            && before.fencesHour(Minutes.hour(minute)) == now.get().fencesHour(Minutes.hour(minute))
            && before.closedHour(Minutes.hour(minute)) == now.get().closedHour(Minutes.hour(minute)));
  }
}
