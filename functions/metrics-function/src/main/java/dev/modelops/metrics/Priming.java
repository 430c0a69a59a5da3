package dev.modelops.metrics;

import dev.modelops.domain.metrics.Batch;
import dev.modelops.domain.metrics.Block;
import dev.modelops.domain.metrics.Labels;
import dev.modelops.domain.metrics.MetricBlocks;
import dev.modelops.domain.metrics.MetricName;
import dev.modelops.domain.metrics.Point;
import dev.modelops.domain.metrics.SeriesKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * What runs before a snapshot, so that nobody waits for it afterwards: a batch as large as they come, of a model whose
 * name nobody can choose. The store answers what it is asked, and writes nothing by then.
 */
final class Priming {

  /** No model's name begins so. */
  static final String NOBODY = "-";
  static final String ENVIRONMENT = "dev";

  private static final int SERIES = 20;
  private static final int POINTS = 50;

  private Priming() {}

  /** Points of the minutes up to an instant. */
  static Batch batch(Instant last) {
    Map<SeriesKey, List<Point>> points = new TreeMap<>();
    for (int i = 0; i < SERIES; i++) {
      double base = i;
      points.put(new SeriesKey(1, new MetricName("priming_" + i), new Labels(Map.of("host", "host-" + i % 3))),
          IntStream.range(0, POINTS).mapToObj(j -> new Point(last.toEpochMilli() - 2_000L * j, base + j / 7.0))
              .toList());
    }
    return new Batch(NOBODY, ENVIRONMENT, points);
  }

  /** A store that holds the batch and nothing else. */
  static Held held(Instant last) {
    Batch batch = batch(last);
    Map<SeriesKey, Integer> places = new HashMap<>();
    batch.points().keySet().forEach(series -> places.put(series, places.size()));
    return new Held(new Block(NOBODY, ENVIRONMENT, Minutes.of(batch.first()), Minutes.of(batch.last()), batch.digest(),
        BlockCodec.encode(batch, places), NOBODY, NOBODY, last));
  }

  record Held(Block block) implements MetricBlocks {
    @Override
    public Outcome put(Block other) {
      return Outcome.REPLAYED;
    }

    @Override
    public void read(String model, String environment, long fromMinute, long toMinute, Consumer<Block> each) {
      each.accept(block);
    }
  }
}
