package dev.modelops.metrics;

import dev.modelops.edge.ApiFunction;
import dev.modelops.edge.Router;
import dev.modelops.edge.Routes;
import java.util.Map;

/** Serves {@code /v1/models/{model}/metrics}: answers polls of series. */
public final class SeriesFunction extends ApiFunction {

  public SeriesFunction() {
    this(System.getenv());
  }

  public SeriesFunction(Map<String, String> env) {
    this(MetricsComponent.of(env));
  }

  private SeriesFunction(MetricsComponent component) {
    super(router(component), () -> component.series().prime(component.clock().instant()));
  }

  private static Router router(MetricsComponent component) {
    return component.edge().router("series", new Routes()
        .bind("queryMetrics", component.series()::query)
        .bind("listSeries", component.series()::list));
  }
}
