package dev.modelops.registry;

import dev.modelops.edge.ApiFunction;
import java.util.Map;

/** Serves models, versions, artifacts, checks and aliases. */
public final class RegistryFunction extends ApiFunction {

  public RegistryFunction() {
    this(System.getenv());
  }

  public RegistryFunction(Map<String, String> env) {
    super(DaggerRegistryComponent.factory().create(env).router());
  }
}
