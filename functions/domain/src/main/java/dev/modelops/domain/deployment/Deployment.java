package dev.modelops.domain.deployment;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to make a version live in an environment, and, once it was live, the interval in which it was.
 *
 * @param requestedBy whose wish it was; for an automatic deployment the author of the version
 * @param automatic whether it was asked for by the auto-deploy setting
 * @param manifest digest of the version's manifest: what exactly was asked for
 * @param rollbackOf the deployment that this one undoes
 * @param fallback the deployment that a rollback of this one goes back to; null when there is none
 * @param deadline when it fails unless reported; while {@code deploying} in a reported environment
 * @param liveAt from when it was live; null when it never was
 * @param endedAt when it left its last open state: until when it was live, if it was
 * @param message what the deployer, or whoever ended it, said
 */
public record Deployment(String id, String model, int version, String environment, String department, State state,
    String requestedBy, @Nullable String onBehalfOf, Instant requestedAt, boolean automatic, String manifest,
    @Nullable String rollbackOf, @Nullable String fallback, @Nullable Instant deadline, @Nullable Instant liveAt,
    @Nullable Instant endedAt, @Nullable String endedBy, @Nullable String message, @Nullable String logUrl)
    implements Entity {

  /** requested → (awaiting-approval) → deploying → live → superseded, rolled-back or retired; or failed, rejected, cancelled. */
  public enum State {
    REQUESTED,
    AWAITING_APPROVAL,
    DEPLOYING,
    LIVE,
    SUPERSEDED,
    ROLLED_BACK,
    RETIRED,
    FAILED,
    REJECTED,
    CANCELLED
  }

  @Override
  public Ref ref() {
    return Ref.deployment(id);
  }
}
