package dev.modelops.deployment;

import dagger.BindsInstance;
import dagger.Component;
import dev.modelops.checker.Checker;
import dev.modelops.domain.Entities;
import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Department;
import dev.modelops.domain.access.Scope;
import dev.modelops.domain.audit.AuditEntry;
import dev.modelops.domain.audit.AuditLog;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Changes;
import dev.modelops.domain.change.Lost;
import dev.modelops.domain.change.Origin;
import dev.modelops.domain.deployment.Deployment;
import dev.modelops.domain.deployment.Environment;
import dev.modelops.domain.deployment.Slot;
import dev.modelops.domain.registry.Artifact;
import dev.modelops.domain.registry.Check;
import dev.modelops.domain.registry.Heads;
import dev.modelops.domain.registry.Manifest;
import dev.modelops.domain.registry.Manifests;
import dev.modelops.domain.registry.Model;
import dev.modelops.domain.registry.ModelKind;
import dev.modelops.domain.registry.Version;
import dev.modelops.edge.EdgeModule;
import dev.modelops.embedded.TestAws;
import dev.modelops.store.dynamodb.DynamoDbModule;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Tables of their own, with models, versions and environments put there without the functions that do so. At the end of a
 * class nothing in the tables may contradict itself.
 */
class SeededStore implements AfterAllCallback {

  static final String DEPARTMENT = "credit";
  private static final AtomicInteger MODELS = new AtomicInteger();

  final TestAws aws = TestAws.fresh();
  final Map<String, String> env = aws.env("DeploymentFunction");
  final Entities entities;
  final Changes changes;
  final Heads heads;
  final AuditLog auditLog;
  private final Manifests manifests;

  /** The ports, for what other functions do. */
  @Singleton
  @Component(modules = {EdgeModule.class, DynamoDbModule.class})
  interface Ports {
    Entities entities();

    Changes changes();

    Heads heads();

    AuditLog auditLog();

    Manifests manifests();

    /** Makes it from a function's environment. */
    @Component.Factory
    interface Factory {
      Ports create(@BindsInstance Map<String, String> env);
    }
  }

  SeededStore() {
    Ports ports = DaggerSeededStore_Ports.factory().create(env);
    entities = ports.entities();
    changes = ports.changes();
    heads = ports.heads();
    auditLog = ports.auditLog();
    manifests = ports.manifests();
    commit(Change.create("department.created", new Department(DEPARTMENT, null, Instant.now(), "usr_root")));
  }

  @Override
  public void afterAll(ExtensionContext test) {
    Checker.assertSound(aws);
  }

  // What the registry does.

  /** A new model with so many ready versions. */
  String model(int versions) {
    String name = "Model-" + MODELS.incrementAndGet();
    Instant now = Instant.now();
    commit(Change.create("model.created", new Model(name, ModelKind.ML, Model.State.ACTIVE, DEPARTMENT, null, null,
        null, Map.of(), null, null, Map.of(), Map.of(), null, now, "usr_author", now, "usr_author")));
    for (int number = 1; number <= versions; number++) {
      version(name);
    }
    return name;
  }

  int version(String model) {
    return version(model, Version.State.READY, Manifest.Proof.PROVED);
  }

  int version(String model, Version.State state, Manifest.Proof proof) {
    int number = heads.next(model, Scope.ALL).orElseThrow().latest();
    Instant now = Instant.now();
    boolean pending = state == Version.State.PENDING;
    commit(Change.create("version.created",
        new Version(model, number, DEPARTMENT, null, state, manifests.put(manifest(number, proof)), proof, null, null,
            Map.of(), now, "usr_author", "github:1", pending ? now.plus(Duration.ofDays(1)) : null,
            pending ? null : now, null, Set.of(), Set.of(), Set.of())));
    return number;
  }

  private static Manifest manifest(int number, Manifest.Proof proof) {
    List<Artifact> files = proof == Manifest.Proof.DECLARED
        ? List.of()
        : List.of(new Artifact("m", 1, "%064x".formatted(number), "application/octet-stream", "onnx"));
    return new Manifest(files, List.of(), null, null, Map.of(), Map.of(), null, null, List.of(), List.of());
  }

