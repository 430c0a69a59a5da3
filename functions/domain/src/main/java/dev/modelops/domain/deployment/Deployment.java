package dev.modelops.domain.deployment;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import dev.modelops.domain.registry.Version;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to make a version live in an environment, and, once it was live, the interval in which it was.
 *
 * @param requestedBy whose wish it was; for an automatic deployment the author of the version
 * @param automatic whether it was asked for by the auto-deploy setting
 * @param manifest digest of the version's manifest: what exactly was asked for
 * @param approvedBy the first approver, whose {@link Approval} opened the gate; null while there is none
 * @param rollbackOf the deployment that this one undoes
 * @param fallback the deployment that a rollback of this one goes back to; null when there is none
 * @param previous the deployment that was live here before this one, perhaps with a gap; null when none ever was
 * @param deadline when it fails unless reported; while {@code deploying} in a reported environment
 * @param liveAt from when it was live; null when it never was
 * @param endedAt when it left its last open state: until when (exclusively) it was live, if it was
 * @param message what the deployer, or whoever ended it, said
 */
public record Deployment(String id, String model, int version, String environment, String department, State state,
    String requestedBy, @Nullable String onBehalfOf, Instant requestedAt, boolean automatic, String manifest,
    @Nullable String approvedBy, @Nullable String rollbackOf, @Nullable String fallback, @Nullable String previous,
    @Nullable Instant deadline, @Nullable Instant liveAt, @Nullable Instant endedAt, @Nullable String endedBy,
    @Nullable String message, @Nullable String logUrl) implements Entity {

  /**
   * requested → (awaiting-approval) → deploying → live → superseded, rolled-back or retired; or failed, rejected,
   * cancelled. {@code requested} is passed within the transaction of the request: none rests there.
   */
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
    CANCELLED;

    /** Whether it is on its way: neither live nor ended. */
    public boolean open() {
      return compareTo(LIVE) < 0;
    }

    /** Whether it is over: nothing moves it any more. */
    public boolean ended() {
      return compareTo(LIVE) > 0;
    }

    public String wire() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Override
  public Ref ref() {
    return Ref.deployment(id);
  }

  /** Whether it was live at that instant: from {@code liveAt} on, up to but not at {@code endedAt}. */
  public boolean liveAt(Instant at) {
    return liveAt != null && !liveAt.isAfter(at) && (endedAt == null || endedAt.isAfter(at));
  }

  /** A wish: nothing has been decided yet. */
  public static Deployment asked(String id, Version version, String environment, String requestedBy,
      @Nullable String onBehalfOf, Instant at) {
    return new Deployment(id, version.model(), version.version(), environment, version.department(), State.REQUESTED,
        requestedBy, onBehalfOf, at.truncatedTo(ChronoUnit.MILLIS), false, version.manifest(), null, null, null, null,
        null, null, null, null, null, null);
  }

  /** The same wish, made by the auto-deploy setting. */
  public Deployment asAutomatic() {
    return new Deployment(id, model, version, environment, department, state, requestedBy, onBehalfOf, requestedAt,
        true, manifest, approvedBy, rollbackOf, fallback, previous, deadline, liveAt, endedAt, endedBy, message,
        logUrl);
  }

  /** The same wish as the way back from a live deployment to another; its own way back is that of the other. */
  public Deployment asRollback(Deployment live, Deployment target) {
    return new Deployment(id, model, version, environment, department, state, requestedBy, onBehalfOf, requestedAt,
        automatic, manifest, approvedBy, live.id(), target.fallback(), previous, deadline, liveAt, endedAt, endedBy,
        message, logUrl);
  }

  Deployment awaitingApproval() {
    return new Deployment(id, model, version, environment, department, State.AWAITING_APPROVAL, requestedBy, onBehalfOf,
        requestedAt, automatic, manifest, approvedBy, rollbackOf, fallback, previous, null, null, null, null, message,
        logUrl);
  }

  Deployment deploying(Instant until) {
    return new Deployment(id, model, version, environment, department, State.DEPLOYING, requestedBy, onBehalfOf,
        requestedAt, automatic, manifest, approvedBy, rollbackOf, fallback, previous, until, null, null, null, message,
        logUrl);
  }

  Deployment live(Instant since, @Nullable String goesBackTo, @Nullable String before) {
    return new Deployment(id, model, version, environment, department, State.LIVE, requestedBy, onBehalfOf, requestedAt,
        automatic, manifest, approvedBy, rollbackOf, goesBackTo, before, null, since, null, null, message, logUrl);
  }

  Deployment ended(State how, Instant at, String by, @Nullable String why) {
    return new Deployment(id, model, version, environment, department, how, requestedBy, onBehalfOf, requestedAt,
        automatic, manifest, approvedBy, rollbackOf, fallback, previous, null, liveAt, at, by,
        why == null ? message : why, logUrl);
  }

  /** Approved; who approves once the gate is open changes nothing about who opened it. */
  Deployment withApprover(String approver) {
    return new Deployment(id, model, version, environment, department, state, requestedBy, onBehalfOf, requestedAt,
        automatic, manifest, approvedBy == null ? approver : approvedBy, rollbackOf, fallback, previous, deadline,
        liveAt, endedAt, endedBy, message, logUrl);
  }

  Deployment reported(@Nullable String says, @Nullable String log) {
    return new Deployment(id, model, version, environment, department, state, requestedBy, onBehalfOf, requestedAt,
        automatic, manifest, approvedBy, rollbackOf, fallback, previous, deadline, liveAt, endedAt, endedBy,
        says == null ? message : says, log == null ? logUrl : log);
  }
}
