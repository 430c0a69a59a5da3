package dev.modelops.deployment;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Listing;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.deployment.Deployment;
import dev.modelops.domain.deployment.Slot;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What was live at an instant. The index of what was ever live lags behind, so that it is asked only about what is old
 * enough to stand in it for sure; anything younger is found by walking back from the slot, strongly consistent.
 */
final class PointInTime {

  /** How far an index may lag behind: a generous guess, as everywhere in the API. */
  private static final Duration LAG = Duration.ofSeconds(60);
  /** Bounds the walk; so many changes of one slot in a minute are no deployments any more. */
  private static final int MOST_STEPS = 40;

  private final Entities entities;

  @Inject
  PointInTime(Entities entities) {
    this.entities = entities;
  }

  Optional<Live> find(Slot slot, Instant at, Instant now) {
    Instant changedAt = slot.changedAt();
    if (changedAt == null) {
      return Optional.empty();
    }
    if (!at.isBefore(changedAt)) {
      return Live.of(slot);
    }
    return at.isAfter(now.minus(LAG)) ? walkBack(slot, at) : ask(slot, at);
  }

  private Optional<Live> walkBack(Slot slot, Instant at) {
    String id = slot.left();
    for (int step = 0; id != null && step < MOST_STEPS; step++) {
      Deployment deployment = entities.get(Deployment.class, Ref.deployment(id)).orElseThrow().entity();
      Instant since = deployment.liveAt();
      if (since != null && !since.isAfter(at)) {
        return Optional.of(deployment).filter(found -> found.liveAt(at)).map(Live::of);
      }
      id = deployment.previous();
    }
    return id == null ? Optional.empty() : ask(slot, at);
  }

  /** Intervals do not overlap, so the latest that began by then is the only one that can hold the instant. */
  private Optional<Live> ask(Slot slot, Instant at) {
    return entities.list(new Listing<>(Deployment.class, new Listing.LiveHistory(slot.environment(), slot.model(), at),
        deployment -> true, 1, null)).items().stream().map(Stored::entity)
        .filter(deployment -> deployment.liveAt(at)).map(Live::of).findFirst();
  }
}
