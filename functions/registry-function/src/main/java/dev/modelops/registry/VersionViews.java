package dev.modelops.registry;

import dev.modelops.domain.registry.Artifact;
import dev.modelops.domain.registry.ArtifactGrant;
import dev.modelops.domain.registry.ArtifactStore;
import dev.modelops.domain.registry.Manifest;
import dev.modelops.domain.registry.Version;
import dev.modelops.domain.registry.VersionMoves;
import dev.modelops.json.Json;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Answers that say more than one record does: what was posted as one is given back as one. */
final class VersionViews {

  /** A file and the leave to upload it. */
  record Upload(String path, ArtifactGrant grant) {}

  private final ArtifactStore store;

  @Inject
  VersionViews(ArtifactStore store) {
    this.store = store;
  }

  /** The version and all that it is made of. */
  static ObjectNode whole(Version version, Manifest manifest) {
    ObjectNode whole = (ObjectNode) Json.node(version);
    Json.node(manifest).properties().forEach(part -> whole.set(part.getKey(), part.getValue()));
    return whole;
  }

  /** The same, with grants for the files while they can be uploaded. */
  ObjectNode created(Version version, Manifest manifest, Instant now) {
    List<Upload> uploads = awaitsFiles(version, now) ? uploads(version, manifest.artifacts()) : List.of();
    ObjectNode created = whole(version, manifest);
    created.set("uploads", Json.node(uploads));
    return created;
  }

  List<Upload> uploads(Version version, List<Artifact> artifacts) {
    return artifacts.stream().map(artifact -> upload(version.model(), version.version(), artifact)).toList();
  }

  Upload upload(String model, int version, Artifact artifact) {
    return new Upload(artifact.path(), store.upload(model, version, artifact));
  }

  static boolean awaitsFiles(Version version, Instant now) {
    return version.state() == Version.State.PENDING && !VersionMoves.isDue(version, now);
  }
}
