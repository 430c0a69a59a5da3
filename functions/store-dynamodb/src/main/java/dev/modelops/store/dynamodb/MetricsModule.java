package dev.modelops.store.dynamodb;

import dagger.Module;
import dagger.Provides;
import dev.modelops.domain.metrics.MetricBlocks;
import dev.modelops.domain.metrics.Rollups;
import dev.modelops.domain.metrics.SeriesCatalog;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;

/** Provides the metric ports of the domain. Needs {@link DynamoDbModule} beside it. */
@Module
public interface MetricsModule {

  @Provides
  @Singleton
  static MetricBlocks metricBlocks(Dynamo dynamo, Tables tables, Map<String, String> env) {
    return new DynamoMetricBlocks(dynamo, tables, Duration.parse(env.getOrDefault("BLOCK_RETENTION", "P30D")));
  }

  @Provides
  @Singleton
  static SeriesCatalog seriesCatalog(Dynamo dynamo, Tables tables) {
    return new DynamoSeriesCatalog(dynamo, tables);
  }

  @Provides
  @Singleton
  static Rollups rollups(Dynamo dynamo, Tables tables) {
    return new DynamoRollups(dynamo, tables);
  }
}
