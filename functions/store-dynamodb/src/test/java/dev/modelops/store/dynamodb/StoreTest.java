package dev.modelops.store.dynamodb;

import static dev.modelops.store.dynamodb.Samples.NOW;
import static dev.modelops.store.dynamodb.Samples.model;
import static dev.modelops.store.dynamodb.Samples.origin;
import static dev.modelops.store.dynamodb.Samples.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Scope;
import dev.modelops.domain.audit.AuditEntry;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Change.Claim;
import dev.modelops.domain.change.Change.Fact;
import dev.modelops.domain.change.Idempotency;
import dev.modelops.domain.change.Lost;
import dev.modelops.domain.registry.Model;
import dev.modelops.domain.registry.Version;
import dev.modelops.json.Digests;
import dev.modelops.json.Seal;
import dev.modelops.testkit.Race;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What every store of governed entities must do with a change, on a real one. Each test uses names of its own. */
class StoreTest {

  private static final StoreStage STORE = new StoreStage();

  @Test
  void anEntityIsReadAsItWasWrittenWithItsRevisionAndChain() throws Lost {
    Model model = model("Round-Trip", "risk", Map.of("team", "blue"));
    Stored<Model> stored = STORE.create(model);
    assertThat(STORE.entities.get(Model.class, Ref.model("round-trip"))).contains(stored);
    assertThat(stored.rev()).isEqualTo(1);
    AuditEntry entry = STORE.audit.chain(model.ref(), 1, 10).items().getFirst();
    assertThat(stored.head()).isEqualTo(entry.hash()).isEqualTo(Seal.hash(entry));
    assertThat(entry.after()).isEqualTo(Digests.of(model));
    assertThat(entry.before()).isNull();
    assertThat(entry.previous()).isNull();
    assertThat(entry.actor()).isEqualTo("usr_a");
  }

  @Test
  void aChangeNamesTheFieldsThatChangedAndContinuesTheChain() throws Lost {
    Stored<Model> before = STORE.create(model("diffed", "risk", Map.of("a", "1", "b", "2")));
    Model after = model("diffed", "risk", Map.of("a", "1", "b", "x".repeat(200)));
    Stored<Model> now = STORE.commit(Change.replace("model.changed", before, after)).of(after);
    AuditEntry entry = STORE.audit.chain(after.ref(), 2, 10).items().getFirst();
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
    Stored<Model> first = STORE.create(model("raced", "risk", Map.of()));
    Model second = model("raced", "risk", Map.of("k", "2"));
    STORE.commit(Change.replace("model.changed", first, second));
    assertThatThrownBy(
        () -> STORE.commit(Change.replace("model.changed", first, model("raced", "risk", Map.of("k", "3")))))
        .isInstanceOfSatisfying(Lost.class,
            lost -> assertThat(lost.moved()).isEqualTo(new Lost.Moved(Ref.model("raced"), 2)));
    assertThatThrownBy(() -> STORE.create(model("RACED", "other", Map.of()))).isInstanceOfSatisfying(Lost.class,
        lost -> assertThat(lost.moved()).isEqualTo(new Lost.Exists(Ref.model("raced"))));
    assertThat(STORE.audit.chain(Ref.model("raced"), 1, 10).items()).hasSize(2);
    assertThat(STORE.entities.get(Model.class, Ref.model("raced")).orElseThrow().entity()).isEqualTo(second);
  }

  @Test
  void aFactThatMovedStopsTheChange() throws Lost {
    Stored<Model> fact = STORE.create(model("fact", "risk", Map.of()));
    Change resting = Change.create("model.created", model("rests", "risk", Map.of()))
        .resting(List.of(Fact.of(fact.entity().ref(), fact)));
    STORE.commit(Change.replace("model.changed", fact, model("fact", "risk", Map.of("moved", "yes"))));
    assertThatThrownBy(() -> STORE.commit(resting)).isInstanceOfSatisfying(Lost.class,
        lost -> assertThat(lost.moved()).isEqualTo(new Lost.Moved(Ref.model("fact"), 2)));
    assertThat(STORE.entities.get(Model.class, Ref.model("rests"))).isEmpty();
    Change absent = Change.create("model.created", model("rests", "risk", Map.of()))
        .resting(List.of(new Fact(Ref.model("nobody"), 0)));
    STORE.commit(absent);
    assertThatThrownBy(() -> STORE.commit(Change.create("model.created", model("rests-2", "risk", Map.of()))
        .resting(List.of(new Fact(Ref.model("rests"), 0))))).isInstanceOf(Lost.class);
  }

