package dev.modelops.metrics;

import dev.modelops.domain.metrics.Block;
import dev.modelops.domain.metrics.MetricBlocks;
import dev.modelops.domain.metrics.Point;
import dev.modelops.domain.metrics.SeriesKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The minutes of series that blocks amount to: a pure function of the blocks, whatever their order. */
final class Fold {

  private final Map<SeriesKey, SortedMap<Long, Aggregate>> minutes = new HashMap<>();
  private final long from;
  private final long to;
  private final @Nullable Set<SeriesKey> only;

  /** @param only the series to fold; null for all */
  private Fold(long from, long to, @Nullable Set<SeriesKey> only) {
    this.from = from;
    this.to = to;
    this.only = only;
  }

  /** Folds the stored blocks of a model and environment, these minutes of them, both included. */
  static Fold of(MetricBlocks blocks, String model, String environment, long from, long to,
      @Nullable Set<SeriesKey> only) {
    Fold fold = new Fold(from, to, only);
    if (from <= to) {
      blocks.read(model, environment, from, to, fold::add);
    }
    return fold;
  }

  private void add(Block block) {
    BlockCodec.decode(block.data()).points().forEach((series, points) -> {
      if (only == null || only.contains(series)) {
        add(series, points);
      }
    });
  }

  private void add(SeriesKey series, List<Point> points) {
    SortedMap<Long, Aggregate> ofSeries = minutes.get(series);
    long minute = Long.MIN_VALUE;
    Aggregate aggregate = null;
    for (Point point : points) {
      long next = Minutes.of(point.time());
      if (next < from || next > to) {
        continue;
      }
      if (aggregate == null || next != minute) {
        if (ofSeries == null) {
          ofSeries = new TreeMap<>();
          minutes.put(series, ofSeries);
        }
        minute = next;
        aggregate = ofSeries.computeIfAbsent(minute, none -> new Aggregate());
      }
      aggregate.add(point.value());
    }
  }

  Set<SeriesKey> series() {
    return minutes.keySet();
  }

  /** The minutes of a series that have points. */
  SortedMap<Long, Aggregate> minutes(SeriesKey series) {
    return minutes.getOrDefault(series, new TreeMap<>());
  }
}
