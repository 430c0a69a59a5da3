package dev.modelops.checker;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Department;
import dev.modelops.domain.access.Grant;
import dev.modelops.domain.access.IdentityProvider;
import dev.modelops.domain.access.Role;
import dev.modelops.domain.access.Scope;
import dev.modelops.domain.access.SubjectType;
import dev.modelops.domain.access.Subjects.Subject;
import dev.modelops.domain.access.Token;
import dev.modelops.domain.audit.AccessEntry;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Change.Claim;
import dev.modelops.domain.change.Idempotency;
import dev.modelops.domain.change.Lost;
import dev.modelops.domain.change.Origin;
import dev.modelops.domain.deployment.Approval;
import dev.modelops.domain.deployment.Deployability;
import dev.modelops.domain.deployment.Deployability.Verdict;
import dev.modelops.domain.deployment.Deployment;
import dev.modelops.domain.deployment.Environment;
import dev.modelops.domain.deployment.Moves;
import dev.modelops.domain.deployment.Situation;
import dev.modelops.domain.deployment.Slot;
import dev.modelops.domain.metrics.Block;
import dev.modelops.domain.metrics.RollupKey;
import dev.modelops.domain.metrics.SeriesCatalog;
import dev.modelops.domain.registry.Alias;
import dev.modelops.domain.registry.Artifact;
import dev.modelops.domain.registry.Check;
import dev.modelops.domain.registry.Manifest;
import dev.modelops.domain.registry.Model;
import dev.modelops.domain.registry.ModelKind;
import dev.modelops.domain.registry.Version;
import dev.modelops.embedded.TestAws;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A small store with something of everything, in which nothing is wrong; and ways to spoil it. */
final class Stage {

  static final Instant START = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  static final String CREDIT = "credit";
  static final Artifact FILE = new Artifact("model.onnx", 3, "a".repeat(64), "application/octet-stream", null);

  private static final List<String> TABLES = List.of("RecordsTable", "TermsTable", "MetricsTable", "RollupsTable");

  final TestAws aws = TestAws.fresh();
  final StoreComponent store;
  private Instant now = START;

  Stage() {
    Map<String, String> env = new HashMap<>(aws.env("RegistryFunction"));
    TABLES
        .forEach(table -> env.put(table.replace("Table", "_Table").toUpperCase(Locale.ROOT), aws.physicalName(table)));
    store = DaggerStoreComponent.factory().create(env, Clock.systemUTC());
    registry();
    deployments();
    access();
    metrics();
  }

  private void registry() {
    put(new Department(CREDIT, "Credit", tick(), "usr_root"));
    put(new Department("retail", null, tick(), "usr_root"));
    put(model("iris", CREDIT));
    Version first = version(1, manifest(List.of()), Manifest.Proof.DECLARED);
    Version claiming = version(2, manifest(List.of(FILE)), Manifest.Proof.PROVED);
    store.heads().next("iris", Scope.ALL);
    store.heads().next("iris", Scope.ALL);
    put(first);
    commit(Change.create("version.created", claiming).claiming(new Claim("external:iris", "build-2", claiming.ref())),
        new Idempotency("k1", "digest", 201, claiming.ref(), START.plus(Duration.ofDays(2))));
    Stored<Version> held = get(Version.class, first.ref());
    commit(Change.replace("version.aliased", held, held.entity().withAliases(Set.of("champion"))).and("alias.created",
        null, new Alias("iris", "champion", CREDIT, 1, tick(), "usr_a")), null);
    put(new Check("iris", 1, "holdout", CREDIT, Check.Status.PASSED, Map.of("auc", 0.9), null, null, tick(), "usr_a"));
  }

  private void deployments() {
    move("staging", null, (moves, gate) -> moves.request(asked("dep_1", 1, "staging"), gate), 1);
    move("staging", null, (moves, gate) -> moves.request(asked("dep_2", 2, "staging"), gate), 2);
    move("production", null, (moves, gate) -> moves.request(asked("dep_3", 1, "production"), gate), 1);
    move("production", "dep_3", (moves, gate) -> moves.approve(get(Deployment.class, Ref.deployment("dep_3")),
        new Approval("dep_3", "usr_b", CREDIT, Approval.Decision.APPROVED,
            get(Version.class, Ref.version("iris", 1)).entity().manifest(), null, tick()),
        null, gate), 1);
    move("production", null, (moves, gate) -> moves.request(asked("dep_4", 2, "production"), gate), 2);
  }

