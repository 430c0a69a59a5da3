package dev.modelops.metrics;

import dev.modelops.edge.ApiFunction;
import dev.modelops.edge.Router;
import dev.modelops.edge.Routes;
import java.util.Map;

/** Serves {@code /v1/metrics}: takes in batches of points. */
public final class IntakeFunction extends ApiFunction {

  public IntakeFunction() {
    this(System.getenv());
  }

  public IntakeFunction(Map<String, String> env) {
    this(MetricsComponent.of(env));
  }

  private IntakeFunction(MetricsComponent component) {
    super(router(component), component.intake()::prime);
  }

  private static Router router(MetricsComponent component) {
    return component.edge().router("intake", new Routes().bind("ingestMetrics", component.intake()::ingest));
  }
}
