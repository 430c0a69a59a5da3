package dev.modelops.metrics;

import dev.modelops.edge.ScheduleFunction;
import java.util.Map;

/** Closes minutes, once a minute. */
public final class MinuteCloseFunction extends ScheduleFunction {

  public MinuteCloseFunction() {
    this(System.getenv());
  }

  public MinuteCloseFunction(Map<String, String> env) {
    this(MetricsComponent.of(env));
  }

  private MinuteCloseFunction(MetricsComponent component) {
    super(component.minuteClose(), component.clock());
  }
}
