package dev.modelops.store.dynamodb;

import static dev.modelops.store.dynamodb.Samples.NOW;
import static dev.modelops.store.dynamodb.Samples.model;
import static dev.modelops.store.dynamodb.Samples.origin;
import static dev.modelops.store.dynamodb.Samples.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Listing;
import dev.modelops.domain.Page;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Department;
import dev.modelops.domain.access.Scope;
import dev.modelops.domain.access.SubjectType;
import dev.modelops.domain.access.Subjects.Subject;
import dev.modelops.domain.audit.AccessEntry;
import dev.modelops.domain.audit.AuditEntry;
import dev.modelops.domain.audit.AuditLog;
import dev.modelops.domain.audit.AuditLog.Line;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Change.Claim;
import dev.modelops.domain.change.Change.Fact;
import dev.modelops.domain.change.Changes.Committed;
import dev.modelops.domain.change.Idempotency;
import dev.modelops.domain.change.Lost;
import dev.modelops.domain.registry.Heads.Head;
import dev.modelops.domain.registry.Model;
import dev.modelops.domain.registry.Version;
import dev.modelops.embedded.TestAws;
import dev.modelops.json.Digests;
import dev.modelops.json.Seal;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every store of governed entities must do, on a real one. Each test uses names of its own. */
class StoreTest {

  private static final TestAws AWS = TestAws.fresh();
  private static final Dynamo DYNAMO = new Dynamo(env());
  private static final Tables TABLES = new Tables(env());
  private static final DynamoEntities ENTITIES = new DynamoEntities(DYNAMO, TABLES);
  private static final DynamoChanges CHANGES = new DynamoChanges(DYNAMO, TABLES, Clock.systemUTC());
  private static final DynamoHeads HEADS = new DynamoHeads(DYNAMO, TABLES);
  private static final DynamoAuditLog AUDIT = new DynamoAuditLog(DYNAMO, TABLES, ENTITIES);

  private static Map<String, String> env() {
    Map<String, String> env = new HashMap<>(AWS.env("RegistryFunction"));
    for (String table : List.of("Records", "Terms", "Metrics", "Rollups")) {
      env.put(table.toUpperCase(java.util.Locale.ROOT) + "_TABLE", AWS.physicalName(table + "Table"));
    }
    return env;
  }

  private static Committed commit(Change change) throws Lost {
    return commit(change, "req");
  }

  private static Committed commit(Change change, String request) throws Lost {
    return CHANGES.commit(change, origin(request), null, Instant.now().plusSeconds(10));
  }

  private static Stored<Model> create(Model model) throws Lost {
    return commit(Change.create("model.created", model)).of(model);
  }

  private static <E extends Entity> List<E> all(Class<E> type, Listing.Walk walk, int limit) {
    List<E> found = new ArrayList<>();
    @Nullable String position = null;
    do {
      Page<Stored<E>> page = ENTITIES.list(new Listing<>(type, walk, entity -> true, limit, position));
      page.items().forEach(stored -> found.add(stored.entity()));
      assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
      position = page.position();
    } while (position != null);
    return found;
  }

  private static List<String> names(Listing.Walk walk, int limit) {
    return all(Model.class, walk, limit).stream().map(Model::name).toList();
  }

  @Test
  void anEntityIsReadAsItWasWrittenWithItsRevisionAndChain() throws Lost {
    Model model = model("Round-Trip", "risk", Map.of("team", "blue"));
    Stored<Model> stored = create(model);
    assertThat(ENTITIES.get(Model.class, Ref.model("round-trip"))).contains(stored);
    assertThat(stored.rev()).isEqualTo(1);
    AuditEntry entry = AUDIT.chain(model.ref(), 1, 10).items().getFirst();
    assertThat(stored.head()).isEqualTo(entry.hash()).isEqualTo(Seal.hash(entry));
    assertThat(entry.after()).isEqualTo(Digests.of(model));
    assertThat(entry.before()).isNull();
    assertThat(entry.previous()).isNull();
    assertThat(entry.actor()).isEqualTo("usr_a");
  }