  private void access() {
    put(token("tok_1", "tok_2"));
    commit(Change.create("token.created", token("tok_2", null))
        .claiming(new Claim("first-admin", "token", Ref.token("tok_2"))), null);
    store.tokenUse().used("tok_1", java.time.LocalDate.of(2026, 3, 1));
    IdentityProvider provider = new IdentityProvider("ci", "https://ci.example", null, "modelops",
        SubjectType.SERVICE, null, List.of(), true, tick(), "usr_root", now, "usr_root", null);
    commit(Change.create("identity-provider.created", provider)
        .claiming(new Claim("issuer", provider.issuer(), provider.ref())), null);
    store.subjects().remember(new Subject("usr_a", SubjectType.PERSON, "A"));
    store.subjects().source("192.0.2.1");
    store.audit().record(new AccessEntry("acc_1", Ref.version("iris", 1), CREDIT, "artifact.downloaded", tick(),
        "usr_a", null, "req-2", null, null, "model.onnx"));
  }

  private void metrics() {
    long minute = START.getEpochSecond() / 60;
    store.blocks().put(block("iris"));
    store.catalog().write("iris", "production", YearMonth.from(START.atZone(ZoneOffset.UTC)),
        new SeriesCatalog.Page(0, 0, new byte[] {1}));
    for (RollupKey key : List.of(new RollupKey.Watermark("iris", "production"),
        new RollupKey.Open("iris", "production", 0, minute),
        new RollupKey.Pack("abc", dev.modelops.domain.metrics.Step.HOUR, 3),
        new RollupKey.Placement("abc"), new RollupKey.QuarterSketch("abc", 5), new RollupKey.DaySketch("abc", 6),
        new RollupKey.Active("iris", "production", 7), new RollupKey.Listed("iris", "production", "abc"))) {
      store.rollups().put(key, 0, new byte[] {1}, null);
    }
  }

  static Block block(String model) {
    long minute = START.getEpochSecond() / 60;
    return new Block(model, "production", minute, minute + 3, "d".repeat(64), new byte[] {1}, "usr_a", "req-3", START);
  }

  Instant tick() {
    now = now.plusSeconds(1);
    return now;
  }

  static Model model(String name, String department) {
    return new Model(name, ModelKind.ML, Model.State.ACTIVE, department, "Iris species", null, "usr_o", Map.of(), null,
        null, Map.of("team", "a"), Map.of(), null, START, "usr_a", START, "usr_a");
  }

  Manifest manifest(List<Artifact> files) {
    return new Manifest(files, List.of(), null, null, Map.of("depth", 3), Map.of(), null, null, List.of(), List.of());
  }

  Version version(int number, Manifest manifest, Manifest.Proof proof) {
    return new Version("iris", number, CREDIT, number == 2 ? "build-2" : null, Version.State.READY,
        store.manifests().put(manifest), proof, null, null, Map.of(), tick(), "usr_a", null, null, now, null, Set.of(),
        Set.of(), Set.of());
  }

  static Token token(String id, @Nullable String rotatedTo) {
    return new Token(id, "for ci", "svc_a", SubjectType.SERVICE, null,
        List.of(new Grant(Role.ML_ENGINEER, CREDIT, null, null, "usr_root")), "b".repeat(64), START, "usr_root",
        START.plus(Duration.ofDays(30)), null, null, rotatedTo);
  }

  private Deployment asked(String id, int version, String environment) {
    return Deployment.asked(id, get(Version.class, Ref.version("iris", version)).entity(), environment, "usr_a", null,
        tick());
  }

  /** What is done in a slot. */
  private interface InSlot {
    Change change(Moves moves, Verdict gate);
  }

