package dev.modelops.edge;

import dev.modelops.domain.Entity;
import dev.modelops.domain.access.Department;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Changes;
import dev.modelops.domain.change.Lost;
import dev.modelops.domain.change.Origin;
import dev.modelops.domain.registry.Manifest;
import dev.modelops.domain.registry.Model;
import dev.modelops.domain.registry.ModelKind;
import dev.modelops.domain.registry.Version;
import dev.modelops.json.Digests;
import dev.modelops.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/**
 * SnapStart: before the snapshot a function runs what its first call would run, so that no caller waits for class
 * loading; before the snapshot and after a restore everything that must not be the same in every copy is forgotten.
 * Neither may ever keep a function from starting.
 */
public final class Snapshot implements Resource {
  /** So many that more of it is compiled than interpreted. */
  private static final int ROUNDS = 10;
  /** What models and departments are called that are written and read before a snapshot. */
  public static final String NOBODY = "nobody-before-a-snapshot";
  /** What the version of that model is made of. */
  public static final Manifest MANIFEST = new Manifest(List.of(), List.of(), null, null, Map.of(), Map.of(), null, null,
      List.of(), List.of());
  /** A person whose name is looked for in vain. */
  private static final String SOMEBODY = "usr_before-a-snapshot";

  private final Runnable prime;
  private final Runnable forget;

  private Snapshot(Runnable prime, Runnable forget) {
    this.prime = prime;
    this.forget = forget;
  }

  /**
   * Registers the hooks of a function, after those of its clients: hooks run in the reverse order. The registry holds
   * them weakly: who registers keeps what comes back.
   *
   * @param prime reads, and writes to a store that by then only lets it rehearse
   */
  public static Snapshot register(Runnable prime, Runnable forget) {
    Snapshot snapshot = new Snapshot(prime, forget);
    Core.getGlobalContext().register(snapshot);
    return snapshot;
  }

  /** What a first request meets: a model that takes versions, and one that is ready, both nobody's. */
  public static void rehearse(Changes changes) {
    Stream.of(new Department(NOBODY, null, Instant.EPOCH, SOMEBODY), model(), version())
        .forEach(entity -> rehearse(changes, entity));
  }

  /** The version of that model. */
  public static Version version() {
    return new Version(NOBODY, 1, NOBODY, null, Version.State.READY, Digests.of(MANIFEST), MANIFEST.proof(), null, null,
        Map.of(), Instant.EPOCH, SOMEBODY, null, null, Instant.EPOCH, null, Set.of(), Set.of(), Set.of());
  }

  private static Model model() {
    return new Model(NOBODY, ModelKind.ML, Model.State.ACTIVE, NOBODY, null, null, null, Map.of(), null, null, Map.of(),
        Map.of(), null, Instant.EPOCH, SOMEBODY, Instant.EPOCH, SOMEBODY);
  }

  /** Writes a change to a store that by then only lets it rehearse: what is written is found by what is read next. */
  public static void rehearse(Changes changes, Entity entity) {
    Origin origin = new Origin(SOMEBODY, null, "priming", null, null, Instant.EPOCH);
    try {
      changes.commit(Change.create("priming", entity), origin, null, Instant.EPOCH);
    } catch (Lost cannotBe) {
      throw new IllegalStateException("a rehearsal met something", cannotBe);
    }
  }

  @Override
  public void beforeCheckpoint(Context<? extends Resource> context) {
    attempt("priming", () -> IntStream.range(0, ROUNDS).forEach(round -> prime.run()));
    forget.run();
    attempt("forgetting signing keys", SigningKeys::forget);
    Json.forget();
  }

  @Override
  public void afterRestore(Context<? extends Resource> context) {
    forget.run();
  }

  private static void attempt(String what, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | LinkageError failed) {
      System.out.println("{\"level\":\"warn\",\"message\":\"" + what + " failed\",\"error\":\""
          + failed.getClass().getName() + "\"}");
    }
  }
}
