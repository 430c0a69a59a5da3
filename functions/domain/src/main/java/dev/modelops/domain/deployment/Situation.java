package dev.modelops.domain.deployment;

import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.registry.Version;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One slot as it was read, with everything that a move there may touch.
 *
 * @param environment with revision 0 while nobody has changed a built-in one
 * @param slot null while nothing has happened there
 * @param deployments by id: all that {@link #touched} names
 * @param versions by number: those of the deployments, and the one that is asked for
 */
public record Situation(Stored<Environment> environment, @Nullable Stored<Slot> slot,
    Map<String, Stored<Deployment>> deployments, Map<Integer, Stored<Version>> versions) {

  public Situation {
    deployments = Map.copyOf(deployments);
    versions = Map.copyOf(versions);
  }

  /** The deployments that a move in this slot may change: what is live, and what is on its way. */
  public static Set<String> touched(@Nullable Slot slot) {
    Set<String> ids = new TreeSet<>();
    if (slot != null) {
      ids.addAll(slot.open());
      if (slot.live() != null) {
        ids.add(slot.live().deployment());
      }
    }
    return ids;
  }

  /** The versions that a move in this slot may change. */
  public static Set<Ref> versions(Iterable<Stored<Deployment>> deployments) {
    Set<Ref> refs = new HashSet<>();
    for (Stored<Deployment> deployment : deployments) {
      refs.add(Ref.version(deployment.entity().model(), deployment.entity().version()));
    }
    return refs;
  }

  Stored<Deployment> deployment(String id) {
    Stored<Deployment> found = deployments.get(id);
    if (found == null) {
      throw new IllegalStateException(id + " was not read");
    }
    return found;
  }

  Stored<Version> version(int number) {
    Stored<Version> found = versions.get(number);
    if (found == null) {
      throw new IllegalStateException("version " + number + " was not read");
    }
    return found;
  }
}