  @Test
  void aChangeNamesTheFieldsThatChangedAndContinuesTheChain() throws Lost {
    Stored<Model> before = create(model("diffed", "risk", Map.of("a", "1", "b", "2")));
    Model after = model("diffed", "risk", Map.of("a", "1", "b", "x".repeat(200)));
    Stored<Model> now = commit(Change.replace("model.changed", before, after)).of(after);
    AuditEntry entry = AUDIT.chain(after.ref(), 2, 10).items().getFirst();
    assertThat(entry.previous()).isEqualTo(before.head());
    assertThat(entry.before()).isEqualTo(Digests.of(before.entity()));
    assertThat(entry.changes()).singleElement().satisfies(change -> {
      assertThat(change.pointer()).isEqualTo("/tags/b");
      assertThat(change.old()).isEqualTo("\"2\"");
      assertThat(change.now()).startsWith("sha256:").endsWith(",202");
    });
    assertThat(now.rev()).isEqualTo(2);
  }

  @Test
  void aLostRaceSaysWhatMovedAndWritesNothing() throws Lost {
    Stored<Model> first = create(model("raced", "risk", Map.of()));
    Model second = model("raced", "risk", Map.of("k", "2"));
    commit(Change.replace("model.changed", first, second));
    assertThatThrownBy(() -> commit(Change.replace("model.changed", first, model("raced", "risk", Map.of("k", "3")))))
        .isInstanceOfSatisfying(Lost.class,
            lost -> assertThat(lost.moved()).isEqualTo(new Lost.Moved(Ref.model("raced"), 2)));
    assertThatThrownBy(() -> create(model("RACED", "other", Map.of()))).isInstanceOfSatisfying(Lost.class,
        lost -> assertThat(lost.moved()).isEqualTo(new Lost.Exists(Ref.model("raced"))));
    assertThat(AUDIT.chain(Ref.model("raced"), 1, 10).items()).hasSize(2);
    assertThat(ENTITIES.get(Model.class, Ref.model("raced")).orElseThrow().entity()).isEqualTo(second);
  }

  @Test
  void aFactThatMovedStopsTheChange() throws Lost {
    Stored<Model> fact = create(model("fact", "risk", Map.of()));
    Change resting = Change.create("model.created", model("rests", "risk", Map.of()))
        .resting(List.of(Fact.of(fact.entity().ref(), fact)));
    commit(Change.replace("model.changed", fact, model("fact", "risk", Map.of("moved", "yes"))));
    assertThatThrownBy(() -> commit(resting)).isInstanceOfSatisfying(Lost.class,
        lost -> assertThat(lost.moved()).isEqualTo(new Lost.Moved(Ref.model("fact"), 2)));
    assertThat(ENTITIES.get(Model.class, Ref.model("rests"))).isEmpty();
    Change absent = Change.create("model.created", model("rests", "risk", Map.of()))
        .resting(List.of(new Fact(Ref.model("nobody"), 0)));
    commit(absent);
    assertThatThrownBy(() -> commit(Change.create("model.created", model("rests-2", "risk", Map.of()))
        .resting(List.of(new Fact(Ref.model("rests"), 0))))).isInstanceOf(Lost.class);
  }

  @Test
  void aClaimedNameBelongsToItsFirstOwner() throws Lost {
    Claim claim = new Claim("external:claims", "run-1", Ref.version("claims", 1));
    commit(Change.create("version.created", version("claims", 1, "c", Version.State.PENDING)).claiming(claim));
    assertThat(CHANGES.owner("external:claims", "run-1")).contains(Ref.version("claims", 1));
    Claim second = new Claim("external:claims", "run-1", Ref.version("claims", 2));
    assertThatThrownBy(() -> commit(
        Change.create("version.created", version("claims", 2, "c", Version.State.PENDING)).claiming(second)))
        .isInstanceOfSatisfying(Lost.class,
            lost -> assertThat(lost.moved()).isEqualTo(new Lost.Taken(second, Ref.version("claims", 1))));
  }

