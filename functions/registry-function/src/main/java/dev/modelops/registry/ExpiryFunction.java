package dev.modelops.registry;

import dev.modelops.edge.ScheduleFunction;
import java.time.Clock;
import java.util.Map;

/** Expires, by schedule, versions that nobody finalised in time. */
public final class ExpiryFunction extends ScheduleFunction {

  public ExpiryFunction() {
    this(System.getenv());
  }

  public ExpiryFunction(Map<String, String> env) {
    this(env, Clock.systemUTC());
  }

  /** @param clock by which the time is over */
  public ExpiryFunction(Map<String, String> env, Clock clock) {
    super(DaggerExpiryComponent.factory().create(env).expiry(), clock);
  }
}
