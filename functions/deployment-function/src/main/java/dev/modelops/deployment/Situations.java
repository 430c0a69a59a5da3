package dev.modelops.deployment;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.deployment.Deployment;
import dev.modelops.domain.deployment.Environment;
import dev.modelops.domain.deployment.Situation;
import dev.modelops.domain.deployment.Slot;
import dev.modelops.domain.registry.Version;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Reads a slot with all that a move there may touch. The reads are no snapshot: a change that rests on a torn one is
 * lost at its commit, since it conditions every revision it rests on, and is then decided again.
 */
final class Situations {

  private final Entities entities;

  @Inject
  Situations(Entities entities) {
    this.entities = entities;
  }

  /**
   * @param deployments that were read already
   * @param versions that were read already
   */
  Situation read(Stored<Environment> environment, String model, Collection<Stored<Deployment>> deployments,
      Collection<Stored<Version>> versions) {
    Stored<Slot> slot =
        entities.get(Slot.class, Ref.slot(environment.entity().name(), model)).orElse(null);
    Map<String, Stored<Deployment>> read = new HashMap<>();
    deployments.forEach(deployment -> read.put(deployment.entity().id(), deployment));
    Set<Ref> missing = new HashSet<>();
    for (String id : Situation.touched(slot == null ? null : slot.entity())) {
      if (!read.containsKey(id)) {
        missing.add(Ref.deployment(id));
      }
    }
    if (!missing.isEmpty()) {
      entities.getAll(Deployment.class, missing).values().forEach(found -> read.put(found.entity().id(), found));
    }
    Map<Integer, Stored<Version>> held = new HashMap<>();
    versions.forEach(version -> held.put(version.entity().version(), version));
    Set<Ref> wanted = new HashSet<>(Situation.versions(read.values()));
    versions.forEach(version -> wanted.remove(version.entity().ref()));
    if (!wanted.isEmpty()) {
      entities.getAll(Version.class, wanted).values().forEach(found -> held.put(found.entity().version(), found));
    }
    return new Situation(environment, slot, read, held);
  }
}
