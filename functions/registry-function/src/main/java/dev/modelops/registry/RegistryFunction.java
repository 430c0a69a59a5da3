package dev.modelops.registry;

import dev.modelops.domain.registry.Artifact;
import dev.modelops.domain.registry.ArtifactStore;
import dev.modelops.edge.ApiFunction;
import dev.modelops.edge.Snapshot;
import java.util.Map;

/** Serves models, versions, artifacts, checks and aliases. */
public final class RegistryFunction extends ApiFunction {

  public RegistryFunction() {
    this(System.getenv());
  }

  public RegistryFunction(Map<String, String> env) {
    this(DaggerRegistryComponent.factory().create(env));
  }

  private RegistryFunction(RegistryComponent component) {
    super(component.router(), () -> prime(component));
  }

  /** Stores what the version is made of that nobody has, signs and asks once for a file that cannot be there. */
  private static void prime(RegistryComponent component) {
    component.manifests().put(Snapshot.MANIFEST);
    ArtifactStore artifacts = component.artifacts();
    Artifact nothing = new Artifact("priming", 0, "0".repeat(64), "application/octet-stream", null);
    artifacts.upload("-", 1, nothing);
    artifacts.download("-", 1, nothing);
    artifacts.verify("-", 1, nothing);
  }
}
