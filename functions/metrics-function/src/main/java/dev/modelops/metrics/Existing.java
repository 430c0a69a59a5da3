package dev.modelops.metrics;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import dev.modelops.domain.deployment.Environment;
import dev.modelops.domain.problem.Violation;
import dev.modelops.domain.registry.Version;
import dev.modelops.edge.Snapshot;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which environments and versions exist. Neither is ever taken away, so each that was found is asked for once. */
@Singleton
final class Existing {

  private static final int MOST_REMEMBERED = 10_000;

  private final Entities entities;
  private final Set<Ref> found = ConcurrentHashMap.newKeySet();

  @Inject
  Existing(Entities entities) {
    this.entities = entities;
    Environment.initial().forEach(environment -> found.add(environment.ref()));
  }

  /** Before a snapshot: a version is read, and not remembered. */
  void prime() {
    entities.get(Version.class, Snapshot.version().ref());
  }

  /** What is wrong with the environment that the pointer's field names. */
  Optional<Violation> environment(String pointer, String name) {
    return has(Ref.environment(name), Environment.class) ? Optional.empty()
        : Optional.of(new Violation(pointer, "not-found", "there is no environment " + name, null));
  }

  /** Likewise with the version. */
  Optional<Violation> version(String pointer, String model, int number) {
    return has(Ref.version(model, number), Version.class) ? Optional.empty()
        : Optional.of(new Violation(pointer, "not-found", model + " has no version " + number, null));
  }

  private <E extends Entity> boolean has(Ref ref, Class<E> type) {
    if (found.contains(ref)) {
      return true;
    }
    boolean exists = entities.get(type, ref).isPresent();
    if (exists && found.size() < MOST_REMEMBERED) {
      found.add(ref);
    }
    return exists;
  }
}
