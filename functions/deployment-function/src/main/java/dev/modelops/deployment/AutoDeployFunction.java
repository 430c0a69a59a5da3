package dev.modelops.deployment;

import dev.modelops.edge.StreamFunction;
import java.util.Map;

/** Asks for deployments of newly eligible versions where auto-deploy is on. */
public final class AutoDeployFunction extends StreamFunction {

  public AutoDeployFunction() {
    this(System.getenv());
  }

  public AutoDeployFunction(Map<String, String> env) {
    this(DeploymentComponent.of(env));
  }

  private AutoDeployFunction(DeploymentComponent component) {
    super(component.autoDeploy(), component.autoDeploy(), component.clock());
  }
}
