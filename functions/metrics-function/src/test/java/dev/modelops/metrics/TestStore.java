package dev.modelops.metrics;

import dagger.BindsInstance;
import dagger.Component;
import dev.modelops.domain.Entities;
import dev.modelops.domain.change.Changes;
import dev.modelops.domain.metrics.MetricBlocks;
import dev.modelops.domain.metrics.Rollups;
import dev.modelops.domain.metrics.SeriesCatalog;
import dev.modelops.domain.registry.Heads;
import dev.modelops.domain.registry.Manifests;
import dev.modelops.store.dynamodb.DynamoDbModule;
import dev.modelops.store.dynamodb.MetricsModule;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Map;

/** The store itself, to make what the functions under test read, and to look at what they wrote. */
@Singleton
@Component(modules = {DynamoDbModule.class, MetricsModule.class})
interface TestStore {

  Changes changes();

  Entities entities();

  Heads heads();

  Manifests manifests();

  MetricBlocks blocks();

  SeriesCatalog catalog();

  Rollups rollups();

  /** Makes the store. */
  @Component.Factory
  interface Factory {
    TestStore create(@BindsInstance Map<String, String> env, @BindsInstance Clock clock);
  }
}
