package dev.modelops.registry;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Change.Claim;
import dev.modelops.domain.change.Change.Fact;
import dev.modelops.domain.change.Changes;
import dev.modelops.domain.registry.Version;
import dev.modelops.domain.registry.VersionMoves;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * External ids as claimed names. A claim is never given up; so that a job whose version expired can be run again, the
 * id can be claimed once more, in the space of the next turn, after the version of the turn before has expired.
 */
final class ExternalIds {

  /**
   * Who has an external id.
   *
   * @param version the version of the latest turn; null when nobody ever had the id
   * @param free the space in which the next version would claim it
   */
  record Holder(@Nullable Stored<Version> version, String free) {

    Optional<Stored<Version>> latest() {
      return Optional.ofNullable(version);
    }

    /** The version that the id stands for, unless its time is over, so that the id may be claimed anew. */
    Optional<Stored<Version>> current(Instant now) {
      return latest().filter(stored -> stored.entity().state() != Version.State.EXPIRED
          && !VersionMoves.isDue(stored.entity(), now));
    }

    /** The change with the claim, valid as long as the version before stays what it is. */
    Change claimed(Change change, String externalId) {
      Change claimed = change.claiming(new Claim(free, externalId, change.primary()));
      return version == null ? claimed : claimed.resting(List.of(Fact.of(version.entity().ref(), version)));
    }
  }

  private final Changes changes;
  private final Entities entities;

  @Inject
  ExternalIds(Changes changes, Entities entities) {
    this.changes = changes;
    this.entities = entities;
  }

  /** One read when the id is new, two when it is taken, two more for every time that it had expired. */
  Holder holder(String model, String externalId, Instant now) {
    Holder holder = new Holder(null, space(model, 1));
    for (int turn = 1;; turn++) {
      Optional<Ref> owner = changes.owner(space(model, turn), externalId);
      if (owner.isEmpty()) {
        return holder;
      }
      Stored<Version> version = entities.get(Version.class, owner.get())
          .orElseThrow(() -> new IllegalStateException(owner.get() + " claimed a name and is not there"));
      holder = new Holder(version, space(model, turn + 1));
      if (holder.current(now).isPresent()) {
        return holder;
      }
    }
  }

  private static String space(String model, int turn) {
    String first = "external:" + Ref.fold(model);
    return turn == 1 ? first : first + ":" + turn;
  }
}
