package dev.modelops.deployment;

import dev.modelops.edge.ScheduleFunction;
import java.util.Map;

/** Every minute: fails deployments that no deployer has reported in time. */
public final class DeadlineFunction extends ScheduleFunction {

  public DeadlineFunction() {
    this(System.getenv());
  }

  public DeadlineFunction(Map<String, String> env) {
    this(DeploymentComponent.of(env));
  }

  private DeadlineFunction(DeploymentComponent component) {
    super(component.overdue(), component.clock());
  }
}
