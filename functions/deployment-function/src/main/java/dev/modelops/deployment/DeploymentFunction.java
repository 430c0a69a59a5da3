package dev.modelops.deployment;

import dev.modelops.domain.change.Changes;
import dev.modelops.domain.deployment.Environment;
import dev.modelops.domain.deployment.Slot;
import dev.modelops.edge.ApiFunction;
import dev.modelops.edge.Snapshot;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Environments, the gate, deployments and approvals, what is live and was live when. */
public final class DeploymentFunction extends ApiFunction {

  public DeploymentFunction() {
    this(System.getenv());
  }

  public DeploymentFunction(Map<String, String> env) {
    this(DeploymentComponent.of(env));
  }

  private DeploymentFunction(DeploymentComponent component) {
    super(component.router(), () -> prime(component.changes()));
  }

  /** So that the hot path finds something live in the environments of the contract's examples. */
  private static void prime(Changes changes) {
    Slot.Live live = new Slot.Live(1, "-", "0".repeat(64), Instant.EPOCH);
    Environment.initial().forEach(environment -> Snapshot.rehearse(changes, new Slot(environment.name(),
        Snapshot.NOBODY, Snapshot.NOBODY, live, Instant.EPOCH, null, null, List.of(), 0, null)));
  }
}
