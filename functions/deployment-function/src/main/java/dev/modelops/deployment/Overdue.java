package dev.modelops.deployment;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Listing;
import dev.modelops.domain.Page;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.change.Changes;
import dev.modelops.domain.change.Lost;
import dev.modelops.domain.change.Origin;
import dev.modelops.domain.deployment.Deployment;
import dev.modelops.domain.deployment.Environment;
import dev.modelops.domain.deployment.Moves;
import dev.modelops.edge.Invocation;
import dev.modelops.edge.ScheduleStep;
import dev.modelops.edge.Snapshot;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fails the deployments that nobody reported in time, each as a change of its own. */
final class Overdue implements ScheduleStep {

  private static final int PAGE = 50;
  private static final int MOST_ATTEMPTS = 5;

  private final Entities entities;
  private final Changes changes;
  private final Environments environments;
  private final Situations situations;

  @Inject
  Overdue(Entities entities, Changes changes, Environments environments, Situations situations) {
    this.entities = entities;
    this.changes = changes;
    this.environments = environments;
    this.situations = situations;
  }

  /** What one tick leaves undone the next one finds: an index orders deployments by their deadline. */
  @Override
  public int run(Invocation invocation) {
    int failed = 0;
    @Nullable String position = null;
    do {
      Page<Stored<Deployment>> page = entities.list(
          new Listing<>(Deployment.class, new Listing.Due(invocation.now()), deployment -> true, PAGE, position));
      for (Stored<Deployment> due : page.items()) {
        if (fail(due.entity().id(), invocation)) {
          failed++;
        }
      }
      position = page.position();
    } while (position != null && Instant.now().isBefore(invocation.deadline()));
    return failed;
  }

  @Override
  public void prime() {
    entities.list(new Listing<>(Deployment.class, new Listing.Due(Instant.EPOCH), deployment -> true, 1, null));
    Snapshot.rehearse(changes);
  }

  /** Whether it was failed: the index may lag behind, so that it is looked at again. */
  private boolean fail(String id, Invocation invocation) {
    for (int attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
      @Nullable Stored<Deployment> stored = entities.get(Deployment.class, Ref.deployment(id)).orElse(null);
      if (stored == null || !Moves.overdue(stored.entity(), invocation.now())) {
        return false;
      }
      Stored<Environment> environment = environments.require(stored.entity().environment());
      Origin origin = Origin.system("deadline", invocation.requestId(), "not reported in time", invocation.now());
      Moves moves = new Moves(
          situations.read(environment, stored.entity().model(), List.of(stored), List.of()), origin.subject(),
          invocation.now());
      try {
        changes.commit(moves.expire(stored), origin, null, invocation.deadline());
        return true;
      } catch (Lost lost) {
        // Somebody was faster, perhaps with a report: look again.
      }
    }
    return false;
  }
}
