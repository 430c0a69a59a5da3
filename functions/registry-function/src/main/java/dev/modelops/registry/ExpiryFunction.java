package dev.modelops.registry;

import dev.modelops.edge.ScheduleFunction;
import java.util.Map;

/** Expires, by schedule, versions that nobody finalised in time. */
public final class ExpiryFunction extends ScheduleFunction {

  public ExpiryFunction() {
    this(System.getenv());
  }

  public ExpiryFunction(Map<String, String> env) {
    this(DaggerExpiryComponent.factory().create(env));
  }

  private ExpiryFunction(ExpiryComponent component) {
    super(component.expiry(), component.clock());
  }
}
