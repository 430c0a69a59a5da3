package dev.modelops.metrics;

import dagger.BindsInstance;
import dagger.Component;
import dev.modelops.edge.Edge;
import dev.modelops.edge.EdgeModule;
import dev.modelops.store.dynamodb.DynamoDbModule;
import dev.modelops.store.dynamodb.MetricsModule;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Map;

/** Wires the functions of this module: each takes what it needs, and nothing else is made. */
@Singleton
@Component(modules = {EdgeModule.class, DynamoDbModule.class, MetricsModule.class, Wiring.class})
interface MetricsComponent {

  Edge edge();

  Clock clock();

  IntakeResource intake();

  SeriesResource series();

  RollupStep rollup();

  MinuteCloseStep minuteClose();

  /** Makes the component from a function's environment. */
  @Component.Factory
  interface Factory {
    MetricsComponent create(@BindsInstance Map<String, String> env);
  }

  static MetricsComponent of(Map<String, String> env) {
    return DaggerMetricsComponent.factory().create(env);
  }
}
