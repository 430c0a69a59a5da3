package dev.modelops.metrics;

import dev.modelops.domain.metrics.Batch;
import dev.modelops.domain.metrics.Labels;
import dev.modelops.domain.metrics.MetricName;
import dev.modelops.domain.metrics.Point;
import dev.modelops.domain.metrics.SeriesKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/** Batches to try things on. */
final class Samples {

  /** Far from now, because DynamoDB Local deletes what has expired by its own clock. */
  static final Instant NOW = Instant.parse("2046-11-20T10:20:30Z");

  private Samples() {}

  /** Points spread evenly over series whose labels look like those of real ones. */
  static Batch batch(int series, int points, LongSupplier time, DoubleSupplier value) {
    Map<SeriesKey, List<Point>> all = new TreeMap<>();
    for (int i = 0; i < points; i++) {
      all.computeIfAbsent(series(i % series), none -> new ArrayList<>())
          .add(new Point(time.getAsLong(), value.getAsDouble()));
    }
    return new Batch("card-fraud-eu", "production", all);
  }

  static SeriesKey series(int i) {
    return new SeriesKey(1 + i % 2, new MetricName(i % 3 == 0 ? "prediction_latency_ms" : "score.mean"),
        new Labels(Map.of("country", "C" + i % 10, "segment", "segment-" + i / 10, "host", "ip-10-0-" + i)));
  }

  /** Places 0, 1, 2, … in the order of the batch. */
  static Map<SeriesKey, Integer> places(Batch batch) {
    Map<SeriesKey, Integer> places = new HashMap<>();
    batch.points().keySet().forEach(series -> places.put(series, places.size()));
    return places;
  }

  /** A clock that moves by a step at each reading, and ends at now after so many. */
  static LongSupplier every(Duration step, int readings) {
    long[] next = {NOW.toEpochMilli() - step.toMillis() * readings};
    return () -> next[0] += step.toMillis();
  }
}