  @Test
  void anIdempotencyKeyGivesTheFirstAnswerToTheLoserOfARace() throws Lost {
    Idempotency first = new Idempotency("usr_a#op#k", "digest-1", 201, Ref.model("idem-1"),
        Instant.now().plusSeconds(86400).truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
    CHANGES.commit(Change.create("model.created", model("idem-1", "risk", Map.of())), origin("r"), first,
        Instant.now().plusSeconds(10));
    assertThat(CHANGES.remembered("usr_a#op#k")).contains(first);
    Idempotency second = new Idempotency("usr_a#op#k", "digest-2", 201, Ref.model("idem-2"), first.expiresAt());
    assertThatThrownBy(() -> CHANGES.commit(Change.create("model.created", model("idem-2", "risk", Map.of())),
        origin("r"), second, Instant.now().plusSeconds(10))).isInstanceOfSatisfying(Lost.class,
            lost -> assertThat(lost.moved()).isEqualTo(new Lost.Done(first)));
    assertThat(ENTITIES.get(Model.class, Ref.model("idem-2"))).isEmpty();
  }

  @Test
  void sixtyFourWritersTakeSixtyFourNumbersWithoutAFailure() throws Exception {
    create(model("counted", "risk", Map.of()));
    Set<Integer> numbers = new TreeSet<>();
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Head>> calls = IntStream.range(0, 64)
          .<Callable<Head>>mapToObj(
              i -> () -> HEADS.next("Counted", new Scope.Departments(Set.of("risk"))).orElseThrow())
          .toList();
      for (Future<Head> head : executor.invokeAll(calls)) {
        numbers.add(head.get().latest());
      }
    }
    // A call that is sent again leaves a gap, which is allowed; a number that is given twice is not.
    assertThat(numbers).hasSize(64);
    assertThat(HEADS.next("counted", new Scope.Departments(Set.of("sales")))).isEmpty();
    assertThat(HEADS.get("counted").orElseThrow().latest()).isGreaterThanOrEqualTo(64);
    Stored<Model> model = ENTITIES.get(Model.class, Ref.model("counted")).orElseThrow();
    Model old = model.entity();
    commit(Change.replace("model.archived", model, new Model(old.name(), old.kind(), Model.State.ARCHIVED,
        old.department(), old.title(), null, old.owner(), Map.of(), null, null, Map.of(), Map.of(), null, NOW, "a", NOW,
        "a")));
    assertThat(HEADS.next("counted", Scope.ALL)).isEmpty();
    assertThat(HEADS.get("counted").orElseThrow().state()).isEqualTo(Model.State.ARCHIVED);
  }

