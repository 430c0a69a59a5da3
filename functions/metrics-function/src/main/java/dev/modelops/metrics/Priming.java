package dev.modelops.metrics;

import dev.modelops.domain.metrics.Batch;
import dev.modelops.domain.metrics.Labels;
import dev.modelops.domain.metrics.MetricBlocks;
import dev.modelops.domain.metrics.MetricName;
import dev.modelops.domain.metrics.Point;
import dev.modelops.domain.metrics.RollupKey;
import dev.modelops.domain.metrics.Rollups;
import dev.modelops.domain.metrics.SeriesKey;
import dev.modelops.domain.metrics.Summary;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What runs before a snapshot, so that nobody waits for it afterwards: codecs on one point, and reads of a model whose
 * name nobody can choose. Writes nothing.
 */
final class Priming {

  /** No model's name begins so. */
  static final String NOBODY = "-";
  static final String ENVIRONMENT = "dev";

  private static final SeriesKey SERIES = new SeriesKey(1, new MetricName("priming"), new Labels(Map.of()));

  private Priming() {}

  /** From a block to the numbers that polls read. */
  static void rollup(MetricBlocks blocks, Rollups rollups) {
    Batch batch = new Batch(NOBODY, ENVIRONMENT, Map.of(SERIES, List.of(new Point(0, 1.5))));
    BlockCodec.decode(BlockCodec.encode(batch, Map.of(SERIES, 0)));
    Aggregate aggregate = new Aggregate();
    aggregate.add(1.5);
    Summary summary = aggregate.summary();
    OpenPage page = new OpenPage(new TreeMap<>(Map.of(0L, new OpenPage.Entry(summary, summary, summary))));
    OpenPage.decode(page.encode());
    Fold.of(blocks, NOBODY, ENVIRONMENT, 0, 0, null);
    rollups.getAll(List.of(new RollupKey.Watermark(NOBODY, ENVIRONMENT)));
  }
}