  void ready(String model, int number) {
    become(model, number, Version.State.READY);
  }

  void withdraw(String model, int number) {
    become(model, number, Version.State.WITHDRAWN);
  }

  private void become(String model, int number, Version.State state) {
    change("version.changed", Version.class, Ref.version(model, number), version -> new Version(version.model(), number,
        DEPARTMENT, null, state, version.manifest(), version.proof(), null, null, Map.of(), version.createdAt(),
        version.createdBy(), version.onBehalfOf(), null,
        version.readyAt() == null ? Instant.now() : version.readyAt(),
        state == Version.State.WITHDRAWN ? new Version.Recall("bad", Instant.now(), "usr_x") : null, version.aliases(),
        version.liveIn(), version.openDeployments()));
  }

  void archive(String model) {
    change("model.archived", Model.class, Ref.model(model), old -> new Model(old.name(), old.kind(),
        Model.State.ARCHIVED, DEPARTMENT, null, null, null, Map.of(), null, null, Map.of(), Map.of(), null,
        old.createdAt(), old.createdBy(), Instant.now(), "usr_x"));
  }

  void check(String model, int version, String name, Check.Status status, Map<String, Double> metrics) {
    Check check = new Check(model, version, name, DEPARTMENT, status, metrics, null, null, Instant.now(), "svc_ci");
    for (;;) {
      Stored<Check> before = entities.get(Check.class, check.ref()).orElse(null);
      try {
        changes.commit(before == null
            ? Change.create("check.posted", check)
            : Change.replace("check.posted", before, check), origin(), null, Instant.now().plusSeconds(20));
        return;
      } catch (Lost lost) {
        // Another one was faster.
      }
    }
  }

  private <E extends Entity> void change(String action, Class<E> type, Ref ref,
      java.util.function.UnaryOperator<E> how) {
    for (;;) {
      Stored<E> before = entities.get(type, ref).orElseThrow();
      try {
        changes.commit(Change.replace(action, before, how.apply(before.entity())), origin(), null,
            Instant.now().plusSeconds(20));
        return;
      } catch (Lost lost) {
        // A deployment was faster.
      }
    }
  }

  void commit(Change change) {
    try {
      changes.commit(change, origin(), null, Instant.now().plusSeconds(20));
    } catch (Lost lost) {
      throw new AssertionError(lost);
    }
  }

  static Origin origin() {
    return Origin.system("test", "req-test", "stage", Instant.now());
  }

  // What admins do.

  /** A new environment. */
  String environment(Environment.Mode mode, boolean protection, Environment.RequiredCheck... checks) {
    String name = "env-" + MODELS.incrementAndGet();
    put(name, mode, protection, false, List.of(checks));
    return name;
  }

  void put(String name, Environment.Mode mode, boolean protection, boolean requireProved,
      List<Environment.RequiredCheck> checks) {
    put(name, mode, protection, requireProved, checks, Duration.ofHours(1));
  }

  void put(String name, Environment.Mode mode, boolean protection, boolean requireProved,
      List<Environment.RequiredCheck> checks, Duration timeLimit) {
    Stored<Environment> before = entities.get(Environment.class, Ref.environment(name)).orElse(null);
    Environment next = new Environment(name, null, mode, protection, checks, requireProved, timeLimit,
        Instant.now(), "usr_admin", Instant.now(), "usr_admin");
    commit(before == null
        ? Change.create("environment.created", next)
        : Change.replace("environment.changed", before, next));
  }

  // What is there.

  Deployment deployment(String id) {
    return entities.get(Deployment.class, Ref.deployment(id)).orElseThrow().entity();
  }

  Slot slot(String environment, String model) {
    return entities.get(Slot.class, Ref.slot(environment, model)).orElseThrow().entity();
  }

  Version stored(String model, int version) {
    return entities.get(Version.class, Ref.version(model, version)).orElseThrow().entity();
  }

  /** What happened to an entity, in the order of its revisions. */
  List<String> actions(Ref ref) {
    return auditLog.chain(ref, 1, 100).items().stream().map(AuditEntry::action).toList();
  }
}
