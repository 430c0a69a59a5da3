package dev.modelops.checker;

import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.deployment.Approval;
import dev.modelops.domain.deployment.Deployment;
import dev.modelops.domain.deployment.Deployment.State;
import dev.modelops.domain.deployment.Environment;
import dev.modelops.domain.deployment.Slot;
import dev.modelops.domain.registry.Version;
import dev.modelops.store.dynamodb.Row;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Slots, deployments and approvals, and that versions, deployments and slots say the same of what is live where. */
final class DeploymentRules {

  private DeploymentRules() {}

  static void judge(Row.State state, View view, Findings findings) {
    switch (state.stored().entity()) {
      case Slot slot -> slot(slot, view, findings);
      case Deployment deployment -> deployment(state, deployment, view, findings);
      case Approval approval -> approval(approval, view, findings);
      case Version version -> version(version, view, findings);
      default -> {
      }
    }
  }

  private static Optional<Deployment> deployment(String id, View view) {
    return view.find(Deployment.class, Ref.deployment(id)).map(Stored::entity);
  }

  private static Optional<Slot> slot(String environment, String model, View view) {
    return view.find(Slot.class, Ref.slot(environment, model)).map(Stored::entity);
  }

  private static void version(Version version, View view, Findings findings) {
    for (String environment : version.liveIn()) {
      boolean live = slot(environment, version.model(), view)
          .map(Slot::live).filter(now -> now.version() == version.version()).isPresent();
      findings.expect(live, Rule.SLOT, "believes to be live in %s, and is not", environment);
    }
    for (String id : version.openDeployments()) {
      boolean open = deployment(id, view)
          .filter(found -> found.state().open() && found.version() == version.version()).isPresent();
      findings.expect(open, Rule.SLOT, "believes that %s is open, which it is not", id);
    }
  }

  private static void slot(Slot slot, View view, Findings findings) {
    RegistryRules.below(slot, slot.model(), view, findings);
    boolean place = Environment.initial().stream().anyMatch(built -> built.name().equals(slot.environment()))
        || view.has(Ref.environment(slot.environment()));
    findings.expect(place, Rule.PARENT, "is in the environment %s, which is not there", slot.environment());
    Slot.Live live = slot.live();
    if (live != null) {
      live(slot, live, view, findings);
    }
    findings.expect(slot.left() == null || deployment(slot.left(), view).filter(left -> left.state().ended())
        .map(Deployment::liveAt).isPresent(), Rule.SLOT, "was left by %s, which was not live before", slot.left());
    int open = slot.open().size();
    findings.expect(open <= Slot.MOST_OPEN && new HashSet<>(slot.open()).size() == open, Rule.SLOT, "has open %s",
        slot.open());
    findings.expect(slot.deploying() == null || slot.open().contains(slot.deploying()), Rule.SLOT,
        "has %s deploying, and not among its open ones", slot.deploying());
    for (String id : slot.open()) {
      boolean agrees = deployment(id, view).filter(found -> in(slot, found) && found.state().open()
          && (found.state() == State.DEPLOYING) == id.equals(slot.deploying())
          && found.version() <= slot.reached()).isPresent();
      findings.expect(agrees, Rule.SLOT, "has %s open%s, and it is not", id,
          id.equals(slot.deploying()) ? " and deploying" : "");
    }
  }

  private static boolean in(Slot slot, Deployment deployment) {
    return deployment.environment().equals(slot.environment())
        && Ref.fold(deployment.model()).equals(Ref.fold(slot.model()));
  }

  private static void live(Slot slot, Slot.Live live, View view, Findings findings) {
    boolean agrees = deployment(live.deployment(), view).filter(found -> in(slot, found) && found.state() == State.LIVE
        && found.version() == live.version() && found.manifest().equals(live.manifest())
        && live.since().equals(found.liveAt())).isPresent();
    findings.expect(agrees, Rule.SLOT, "says that %s is live, and it is not", live);
    findings.expect(live.version() <= slot.reached() && live.since().equals(slot.changedAt()), Rule.SLOT,
        "has version %d live since %s, and reached %d at %s", live.version(), live.since(), slot.reached(),
        slot.changedAt());
    @Nullable Version version = view.find(Version.class, Ref.version(slot.model(), live.version()))
        .map(Stored::entity).orElse(null);
    if (version == null) {
      findings.expect(false, Rule.SLOT, "has version %d live, which is not there", live.version());
      return;
    }
    findings.expect(RegistryRules.held(version), Rule.SLOT, "has version %d live, which is %s", live.version(),
        version.state().wire());
    findings.expect(version.liveIn().contains(slot.environment()), Rule.SLOT,
        "has version %d live, which does not know it", live.version());
  }

