package dev.modelops.deployment;

import dev.modelops.edge.ApiFunction;
import java.util.Map;

/** Environments, the gate, deployments and approvals, what is live and was live when. */
public final class DeploymentFunction extends ApiFunction {

  public DeploymentFunction() {
    this(System.getenv());
  }

  public DeploymentFunction(Map<String, String> env) {
    super(DeploymentComponent.of(env).router());
  }
}
