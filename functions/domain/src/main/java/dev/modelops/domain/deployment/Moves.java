package dev.modelops.domain.deployment;

import static dev.modelops.domain.deployment.Deployment.State;

import dev.modelops.domain.Stored;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Change.Fact;
import dev.modelops.domain.deployment.Deployability.Verdict;
import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of deployments: what each move does to the deployment, to its slot, to the versions it holds and to
 * the deployments it displaces, as one change. Pure: it works on what was read, and every method throws {@link Refused}
 * when the state forbids the move ({@code illegal-move}), the place is taken ({@code conflict}) or the gate is closed
 * ({@code gate-closed}).
 */
public final class Moves {

  private final Situation now;
  private final String by;
  private final Instant at;

  /**
   * @param by subject id of who moves
   * @param at when; milliseconds count
   */
  public Moves(Situation now, String by, Instant at) {
    this.now = now;
    this.by = by;
    this.at = at.truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * A new deployment: waits for its approval, is under way, or live at once, as the environment has it.
   *
   * @param asked in state {@code requested}
   */
  public Change request(Deployment asked, Verdict verdict) {
    Draft draft = draft(asked);
    if (asked.automatic()) {
      // Only the newest version goes by itself: an older automatic wish that still waits has had its day.
      for (String id : draft.slot().open()) {
        Deployment older = draft.deployment(id);
        if (older.automatic() && older.state() == State.AWAITING_APPROVAL) {
          draft.end(older, State.SUPERSEDED, "superseded by " + asked.id());
        }
      }
    }
    boolean waits = verdict.approvalRequired();
    if (waits || reported()) {
      refuseFull(draft.slot());
    }
    if (!waits) {
      refuseBusy(draft.slot());
    }
    requireOpen(asked, verdict);
    if (waits) {
      draft.open(asked.awaitingApproval());
    } else {
      proceed(draft, asked);
    }
    return draft.change(asked.id(), verdict.facts());
  }

  /**
   * An approval that opens the gate: the deployment goes on. While it is already deploying, the approval is recorded.
   *
   * @param before what the same subject decided before
   * @param verdict without the question of approval: this is it
   */
  public Change approve(Stored<Deployment> stored, Approval approval, @Nullable Stored<Approval> before,
      Verdict verdict) {
    Deployment deployment = legal(stored, Move.APPROVE);
    Draft draft = draft(deployment);
    Deployment approved = deployment.withApprover(approval.subject());
    if (deployment.state() == State.DEPLOYING) {
      requireOpen(deployment, verdict);
      draft.put(approved);
    } else {
      refuseBusy(draft.slot());
      requireOpen(deployment, verdict);
      proceed(draft, approved);
    }
    return draft.change(deployment.id(), verdict.facts()).and("approval.approved", before, approval);
  }

  /** A rejection ends the deployment. */
  public Change reject(Stored<Deployment> stored, Approval rejection, @Nullable Stored<Approval> before) {
    Deployment deployment = legal(stored, Move.REJECT);
    return ended(deployment, State.REJECTED, rejection.comment()).and("approval.rejected", before, rejection);
  }

  /** The deployer says that it is live. */
  public Change reportLive(Stored<Deployment> stored, @Nullable String message, @Nullable String logUrl,
      Verdict verdict) {
    Deployment deployment = legal(stored, Move.REPORT_LIVE);
    requireOpen(deployment, verdict);
    Draft draft = draft(deployment);
    draft.live(deployment.reported(message, logUrl));
    return draft.change(deployment.id(), verdict.facts());
  }

  /** The deployer says that it failed. */
  public Change reportFailed(Stored<Deployment> stored, @Nullable String message, @Nullable String logUrl) {
    Deployment deployment = legal(stored, Move.REPORT_FAILED).reported(message, logUrl);
    return ended(deployment, State.FAILED, null);
  }

  /** Nobody reported it in time. */
  public Change expire(Stored<Deployment> stored) {
    Deployment deployment = legal(stored, Move.REPORT_FAILED);
    return ended(deployment, State.FAILED, "not reported before " + deployment.deadline());
  }

  /** Whether nobody reported it in time. */
  public static boolean overdue(Deployment deployment, Instant at) {
    Instant deadline = deployment.deadline();
    return deployment.state() == State.DEPLOYING && deadline != null && !deadline.isAfter(at);
  }

  public Change cancel(Stored<Deployment> stored, @Nullable String why) {
    return ended(legal(stored, Move.CANCEL), State.CANCELLED, why);
  }

  /** What is live is so no more, and nothing takes its place. */
  public Change retire(Stored<Deployment> stored, @Nullable String why) {
    Deployment deployment = legal(stored, Move.RETIRE);
    Draft draft = draft(deployment);
    draft.leave(deployment, State.RETIRED, why);
    return draft.change(deployment.id(), List.of());
  }

  /**
   * Undoes what is live by a new deployment of a version that was live before. Whoever is on call wins: a deployment
   * that is under way ends as superseded, unless it is itself the same rollback.
   *
   * @param asked in state {@code requested}, {@code rollbackOf} the live one, {@code fallback} that of the target, so
   *     that a rollback of the rollback goes further back
   */
  public Change rollBack(Stored<Deployment> live, Deployment asked, Verdict verdict) {
    legal(live, Move.ROLL_BACK);
    Draft draft = draft(asked);
    String underWay = draft.slot().deploying();
    if (underWay != null && reported()) {
      Deployment other = draft.deployment(underWay);
      if (live.entity().id().equals(other.rollbackOf()) && other.version() == asked.version()) {
        throw Refused.of(Problem.CONFLICT,
            other.id() + " is already deploying this rollback: report or cancel it first");
      }
    }
    requireOpen(asked, verdict);
    if (reported()) {
      if (underWay != null) {
        draft.end(draft.deployment(underWay), State.SUPERSEDED, "superseded by " + asked.id());
      }
      if (draft.slot().open().size() >= Slot.MOST_OPEN) {
        draft.end(draft.deployment(draft.slot().open().getFirst()), State.SUPERSEDED, "superseded by " + asked.id());
      }
    }
    proceed(draft, asked);
    // Something else may have become live after it was read: then nobody asked for that to be undone.
    return draft.change(asked.id(), verdict.facts())
        .resting(List.of(Fact.of(live.entity().ref(), live)));
  }

  private boolean reported() {
    return now.environment().entity().mode() == Environment.Mode.REPORTED;
  }

  private void proceed(Draft draft, Deployment deployment) {
    switch (now.environment().entity().mode()) {
      case RECORDED -> draft.live(deployment);
      case REPORTED -> draft.open(deployment.deploying(at.plus(now.environment().entity().timeLimit())));
    }
  }

  private Change ended(Deployment deployment, State how, @Nullable String why) {
    Draft draft = draft(deployment);
    draft.end(deployment, how, why);
    return draft.change(deployment.id(), List.of());
  }

  private Draft draft(Deployment deployment) {
    Stored<Slot> slot = now.slot();
    return new Draft(now,
        slot == null
            ? Slot.empty(deployment.environment(), deployment.model(), deployment.department())
            : slot.entity(),
        by, at);
  }

  private Deployment legal(Stored<Deployment> stored, Move move) {
    Deployment deployment = stored.entity();
    Environment environment = now.environment().entity();
    if (!move.legal(deployment, environment)) {
      throw Refused.illegalMove(deployment.id() + " is " + deployment.state().wire() + ": "
          + move.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " is not possible",
          Move.legalMoves(deployment, environment));
    }
    return deployment;
  }

  private void refuseBusy(Slot slot) {
    String deploying = slot.deploying();
    if (deploying != null && reported()) {
      throw Refused.of(Problem.CONFLICT, deploying + " is deploying here: at most one deployment of a model does in an"
          + " environment. Report or cancel it first");
    }
  }

  private static void refuseFull(Slot slot) {
    if (slot.open().size() >= Slot.MOST_OPEN) {
      throw Refused.of(Problem.CONFLICT, Slot.MOST_OPEN + " deployments are open here, the oldest is "
          + slot.open().getFirst() + ": decide or cancel some first");
    }
  }

  private static void requireOpen(Deployment deployment, Verdict verdict) {
    if (!verdict.open()) {
      throw Refused.gateClosed("version " + deployment.version() + " of " + deployment.model() + " may not go to "
          + deployment.environment(), verdict.reasons());
    }
  }
}
