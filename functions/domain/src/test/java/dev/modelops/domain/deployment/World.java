package dev.modelops.domain.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.deployment.Deployability.Verdict;
import dev.modelops.domain.deployment.Deployment.State;
import dev.modelops.domain.deployment.Environment.Mode;
import dev.modelops.domain.registry.Manifest;
import dev.modelops.domain.registry.Model;
import dev.modelops.domain.registry.ModelKind;
import dev.modelops.domain.registry.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A store in memory for one model in one environment, that knows what must be true of it after every change. */
final class World {

  static final String MODEL = "card-fraud";
  static final String ENVIRONMENT = "place";
  static final String DEPARTMENT = "payments";

  private final Map<Ref, Stored<?>> entities = new HashMap<>();
  private int ids;
  private int largest;
  Instant now = Instant.parse("2026-01-01T00:00:00Z");

  World(Mode mode, boolean protection, int versions) {
    environment(mode, protection);
    put(new Model(MODEL, ModelKind.ML, Model.State.ACTIVE, DEPARTMENT, null, null, null, Map.of(), null, null, Map.of(),
        Map.of(), null, now, "usr_author", now, "usr_author"));
    for (int number = 1; number <= versions; number++) {
      put(version(number, Version.State.READY));
    }
  }

  static Version version(int number, Version.State state) {
    Instant at = Instant.parse("2026-01-01T00:00:00Z");
    return new Version(MODEL, number, DEPARTMENT, null, state, "manifest-" + number, Manifest.Proof.PROVED, null, null,
        Map.of(), at, "usr_author", null, null, at, null, Set.of(), Set.of(), Set.of());
  }

  void environment(Mode mode, boolean protection) {
    put(new Environment(ENVIRONMENT, null, mode, protection, List.of(), false, Duration.ofHours(1), null, null, null,
        null));
  }

  void withdraw(int number) {
    Version version = stored(Version.class, Ref.version(MODEL, number)).orElseThrow().entity();
    put(new Version(version.model(), version.version(), version.department(), null, Version.State.WITHDRAWN,
        version.manifest(), version.proof(), null, null, Map.of(), version.createdAt(), version.createdBy(), null, null,
        version.readyAt(), new Version.Recall("bad", now, "usr_x"), Set.of(), version.liveIn(),
        version.openDeployments()));
  }

  void put(Entity entity) {
    long rev = Optional.ofNullable(entities.get(entity.ref())).map(Stored::rev).orElse(0L);
    entities.put(entity.ref(), new Stored<>(entity, rev + 1, ""));
  }

  @SuppressWarnings("unchecked")
  <E extends Entity> Optional<Stored<E>> stored(Class<E> type, Ref ref) {
    return Optional.ofNullable((Stored<E>) entities.get(ref));
  }

  Environment environment() {
    return stored(Environment.class, Ref.environment(ENVIRONMENT)).orElseThrow().entity();
  }

  Optional<Slot> slot() {
    return stored(Slot.class, Ref.slot(ENVIRONMENT, MODEL)).map(Stored::entity);
  }

  /** Oldest first. */
  List<Deployment> deployments() {
    return entities.values().stream().map(Stored::entity).filter(Deployment.class::isInstance)
        .map(Deployment.class::cast).sorted(Comparator.comparing(Deployment::id)).toList();
  }

  Deployment deployment(String id) {
    return deployed(id).entity();
  }

  Stored<Deployment> deployed(String id) {
    return stored(Deployment.class, Ref.deployment(id)).orElseThrow();
  }

  Situation situation() {
    Map<String, Stored<Deployment>> deployments =
        deployments().stream().collect(Collectors.toMap(Deployment::id, deployment -> deployed(deployment.id())));
    Map<Integer, Stored<Version>> versions = new HashMap<>();
    entities.forEach((ref, stored) -> {
      if (stored.entity() instanceof Version version) {
        versions.put(version.version(), stored(Version.class, ref).orElseThrow());
      }
    });
    return new Situation(stored(Environment.class, Ref.environment(ENVIRONMENT)).orElseThrow(),
        stored(Slot.class, Ref.slot(ENVIRONMENT, MODEL)).orElse(null), deployments, versions);
  }

  Moves moves(String by) {
    return new Moves(situation(), by, now);
  }

  Verdict verdict(int version) {
    return Deployability.judge(stored(Environment.class, Ref.environment(ENVIRONMENT)).orElseThrow(),
        stored(Model.class, Ref.model(MODEL)).orElseThrow(),
        stored(Version.class, Ref.version(MODEL, version)).orElseThrow(), Map.of());
  }

