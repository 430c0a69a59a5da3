package dev.modelops.registry;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.registry.Heads;
import dev.modelops.domain.registry.Heads.Head;
import dev.modelops.domain.registry.Manifest;
import dev.modelops.domain.registry.Manifests;
import dev.modelops.domain.registry.Version;
import dev.modelops.edge.Request;
import jakarta.inject.Inject;

/** Reads the model or version that a path names, and asks whether the caller may. */
final class VersionReads {

  private final Entities entities;
  private final Heads heads;
  private final Manifests manifests;

  @Inject
  VersionReads(Entities entities, Heads heads, Manifests manifests) {
    this.entities = entities;
    this.heads = heads;
    this.manifests = manifests;
  }

  Stored<Version> version(Request request, Permission permission) {
    Ref ref = Ref.version(request.path("model"), Integer.parseInt(request.path("version")));
    Stored<Version> stored = entities.get(Version.class, ref).orElseThrow(Request::absent);
    request.require(permission, stored.entity().department(), stored.entity().model());
    return stored;
  }

  /** The head of the model: whose it is, and as its creator spelled it. */
  Head head(Request request, Permission permission) {
    Head head = heads.get(request.path("model")).orElseThrow(Request::absent);
    request.require(permission, head.department(), head.model());
    return head;
  }

  Manifest manifest(Version version) {
    return manifests.get(version.manifest())
        .orElseThrow(() -> new IllegalStateException(version.ref() + " has no manifest"));
  }
}
