package dev.modelops.deployment;

import dev.modelops.domain.deployment.Deployment;
import dev.modelops.domain.deployment.Slot;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The answer to: what is live there?
 *
 * @param until when it ended, exclusively; null while it is live
 */
record Live(String environment, String model, String department, int version, String deployment, String manifest,
    Instant since, @Nullable Instant until) {

  static Optional<Live> of(Slot slot) {
    return Optional.ofNullable(slot.live()).map(live -> new Live(slot.environment(), slot.model(), slot.department(),
        live.version(), live.deployment(), live.manifest(), live.since(), null));
  }

  static Live of(Deployment deployment) {
    return new Live(deployment.environment(), deployment.model(), deployment.department(), deployment.version(),
        deployment.id(), deployment.manifest(), Objects.requireNonNull(deployment.liveAt()), deployment.endedAt());
  }

  /** A deployment is live once, so that its id, and its end once it has one, say all. */
  String etag() {
    return until == null ? deployment : deployment + "~" + until.toEpochMilli();
  }
}
