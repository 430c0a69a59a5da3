package dev.modelops.checker;

import dagger.BindsInstance;
import dagger.Component;
import dev.modelops.domain.Entities;
import dev.modelops.domain.access.Subjects;
import dev.modelops.domain.access.TokenUse;
import dev.modelops.domain.audit.AuditLog;
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

/** All ports, to fill a store with. */
@Singleton
@Component(modules = {DynamoDbModule.class, MetricsModule.class})
interface StoreComponent {

  Changes changes();

  Entities entities();

  Heads heads();

  Manifests manifests();

  AuditLog audit();

  Subjects subjects();

  TokenUse tokenUse();

  MetricBlocks blocks();

  SeriesCatalog catalog();

  Rollups rollups();

  @Component.Factory
  interface Factory {
    StoreComponent create(@BindsInstance Map<String, String> env, @BindsInstance Clock clock);
  }
}
