package dev.modelops.deployment;

import dev.modelops.edge.ScheduleFunction;
import java.time.Clock;
import java.util.Map;

/** Every minute: fails deployments that no deployer has reported in time. */
public final class DeadlineFunction extends ScheduleFunction {

  public DeadlineFunction() {
    this(System.getenv());
  }

  public DeadlineFunction(Map<String, String> env) {
    this(env, Clock.systemUTC());
  }

  /** @param clock by which the time is over */
  public DeadlineFunction(Map<String, String> env, Clock clock) {
    super(DeploymentComponent.of(env).overdue(), clock);
  }
}