  /** A move as the deployment function makes it, with all that it may touch read. */
  private void move(String environment, @Nullable String about, InSlot what, int version) {
    Stored<Environment> place = new Stored<>(Environment.initial().stream()
        .filter(built -> built.name().equals(environment)).findFirst().orElseThrow(), 0, "");
    Stored<Slot> slot = store.entities().get(Slot.class, Ref.slot(environment, "iris")).orElse(null);
    Map<String, Stored<Deployment>> deployments = new HashMap<>();
    for (String id : Situation.touched(slot == null ? null : slot.entity())) {
      deployments.put(id, get(Deployment.class, Ref.deployment(id)));
    }
    if (about != null) {
      deployments.put(about, get(Deployment.class, Ref.deployment(about)));
    }
    Map<Integer, Stored<Version>> versions = new HashMap<>();
    for (int number : List.of(1, 2)) {
      versions.put(number, get(Version.class, Ref.version("iris", number)));
    }
    Verdict gate =
        Deployability.judge(place, get(Model.class, Ref.model("iris")),
            get(Version.class, Ref.version("iris", version)), Map.of());
    commit(what.change(new Moves(new Situation(place, slot, deployments, versions), "usr_a", tick()), gate), null);
  }

  <E extends Entity> Stored<E> get(Class<E> type, Ref ref) {
    return store.entities().get(type, ref).orElseThrow(() -> new AssertionError(ref + " is not there"));
  }

  void commit(Change change, @Nullable Idempotency idempotency) {
    try {
      store.changes().commit(change, new Origin("usr_a", null, "req-1", null, null, tick()), idempotency,
          Instant.now().plusSeconds(20));
    } catch (Lost lost) {
      throw new AssertionError(lost);
    }
  }

  /** Brings an entity into a state that no rule has looked at. Its audit entry is written all the same. */
  @SuppressWarnings("unchecked")
  <E extends Entity> void put(E entity) {
    Stored<E> before = (Stored<E>) store.entities().find(entity.ref()).orElse(null);
    commit(before == null ? Change.create("test.put", entity) : Change.replace("test.put", before, entity), null);
  }

  <E extends Entity> void change(Class<E> type, Ref ref, UnaryOperator<E> to) {
    put(to.apply(get(type, ref).entity()));
  }

  /** Writes an item behind everybody's back. */
  void write(String table, Map<String, AttributeValue> item) {
    aws.dynamo().putItem(put -> put.tableName(aws.physicalName(table)).item(item));
  }

  /** Edits one item behind everybody's back. */
  void edit(String table, String pk, String sk, UnaryOperator<Map<String, AttributeValue>> edit) {
    Map<String, AttributeValue> key = key(pk, sk);
    Map<String, AttributeValue> item = new HashMap<>(
        aws.dynamo().getItem(get -> get.tableName(aws.physicalName(table)).key(key)).item());
    if (item.isEmpty()) {
      throw new AssertionError("there is no item " + pk + " / " + sk);
    }
    write(table, edit.apply(item));
  }

  /** All items of all tables, to come back to. */
  Map<String, Set<Map<String, AttributeValue>>> snapshot() {
    Map<String, Set<Map<String, AttributeValue>>> items = new HashMap<>();
    for (String table : TABLES) {
      items.put(table, Set.copyOf(aws.dynamo().scanPaginator(scan -> scan.tableName(aws.physicalName(table))
          .consistentRead(true)).items().stream().toList()));
    }
    return items;
  }

  /** Makes all as it was. */
  void restore(Map<String, Set<Map<String, AttributeValue>>> before) {
    Map<String, Set<Map<String, AttributeValue>>> now = snapshot();
    for (String table : TABLES) {
      Set<Map<String, AttributeValue>> was = Objects.requireNonNull(before.get(table));
      Set<Map<String, AttributeValue>> is = Objects.requireNonNull(now.get(table));
      is.stream().filter(item -> !was.contains(item)).forEach(item -> aws.dynamo()
          .deleteItem(delete -> delete.tableName(aws.physicalName(table)).key(Reading.key(item))));
      was.stream().filter(item -> !is.contains(item)).forEach(item -> write(table, item));
    }
  }

  void delete(String table, String pk, String sk) {
    edit(table, pk, sk, item -> item);
    aws.dynamo().deleteItem(delete -> delete.tableName(aws.physicalName(table)).key(key(pk, sk)));
  }

  static Map<String, AttributeValue> key(String pk, String sk) {
    return Map.of("pk", AttributeValue.fromS(pk), "sk", AttributeValue.fromS(sk));
  }

  static UnaryOperator<Map<String, AttributeValue>> setting(String attribute, AttributeValue value) {
    return item -> {
      Map<String, AttributeValue> changed = new HashMap<>(item);
      changed.put(attribute, value);
      return changed;
    };
  }
}
