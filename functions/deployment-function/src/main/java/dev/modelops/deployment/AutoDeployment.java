package dev.modelops.deployment;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Ids;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Scope;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Changes;
import dev.modelops.domain.change.Lost;
import dev.modelops.domain.change.Origin;
import dev.modelops.domain.change.Unavailable;
import dev.modelops.domain.deployment.Deployability.Verdict;
import dev.modelops.domain.deployment.Deployment;
import dev.modelops.domain.deployment.Environment;
import dev.modelops.domain.deployment.Moves;
import dev.modelops.domain.deployment.Situation;
import dev.modelops.domain.deployment.Slot;
import dev.modelops.domain.problem.Refused;
import dev.modelops.domain.registry.Heads;
import dev.modelops.domain.registry.Model;
import dev.modelops.domain.registry.Version;
import dev.modelops.edge.Invocation;
import dev.modelops.edge.Snapshot;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks at one slot whose setting is on, and asks for the newest version that may go there. What happened before does
 * not matter, only what is true now: so it may be asked for the same reason twice, late, or in any order.
 */
final class AutoDeployment {

  static final String NAME = "auto-deploy";

  /** Versions looked at, newest first; bounds the work for a model whose versions never pass. */
  private static final int MOST_VERSIONS = 100;
  private static final int CHUNK = 25;
  private static final int MOST_ATTEMPTS = 8;

  private final Entities entities;
  private final Heads heads;
  private final Changes changes;
  private final Environments environments;
  private final Gate gate;
  private final Situations situations;
  private final Ids ids;

  @Inject
  AutoDeployment(Entities entities, Heads heads, Changes changes, Environments environments, Gate gate,
      Situations situations, Ids ids) {
    this.entities = entities;
    this.heads = heads;
    this.changes = changes;
    this.environments = environments;
    this.gate = gate;
    this.situations = situations;
    this.ids = ids;
  }

  /** Before a snapshot: something to ask for. */
  void prime(Slot slot) {
    Snapshot.rehearse(changes);
    Snapshot.rehearse(changes, slot);
    heads.next(slot.model(), Scope.ALL);
  }

  /** A version that may go, and why. */
  private record Candidate(Stored<Version> version, Verdict verdict) {}

  /** @return whether it asked for a deployment */
  boolean consider(Ref slotRef, Invocation invocation) {
    for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      @Nullable Stored<Slot> slot = entities.get(Slot.class, slotRef).orElse(null);
      if (slot == null || !slot.entity().automatic()) {
        return false;
      }
      @Nullable Stored<Environment> environment = environments.find(slot.entity().environment()).orElse(null);
      @Nullable Stored<Model> model = entities.get(Model.class, Ref.model(slot.entity().model())).orElse(null);
      if (environment == null || model == null || model.entity().state() != Model.State.ACTIVE) {
        return false;
      }
      Optional<Candidate> candidate = newest(slot.entity(), environment, model);
      if (candidate.isEmpty()) {
        return false;
      }
      try {
        return ask(slot.entity(), environment, candidate.get(), invocation);
      } catch (Lost lost) {
        // What was read has moved: look again.
      }
    }
    throw new Unavailable("too many changes met", new IllegalStateException(slotRef.toString()));
  }

  private boolean ask(Slot slot, Stored<Environment> environment, Candidate candidate, Invocation invocation)
      throws Lost {
    Version version = candidate.version().entity();
    Deployment asked = Deployment.asked(ids.next("dep"), version, slot.environment(), version.createdBy(),
        version.onBehalfOf(), invocation.now()).asAutomatic();
    Slot.@Nullable AutoDeploy setting = slot.autoDeploy();
    Origin origin = Origin.system(NAME, invocation.requestId(),
        "auto-deploy, switched on by " + (setting == null ? "nobody" : setting.setBy()), invocation.now());
    Situation situation =
        situations.read(environment, slot.model(), List.of(), List.of(candidate.version()));
    if (situation.slot() == null || !situation.slot().entity().equals(slot)) {
      throw new Lost(new Lost.Moved(slot.ref(), 0));
    }
    Change change;
    try {
      change = new Moves(situation, origin.subject(), invocation.now()).request(asked, candidate.verdict());
    } catch (Refused busy) {
      // Another one is deploying, or too many are open: the slot's own next change brings us back.
      return false;
    }
    changes.commit(change, origin, null, invocation.deadline());
    return true;
  }

  /** The newest version above what was reached for which the gate is open; strongly consistent, by number. */
  private Optional<Candidate> newest(Slot slot, Stored<Environment> environment, Stored<Model> model) {
    int latest = heads.get(slot.model()).map(Heads.Head::latest).orElse(0);
    int lowest = Math.max(slot.reached() + 1, latest - MOST_VERSIONS + 1);
    for (int top = latest; top >= lowest; top -= CHUNK) {
      List<Ref> refs = new ArrayList<>();
      for (int number = top; number > top - CHUNK && number >= lowest; number--) {
        refs.add(Ref.version(slot.model(), number));
      }
      Map<Ref, Stored<Version>> versions = entities.getAll(Version.class, refs);
      for (Ref ref : refs) {
        @Nullable Stored<Version> version = versions.get(ref);
        if (version != null && version.entity().state() == Version.State.READY) {
          Verdict verdict = gate.ask(environment, model, version);
          if (verdict.open()) {
            return Optional.of(new Candidate(version, verdict));
          }
        }
      }
    }
    return Optional.empty();
  }
}
