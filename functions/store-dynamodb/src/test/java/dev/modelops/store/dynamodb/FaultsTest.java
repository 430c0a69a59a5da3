package dev.modelops.store.dynamodb;

import static dev.modelops.store.dynamodb.Samples.model;
import static dev.modelops.store.dynamodb.Samples.origin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Change.Claim;
import dev.modelops.domain.change.Idempotency;
import dev.modelops.domain.change.Lost;
import dev.modelops.domain.change.Unavailable;
import dev.modelops.domain.registry.Model;
import dev.modelops.testkit.Faults;
import dev.modelops.testkit.Race;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/** A commit whose call fails in every way in which it can. */
class FaultsTest {

  private static final StoreStage STORE = new StoreStage();

  private static boolean transaction(SdkRequest request) {
    return request instanceof TransactWriteItemsRequest;
  }

  private static Change create(String name) {
    Model model = model(name, "risk", Map.of());
    return Change.create("model.created", model).claiming(new Claim("faults", name, model.ref()));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"UNPROCESSED", "PARTLY_PROCESSED", "KILLED_BEFORE",
      "KILLED_AFTER"})
  void aChangeIsWrittenOnceHoweverItsFirstAttemptsFail(Faults.Kind kind) throws Lost {
    String name = "fault-" + kind.name().toLowerCase(Locale.ROOT);
    Idempotency idempotency = new Idempotency("faults#" + name, "digest", 201, model(name, "risk", Map.of()).ref(),
        Instant.now().plusSeconds(90_000));
    Stored<Model> created;
    try (Faults.Armed fault = Faults.arm(kind, FaultsTest::transaction, 3)) {
      created = STORE.changes.commit(create(name), origin("r"), idempotency, Instant.now().plusSeconds(10))
          .of(model(name, "risk", Map.of()));
      assertThat(fault.struck()).isEqualTo(3);
    }
    assertThat(STORE.entities.get(Model.class, created.entity().ref())).contains(created);
    assertThat(STORE.audit.chain(created.entity().ref(), 1, 10).items()).hasSize(1);
    Model next = model(name, "risk", Map.of("k", "v"));
    try (Faults.Armed fault = Faults.arm(kind, FaultsTest::transaction, 2)) {
      STORE.changes.commit(Change.replace("model.changed", created, next), origin("r2"), null,
          Instant.now().plusSeconds(10));
      assertThat(fault.struck()).isEqualTo(2);
    }
    assertThat(STORE.audit.chain(created.entity().ref(), 1, 10).items()).hasSize(2);
    assertThat(STORE.entities.get(Model.class, next.ref()).orElseThrow().entity()).isEqualTo(next);
  }

  @Test
  void aWriteThatHadHappenedIsKnownEvenWhenItsTokenIsForgotten() throws Lost {
    // A token is good for ten minutes; after that the same transaction fails on its own traces.
    Change change = create("forgotten");
    Instant deadline = Instant.now().plusSeconds(10);
    STORE.changes.commit(change, origin("r"), null, deadline);
    STORE.changes.commit(change, origin("r"), null, deadline);
    assertThat(STORE.audit.chain(change.primary(), 1, 10).items()).hasSize(1);
    assertThatThrownBy(() -> STORE.changes.commit(change, origin("another request"), null, deadline))
        .isInstanceOf(Lost.class);
  }

  @Test
  void anOutcomeThatStaysUnknownIsSaidToBeUnknown() {
    try (Faults.Armed fault = Faults.arm(Faults.Kind.NOT_SENT, FaultsTest::transaction, 1000)) {
      assertThatThrownBy(() -> STORE.changes.commit(create("never"), origin("r"), null, Instant.now().plusMillis(300)))
          .isInstanceOf(Unavailable.class);
      assertThat(fault.struck()).isGreaterThan(1);
    }
    assertThat(STORE.entities.get(Model.class, model("never", "risk", Map.of()).ref())).isEmpty();
  }

  @Test
  void ofWritersThatMeetExactlyOneWinsThoughConflictsAndLostAnswersRain() throws Lost {
    Stored<Model> before = STORE.changes.commit(create("contended"), origin("r"), null, Instant.now().plusSeconds(10))
        .of(model("contended", "risk", Map.of()));
    try (Faults.Armed conflicts = Faults.arm(Faults.Kind.CONFLICT, FaultsTest::transaction, 12);
        Faults.Armed losses = Faults.arm(Faults.Kind.ANSWER_LOST, FaultsTest::transaction, 2)) {
      List<Boolean> won = Race.of(16, i -> {
        try {
          STORE.changes.commit(
              Change.replace("model.changed", before, model("contended", "risk", Map.of("writer", "" + i))),
              origin("r" + i), null, Instant.now().plusSeconds(20));
          return true;
        } catch (Lost lost) {
          return false;
        }
      });
      assertThat(won).containsOnlyOnce(true);
      assertThat(conflicts.struck()).isEqualTo(12);
      assertThat(losses.struck()).isPositive();
    }
    assertThat(STORE.audit.chain(before.entity().ref(), 1, 10).items()).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(names = {"UNPROCESSED", "PARTLY_PROCESSED"})
  void whatABatchLeavesUnprocessedIsAskedForAgain(Faults.Kind kind) throws Lost {
    List<Stored<Model>> models = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      models.add(STORE.create(model(kind.name().toLowerCase(Locale.ROOT) + i, "risk", Map.of())));
    }
    try (Faults.Armed fault = Faults.arm(kind, request -> true, 3)) {
      assertThat(STORE.entities.getAll(Model.class, models.stream().map(each -> each.entity().ref()).toList()).values())
          .containsExactlyInAnyOrderElementsOf(models);
      assertThat(fault.struck()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UNPROCESSED", "THROTTLED", "NOT_SENT"})
  void aBatchThatIsNotReadIsNoEmptyOne(Faults.Kind kind) throws Lost {
    Ref read = STORE.create(model("unread-" + kind.name().toLowerCase(Locale.ROOT), "risk", Map.of())).entity().ref();
    try (Faults.Armed fault = Faults.arm(kind, BatchGetItemRequest.class::isInstance, Integer.MAX_VALUE)) {
      assertThatThrownBy(() -> STORE.entities.getAll(Model.class, List.of(read))).isInstanceOf(Unavailable.class);
      assertThat(fault.struck()).isPositive();
    }
  }
}
