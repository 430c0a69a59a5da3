package dev.modelops.registry;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Listing;
import dev.modelops.domain.Page;
import dev.modelops.domain.Stored;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Changes;
import dev.modelops.domain.change.Lost;
import dev.modelops.domain.change.Origin;
import dev.modelops.domain.registry.Version;
import dev.modelops.domain.registry.VersionMoves;
import dev.modelops.edge.Invocation;
import dev.modelops.edge.ScheduleStep;
import dev.modelops.edge.Snapshot;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Writes down that versions have expired, each as a change of its own. Finds them by when they are due, so that a tick
 * costs what is due and not what there is, and what one tick leaves is found by the next.
 */
final class Expiry implements ScheduleStep {

  private static final int PAGE = 100;

  private final Entities entities;
  private final Changes changes;
  private final Clock clock;

  @Inject
  Expiry(Entities entities, Changes changes, Clock clock) {
    this.entities = entities;
    this.changes = changes;
    this.clock = clock;
  }

  @Override
  public int run(Invocation invocation) {
    Origin origin = Origin.system("expiry", invocation.requestId(), "not finalised in time", invocation.now());
    int expired = 0;
    @Nullable RuntimeException failed = null;
    @Nullable String position = null;
    do {
      Page<Stored<Version>> due = entities.list(new Listing<>(Version.class, new Listing.Due(invocation.now()),
          version -> VersionMoves.isDue(version, invocation.now()), PAGE, position));
      for (Stored<Version> version : due.items()) {
        if (clock.instant().isAfter(invocation.deadline())) {
          break;
        }
        try {
          expired += expire(version, origin, invocation) ? 1 : 0;
        } catch (RuntimeException e) {
          // One that cannot be written must not keep the others from it.
          failed = e;
        }
      }
      position = due.position();
    } while (position != null && clock.instant().isBefore(invocation.deadline()));
    if (failed != null) {
      throw failed;
    }
    return expired;
  }

  @Override
  public void prime() {
    entities.list(new Listing<>(Version.class, new Listing.Due(Instant.EPOCH), version -> true, 1, null));
    Snapshot.rehearse(changes);
  }

  private boolean expire(Stored<Version> version, Origin origin, Invocation invocation) {
    try {
      changes.commit(Change.replace("version.expired", version, VersionMoves.expired(version.entity())), origin, null,
          invocation.deadline());
      return true;
    } catch (Lost finalisedOrExpiredMeanwhile) {
      return false;
    }
  }
}