  @Test
  void aClaimedNameBelongsToItsFirstOwner() throws Lost {
    Claim claim = new Claim("external:claims", "run-1", Ref.version("claims", 1));
    STORE.commit(Change.create("version.created", version("claims", 1, "c", Version.State.PENDING)).claiming(claim));
    assertThat(STORE.changes.owner("external:claims", "run-1")).contains(Ref.version("claims", 1));
    Claim second = new Claim("external:claims", "run-1", Ref.version("claims", 2));
    assertThatThrownBy(() -> STORE.commit(
        Change.create("version.created", version("claims", 2, "c", Version.State.PENDING)).claiming(second)))
        .isInstanceOfSatisfying(Lost.class,
            lost -> assertThat(lost.moved()).isEqualTo(new Lost.Taken(second, Ref.version("claims", 1))));
  }

  @Test
  void anIdempotencyKeyGivesTheFirstAnswerToTheLoserOfARace() throws Lost {
    Idempotency first = new Idempotency("usr_a#op#k", "digest-1", 201, Ref.model("idem-1"),
        Instant.now().plusSeconds(86400).truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
    STORE.changes.commit(Change.create("model.created", model("idem-1", "risk", Map.of())), origin("r"), first,
        Instant.now().plusSeconds(10));
    assertThat(STORE.changes.remembered("usr_a#op#k")).contains(first);
    Idempotency second = new Idempotency("usr_a#op#k", "digest-2", 201, Ref.model("idem-2"), first.expiresAt());
    assertThatThrownBy(() -> STORE.changes.commit(Change.create("model.created", model("idem-2", "risk", Map.of())),
        origin("r"), second, Instant.now().plusSeconds(10))).isInstanceOfSatisfying(Lost.class,
            lost -> assertThat(lost.moved()).isEqualTo(new Lost.Done(first)));
    assertThat(STORE.entities.get(Model.class, Ref.model("idem-2"))).isEmpty();
  }

  @Test
  void sixtyFourWritersTakeSixtyFourNumbersWithoutAFailure() throws Lost {
    STORE.create(model("counted", "risk", Map.of()));
    List<Integer> numbers =
        Race.of(64, i -> STORE.heads.next("Counted", new Scope.Departments(Set.of("risk"))).orElseThrow().latest());
    // A call that is sent again leaves a gap, which is allowed; a number that is given twice is not.
    assertThat(numbers).doesNotHaveDuplicates();
    assertThat(STORE.heads.next("counted", new Scope.Departments(Set.of("sales")))).isEmpty();
    assertThat(STORE.heads.get("counted").orElseThrow().latest()).isGreaterThanOrEqualTo(64);
    Stored<Model> model = STORE.entities.get(Model.class, Ref.model("counted")).orElseThrow();
    Model old = model.entity();
    STORE.commit(Change.replace("model.archived", model, new Model(old.name(), old.kind(), Model.State.ARCHIVED,
        old.department(), old.title(), null, old.owner(), Map.of(), null, null, Map.of(), Map.of(), null, NOW, "a", NOW,
        "a")));
    assertThat(STORE.heads.next("counted", Scope.ALL)).isEmpty();
    assertThat(STORE.heads.get("counted").orElseThrow().state()).isEqualTo(Model.State.ARCHIVED);
  }

  @Test
  void manifestsAreKeptByDigest() {
    DynamoManifests manifests = new DynamoManifests(STORE.dynamo, STORE.tables);
    String digest = manifests.put(Samples.manifest("abc"));
    assertThat(manifests.put(Samples.manifest("abc"))).isEqualTo(digest);
    assertThat(manifests.get(digest)).contains(Samples.manifest("abc"));
    assertThat(manifests.get("f".repeat(64))).isEmpty();
  }
}