  Verdict rollbackVerdict(int version) {
    return Deployability.judgeRollback(stored(Environment.class, Ref.environment(ENVIRONMENT)).orElseThrow(),
        stored(Version.class, Ref.version(MODEL, version)).orElseThrow(), Map.of());
  }

  Verdict liveVerdict(Deployment deployment) {
    if (deployment.rollbackOf() != null) {
      return rollbackVerdict(deployment.version());
    }
    Stored<Approval> approval = deployment.approvedBy() == null
        ? null
        : stored(Approval.class, Ref.approval(deployment.id(), deployment.approvedBy())).orElseThrow();
    return Deployability.withApproval(verdict(deployment.version()), deployment, approval);
  }

  Deployment asked(int version, boolean automatic, @Nullable String rollbackOf, @Nullable String fallback) {
    return new Deployment(String.format("dep_%06d", ++ids), MODEL, version, ENVIRONMENT, DEPARTMENT, State.REQUESTED,
        "usr_requester", null, now, automatic, "manifest-" + version, null, rollbackOf, fallback, null, null, null,
        null, null, null, null);
  }

  // The moves, as a function makes them.

  Deployment request(int version) {
    return request(version, false);
  }

  Deployment request(int version, boolean automatic) {
    Deployment asked = asked(version, automatic, null, null);
    apply(moves("usr_requester").request(asked, verdict(version)));
    return deployment(asked.id());
  }

  Deployment approve(String id) {
    return approve(id, "usr_approver");
  }

  Deployment approve(String id, String approver) {
    return decide(id, approver, Approval.Decision.APPROVED);
  }

  Deployment reject(String id) {
    return decide(id, "usr_approver", Approval.Decision.REJECTED);
  }

  private Deployment decide(String id, String approver, Approval.Decision decision) {
    Stored<Deployment> stored = deployed(id);
    Deployment deployment = stored.entity();
    Approval approval =
        new Approval(id, approver, DEPARTMENT, decision, deployment.manifest(), null, now);
    Stored<Approval> before = stored(Approval.class, approval.ref()).orElse(null);
    Moves moves = moves(approver);
    apply(decision == Approval.Decision.APPROVED
        ? moves.approve(stored, approval, before, verdict(deployment.version()))
        : moves.reject(stored, approval, before));
    return deployment(id);
  }

  Deployment report(String id, boolean live) {
    Stored<Deployment> stored = deployed(id);
    Moves moves = moves("svc_deployer");
    apply(live
        ? moves.reportLive(stored, "done", null, liveVerdict(stored.entity()))
        : moves.reportFailed(stored, "broken", null));
    return deployment(id);
  }

  Deployment cancel(String id) {
    apply(moves("usr_requester").cancel(deployed(id), null));
    return deployment(id);
  }

  Deployment expire(String id) {
    apply(moves("system:deadline").expire(deployed(id)));
    return deployment(id);
  }

  Deployment retire(String id) {
    apply(moves("usr_operator").retire(deployed(id), null));
    return deployment(id);
  }

  /** Empty when nothing was live before. */
  Optional<Deployment> rollBack(String id) {
    Stored<Deployment> live = deployed(id);
    String fallback = live.entity().fallback();
    if (fallback == null) {
      return Optional.empty();
    }
    Deployment target = deployment(fallback);
    Deployment asked = asked(target.version(), false, id, target.fallback());
    apply(moves("usr_operator").rollBack(live, asked, rollbackVerdict(target.version())));
    return Optional.of(deployment(asked.id()));
  }

  /** Writes the change as the store would, and then asks whether everything that must be true is. */
  void apply(Change change) {
    largest = Math.max(largest, change.effects().size());
    assertThat(change.effects().stream().map(Change.Effect::ref)).as("one state per entity").doesNotHaveDuplicates();
    for (Change.Fact fact : change.facts()) {
      assertThat(fact.rev()).isEqualTo(Optional.ofNullable(entities.get(fact.ref())).map(Stored::rev).orElse(0L));
    }
    for (Change.Effect<?> effect : change.effects()) {
      Stored<?> before = entities.get(effect.ref());
      assertThat(effect.before()).as("before of %s", effect.ref()).isEqualTo(before);
    }
    change.effects().forEach(effect -> put(effect.after()));
    check();
  }

  int largest() {
    return largest;
  }

  void check() {
    Invariants.check(deployments(), slot().orElse(Slot.empty(ENVIRONMENT, MODEL, DEPARTMENT)),
        entities.values().stream()
            .map(Stored::entity).filter(Version.class::isInstance).map(Version.class::cast).toList());
  }
}
