package dev.modelops.metrics;

import dev.modelops.domain.metrics.RollupKey;
import dev.modelops.domain.metrics.RollupKey.Listed;
import dev.modelops.domain.metrics.Rollups;
import dev.modelops.domain.metrics.Rollups.Cell;
import dev.modelops.domain.metrics.SeriesKey;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Where the open numbers of series stand, and the list of all series: written when a series is first seen in a month. */
final class Placements {

  private static final int MOST_REMEMBERED = 20_000;

  private final Rollups rollups;
  /** What is stored already: a place never changes, so that whoever has seen it need not look again. */
  private final Map<String, Placement> seen = new ConcurrentHashMap<>();

  Placements(Rollups rollups) {
    this.rollups = rollups;
  }

  /**
   * @param arrived the place that each series was given in a month
   * @return the placement of each of them
   */
  Map<SeriesKey, Placement> of(String model, String environment, Map<SeriesKey, Map<YearMonth, Integer>> arrived) {
    if (seen.size() > MOST_REMEMBERED) {
      seen.clear();
    }
    Map<SeriesKey, RollupKey> unseen = new HashMap<>();
    arrived.forEach((series, places) -> {
      String id = series.id(model, environment);
      Placement known = seen.get(id);
      if (known == null || !known.places().keySet().containsAll(places.keySet())) {
        unseen.put(series, new RollupKey.Placement(id));
      }
    });
    Map<RollupKey, Cell> cells = unseen.isEmpty() ? Map.of() : rollups.getAll(unseen.values());
    // A batch may bring a thousand, and polls wait for it.
    Repeat.forEach(unseen.entrySet(), entry -> {
      SeriesKey series = entry.getKey();
      seen.put(series.id(model, environment), place(model, environment, series, arrived.getOrDefault(series, Map.of()),
          Optional.ofNullable(cells.get(entry.getValue()))));
    });
    Map<SeriesKey, Placement> placements = new HashMap<>();
    arrived.keySet().forEach(
        series -> placements.put(series, seen.getOrDefault(series.id(model, environment), Placement.NONE)));
    return placements;
  }

  private Placement place(String model, String environment, SeriesKey series, Map<YearMonth, Integer> places,
      Optional<Cell> cell) {
    String id = series.id(model, environment);
    if (cell.isEmpty()) {
      // The list first: a series with a placement is listed.
      rollups.put(new Listed(model, environment, id), 0,
          Envelope.seal('N', 1, SeriesWords.write(List.of(series))), null);
    }
    Placement before = cell.map(found -> Placement.decode(found.data())).orElse(Placement.NONE);
    Placement after = before;
    for (Map.Entry<YearMonth, Integer> place : places.entrySet()) {
      after = after.with(place.getKey(), place.getValue());
    }
    if (!after.equals(before)
        && !rollups.put(new RollupKey.Placement(id), cell.map(Cell::rev).orElse(0L), after.encode(), null)) {
      return place(model, environment, series, places, rollups.get(new RollupKey.Placement(id)));
    }
    return after;
  }

  /** The series of a list entry. */
  static SeriesKey listed(Cell cell) {
    List<SeriesKey> series = SeriesWords.read(Envelope.open('N', 1, cell.data()));
    if (series.size() != 1) {
      throw new CorruptData("A list entry of " + series.size() + " series", null);
    }
    return series.getFirst();
  }
}