  @Test
  void aListWalksTheTermWithinTheScopeInOrderAndItsPagesAreTheWhole() throws Lost {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 37; i++) {
      String name = "listed-%02d".formatted(i * 7 % 37);
      create(model(name, i % 2 == 0 ? "lists-a" : "lists-b", Map.of("list", "yes", "n", "" + i % 3)));
      expected.add(name);
    }
    expected.sort(null);
    Listing.Walk everywhere = new Listing.ByTerm(Scope.ALL, "tag", "list:yes", false);
    assertThat(names(everywhere, 5)).isEqualTo(expected);
    assertThat(names(new Listing.ByTerm(Scope.ALL, "tag", "list:yes", true), 10)).isEqualTo(expected.reversed());
    Scope one = new Scope.Departments(Set.of("lists-a"));
    assertThat(names(new Listing.ByTerm(one, "tag", "list:yes", false), 4)).hasSize(19);
    assertThat(names(new Listing.ByTerm(new Scope.Departments(Set.of("lists-a", "lists-b")), "all", "", false), 6))
        .isEqualTo(expected);
    assertThat(names(new Listing.ByTerm(new Scope.Departments(Set.of()), "all", "", false), 6)).isEmpty();
  }

  @Test
  void aFilteredPageMayBeShortButTheUnionOfPagesIsExact() throws Lost {
    for (int i = 0; i < 60; i++) {
      create(model("filtered-%02d".formatted(i), "filters", Map.of("n", "" + i)));
    }
    List<String> found = new ArrayList<>();
    @Nullable String position = null;
    int pages = 0;
    do {
      Page<Stored<Model>> page = ENTITIES.list(new Listing<>(Model.class,
          new Listing.ByTerm(new Scope.Departments(Set.of("filters")), "all", "", false),
          model -> model.name().endsWith("9"), 10, position));
      page.items().forEach(model -> found.add(model.entity().name()));
      position = page.position();
      pages++;
    } while (position != null);
    assertThat(found).containsExactly("filtered-09", "filtered-19", "filtered-29", "filtered-39", "filtered-49",
        "filtered-59");
    assertThat(pages).isEqualTo(3);
  }

  @Test
  void aChangedTermMovesTheEntityInItsLists() throws Lost {
    Stored<Model> before = create(model("moves", "moving", Map.of("color", "red")));
    commit(Change.replace("model.changed", before, model("moves", "moving", Map.of("color", "blue"))));
    Scope scope = new Scope.Departments(Set.of("moving"));
    assertThat(names(new Listing.ByTerm(scope, "tag", "color:red", false), 5)).isEmpty();
    assertThat(names(new Listing.ByTerm(scope, "tag", "color:blue", false), 5)).containsExactly("moves");
    assertThat(names(new Listing.ByTerm(Scope.ALL, "tag", "color:red", false), 5)).isEmpty();
  }

  @Test
  void aSearchFindsTheBeginningOfAnyWordAndShowsEachOnce() throws Lost {
    create(model("card-Zfraud-zfrauds-eu", "search", Map.of()));
    create(model("zfraud-plain", "search", Map.of()));
    create(model("zfra", "search", Map.of()));
    create(model("zfraud-elsewhere", "search-other", Map.of()));
    Scope scope = new Scope.Departments(Set.of("search"));
    assertThat(names(new Listing.ByPrefix(scope, "ZFraud"), 1))
        .containsExactlyInAnyOrder("card-Zfraud-zfrauds-eu", "zfraud-plain");
    assertThat(names(new Listing.ByPrefix(Scope.ALL, "zfra"), 2)).hasSize(4);
    assertThat(names(new Listing.ByPrefix(scope, "fraud"), 2)).isEmpty();
  }

  @Test
  void versionsAreListedNewestFirstByModelAndByCommit() throws Lost {
    for (int i = 1; i <= 12; i++) {
      commit(Change.create("version.created", version("listed", i, i % 2 == 0 ? "even" : "odd", Version.State.READY)));
    }
    assertThat(all(Version.class, new Listing.Children(Ref.model("Listed"), true), 5)).extracting(Version::version)
        .containsExactly(12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1);
    assertThat(all(Version.class, new Listing.ByCommit("listed", "even"), 4)).extracting(Version::version)
        .containsExactly(12, 10, 8, 6, 4, 2);
    assertThat(ENTITIES.get(Version.class, Ref.version("listed", 3))).isPresent();
    assertThat(ENTITIES.get(Version.class, Ref.parse("version:listed:03"))).isEmpty();
    assertThat(ENTITIES.get(Version.class, Ref.parse("version:listed"))).isEmpty();
  }

  @Test
  void whatIsDueIsFoundUntilItIsDone() throws Lost {
    Stored<Version> pending = null;
    for (int i = 1; i <= 9; i++) {
      Version version = version("due", i, "c", Version.State.PENDING);
      Stored<Version> stored = commit(Change.create("version.created", version)).of(version);
      pending = i == 4 ? stored : pending;
    }
    commit(Change.replace("version.expired", java.util.Objects.requireNonNull(pending),
        version("due", 4, "c", Version.State.EXPIRED)));
    assertThat(all(Version.class, new Listing.Due(NOW.plusSeconds(6)), 3)).filteredOn(v -> v.model().equals("due"))
        .extracting(Version::version).containsExactlyInAnyOrder(1, 2, 3, 5);
  }

  @Test
  void theAuditTrailIsFoundByActorRequestAndTimeWithinTheScope() throws Lost {
    Model model = model("audited", "audits", Map.of());
    Stored<Model> stored = commit(Change.create("model.created", model), "req-audit-1").of(model);
    commit(Change.replace("model.changed", stored, model("audited", "audits", Map.of("x", "y"))), "req-audit-2");
    Department department = new Department("audits", null, NOW, "usr_a");
    commit(Change.create("department.created", department), "req-audit-3");
    AUDIT.record(new AccessEntry("x1", model.ref(), "audits", "artifact.downloaded", NOW, "usr_a", null, "req-audit-4",
        null, null, "model.onnx"));
    Scope scope = new Scope.Departments(Set.of("audits"));
    assertThat(AUDIT.ofEntity(model.ref(), 2, null).items()).hasSize(2);
    assertThat(paged(position -> AUDIT.ofEntity(model.ref(), 1, position))).hasSize(3);
    assertThat(paged(position -> AUDIT.ofActor(scope, "usr_a", NOW, NOW.plusSeconds(1), 1, position))).hasSize(3);
    assertThat(paged(position -> AUDIT.ofActor(scope, "usr_a", NOW.plusSeconds(1), null, 5, position))).isEmpty();
    assertThat(paged(position -> AUDIT.ofRequest(scope, "req-audit-1", 5, position))).hasSize(1);
    assertThat(paged(position -> AUDIT.ofRequest(scope, "req-audit-3", 5, position))).isEmpty();
    assertThat(paged(position -> AUDIT.ofRequest(Scope.ALL, "req-audit-3", 5, position))).hasSize(1);
    Instant earlier = NOW.minusSeconds(86400 * 9);
    assertThat(paged(position -> page(AUDIT.overTime(scope, earlier, NOW.plusMillis(1), 2, position)))).hasSize(3);
    assertThat(paged(position -> page(AUDIT.overTime(scope, earlier, NOW, 2, position)))).isEmpty();
    String end = AUDIT.overTime(scope, NOW.minusSeconds(1), NOW, 9, null).position();
    assertThat(AUDIT.overTime(scope, NOW.minusSeconds(1), NOW.plusSeconds(1), 9, end).items())
        .as("what follows an end that was reached").hasSize(3);
  }

  private static Page<Line> page(AuditLog.Span span) {
    return new Page<>(span.items(), span.ended() ? null : span.position());
  }

  private static List<Line> paged(java.util.function.Function<@Nullable String, Page<Line>> page) {
    List<Line> lines = new ArrayList<>();
    @Nullable String position = null;
    int pages = 0;
    do {
      Page<Line> next = page.apply(position);
      lines.addAll(next.items());
      position = next.position();
      assertThat(pages++).as("pages end").isLessThan(50);
    } while (position != null);
    return lines;
  }

  @Test
  void manifestsAreKeptByDigest() {
    DynamoManifests manifests = new DynamoManifests(DYNAMO, TABLES);
    String digest = manifests.put(Samples.manifest("abc"));
    assertThat(manifests.put(Samples.manifest("abc"))).isEqualTo(digest);
    assertThat(manifests.get(digest)).contains(Samples.manifest("abc"));
    assertThat(manifests.get("f".repeat(64))).isEmpty();
  }

  @Test
  void anAddressHasOneReferenceThatDoesNotGiveItAway() {
    DynamoSubjects subjects = new DynamoSubjects(DYNAMO, TABLES);
    String source = subjects.source("198.51.100.7");
    assertThat(new DynamoSubjects(DYNAMO, TABLES).source("198.51.100.7")).isEqualTo(source);
    assertThat(subjects.addresses(List.of(source, "src_unknown"))).isEqualTo(Map.of(source, "198.51.100.7"));
  }

  @Test
  void anErasedNameIsGoneWhileItsSubjectMayComeBack() {
    DynamoSubjects subjects = new DynamoSubjects(DYNAMO, TABLES);
    Subject subject = new Subject("usr_erase", SubjectType.PERSON, "Ada");
    subjects.remember(subject);
    assertThat(subjects.get("usr_erase")).contains(subject);
    subjects.erase("usr_erase");
    assertThat(subjects.get("usr_erase")).isEmpty();
    assertThat(subjects.getAll(List.of("usr_erase"))).isEmpty();
    subjects.remember(subject);
    assertThat(subjects.getAll(List.of("usr_erase"))).containsOnlyKeys("usr_erase");
  }
}
