package dev.modelops.metrics;

import dagger.Module;
import dagger.Provides;
import dev.modelops.domain.metrics.BatchRules;
import dev.modelops.domain.metrics.MetricBlocks;
import dev.modelops.domain.metrics.Rollups;
import dev.modelops.domain.metrics.SeriesCatalog;
import dev.modelops.domain.registry.Heads;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/** What the functions of this module are made of. Limits come from the function's environment. */
@Module
interface Wiring {

  @Provides
  static Retention retention(Map<String, String> env) {
    return new Retention(Duration.parse(env.getOrDefault("BLOCK_RETENTION", "P30D")),
        Duration.parse(env.getOrDefault("HOUR_RETENTION", "P456D")));
  }

  @Provides
  @Singleton
  static IntakeResource intake(Heads heads, Existing existing, MetricBlocks blocks, SeriesCatalog catalog,
      Map<String, String> env) {
    return new IntakeResource(heads, existing, blocks,
        new Catalog(catalog, Integer.parseInt(env.getOrDefault("SERIES_LIMIT", "1000"))),
        new BatchRules(Duration.parse(env.getOrDefault("METRIC_WINDOW", "P7D")), BatchRules.AHEAD));
  }

  @Provides
  @Singleton
  static SeriesResource series(Heads heads, Existing existing, Rollups rollups, Clock clock) {
    return new SeriesResource(heads, existing, rollups, new SeriesReader(rollups, clock));
  }

  @Provides
  @Singleton
  static RollupStep rollup(MetricBlocks blocks, Rollups rollups, Retention retention, Clock clock) {
    return new RollupStep(blocks, rollups, retention, clock);
  }

  @Provides
  @Singleton
  static MinuteCloseStep minuteClose(MetricBlocks blocks, Rollups rollups, Retention retention, Clock clock) {
    return new MinuteCloseStep(blocks, rollups, retention, clock);
  }
}