  private static void deployment(Row.State state, Deployment deployment, View view, Findings findings) {
    RegistryRules.below(deployment, deployment.model(), view, findings);
    state(deployment, findings);
    @Nullable Version version = view.find(Version.class, Ref.version(deployment.model(), deployment.version()))
        .map(Stored::entity).orElse(null);
    findings.expect(version != null && version.manifest().equals(deployment.manifest()), Rule.PARENT,
        "is of a version that is not there, or of another manifest");
    @Nullable Slot slot = slot(deployment.environment(), deployment.model(), view).orElse(null);
    String id = deployment.id();
    boolean open = slot != null && slot.open().contains(id);
    boolean live = slot != null && slot.live() != null && slot.live().deployment().equals(id);
    boolean under = slot != null && id.equals(slot.deploying());
    findings.expect(open == deployment.state().open() && live == (deployment.state() == State.LIVE)
        && under == (deployment.state() == State.DEPLOYING), Rule.SLOT, "is %s, and its slot says otherwise",
        deployment.state().wire());
    findings.expect(version == null || version.openDeployments().contains(id) == deployment.state().open(), Rule.SLOT,
        "is %s, and its version says otherwise", deployment.state().wire());
    for (@Nullable String other : new @Nullable String[] {deployment.rollbackOf(), deployment.fallback()}) {
      findings.expect(other == null || deployment(other, view).map(Deployment::liveAt).isPresent(), Rule.DEPLOYMENT,
          "goes back to %s, which was never live", other);
    }
    approver(deployment, view, findings);
    interval(state, deployment, view, findings);
  }

  private static void state(Deployment deployment, Findings findings) {
    boolean ended = deployment.endedAt() != null && deployment.endedBy() != null;
    boolean wasLive = deployment.liveAt() != null;
    boolean well = switch (deployment.state()) {
      case REQUESTED -> false;
      case AWAITING_APPROVAL -> !ended && !wasLive;
      case DEPLOYING -> !ended && !wasLive && deployment.deadline() != null;
      case LIVE -> !ended && wasLive;
      case SUPERSEDED -> ended;
      case ROLLED_BACK, RETIRED -> ended && wasLive;
      case FAILED, REJECTED, CANCELLED -> ended && !wasLive;
    };
    findings.expect(well && (deployment.deadline() == null || deployment.state() == State.DEPLOYING), Rule.DEPLOYMENT,
        "is %s and yet %s", deployment.state().wire(), deployment);
  }

  /** Whoever opened the gate has decided so, about this very manifest; a rejection since has ended it. */
  private static void approver(Deployment deployment, View view, Findings findings) {
    String approver = deployment.approvedBy();
    if (approver != null) {
      boolean approved = view.find(Approval.class, Ref.approval(deployment.id(), approver)).map(Stored::entity)
          .filter(approval -> approval.manifest().equals(deployment.manifest())
              && (approval.decision() == Approval.Decision.APPROVED || deployment.state() == State.REJECTED))
          .isPresent();
      findings.expect(approved, Rule.APPROVAL, "was let through by %s, whose approval is not there", approver);
    }
  }

  private static void approval(Approval approval, View view, Findings findings) {
    @Nullable Deployment deployment = deployment(approval.deployment(), view).orElse(null);
    findings.expect(deployment != null && deployment.department().equals(approval.department()), Rule.PARENT,
        "is of a deployment that is not there, or of another department");
  }

  /** The index of what was ever live has the same predecessor as the deployment itself, and that one had ended. */
  private static void interval(Row.State state, Deployment deployment, View view, Findings findings) {
    Instant from = deployment.liveAt();
    if (from == null) {
      return;
    }
    Instant until = deployment.endedAt();
    findings.expect(until == null || from.isBefore(until), Rule.INTERVAL, "was live from %s to %s", from, until);
    @Nullable Deployment before = view.before(Deployment.class, state).map(Stored::entity).orElse(null);
    String found = before == null ? null : before.id();
    boolean linked = found == null ? deployment.previous() == null : found.equals(deployment.previous());
    findings.expect(linked, Rule.INTERVAL, "was live after %s, and says after %s", found, deployment.previous());
    Instant ended = before == null ? null : before.endedAt();
    findings.expect(before == null || ended != null && !ended.isAfter(from), Rule.INTERVAL,
        "was live from %s, and %s until %s", from, found, ended);
  }
}
