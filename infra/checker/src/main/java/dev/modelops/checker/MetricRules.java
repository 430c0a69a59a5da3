package dev.modelops.checker;

import dev.modelops.domain.metrics.RollupKey;
import dev.modelops.store.dynamodb.Layout;
import dev.modelops.store.dynamodb.Layout.Table;

/** Metrics. What is in blocks and cells is known to the metric functions alone; here it is looked at whose they are. */
final class MetricRules {

  private MetricRules() {}

  static void model(String model, View view, Findings findings) {
    findings.expect(!view.item(Table.RECORDS, Layout.head(model)).isEmpty(), Rule.METRICS,
        "is of the model %s, which is not there", model);
  }

  static void rollup(RollupKey key, View view, Findings findings) {
    switch (key) {
      case RollupKey.Watermark of -> model(of.model(), view, findings);
      case RollupKey.Open of -> model(of.model(), view, findings);
      case RollupKey.Active of -> model(of.model(), view, findings);
      case RollupKey.Listed of -> model(of.model(), view, findings);
      case RollupKey.Pack of -> {
      }
      case RollupKey.Placement of -> {
      }
      case RollupKey.QuarterSketch of -> {
      }
      case RollupKey.DaySketch of -> {
      }
    }
  }
}
