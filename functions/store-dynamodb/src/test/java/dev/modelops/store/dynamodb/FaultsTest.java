package dev.modelops.store.dynamodb;

import static dev.modelops.store.dynamodb.Samples.model;
import static dev.modelops.store.dynamodb.Samples.origin;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelops.domain.Stored;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Change.Claim;
import dev.modelops.domain.change.Idempotency;
import dev.modelops.domain.change.Lost;
import dev.modelops.domain.change.Unavailable;
import dev.modelops.domain.registry.Model;
import dev.modelops.embedded.TestAws;
import dev.modelops.testkit.Faults;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/** A commit whose call fails in every way in which it can. */
class FaultsTest {

  private static final TestAws AWS = TestAws.fresh();
  private static final Dynamo DYNAMO = new Dynamo(env());
  private static final Tables TABLES = new Tables(env());
  private static final DynamoEntities ENTITIES = new DynamoEntities(DYNAMO, TABLES);
  private static final DynamoAuditLog AUDIT = new DynamoAuditLog(DYNAMO, TABLES, ENTITIES);
  private static final DynamoChanges CHANGES = new DynamoChanges(DYNAMO, TABLES, Clock.systemUTC());

  private static Map<String, String> env() {
    Map<String, String> env = new HashMap<>(AWS.env("RegistryFunction"));
    env.putIfAbsent("TERMS_TABLE", AWS.physicalName("TermsTable"));
    return env;
  }

  private static boolean transaction(SdkRequest request) {
    return request instanceof TransactWriteItemsRequest;
  }

  private static Change create(String name) {
    Model model = model(name, "risk", Map.of());
    return Change.create("model.created", model).claiming(new Claim("faults", name, model.ref()));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"UNPROCESSED", "KILLED_BEFORE", "KILLED_AFTER"})
  void aChangeIsWrittenOnceHoweverItsFirstAttemptsFail(Faults.Kind kind) throws Lost {
    String name = "fault-" + kind.name().toLowerCase(java.util.Locale.ROOT);
    Idempotency idempotency = new Idempotency("faults#" + name, "digest", 201, model(name, "risk", Map.of()).ref(),
        Instant.now().plusSeconds(90_000));
    Stored<Model> created;
    try (Faults.Armed fault = Faults.arm(kind, FaultsTest::transaction, 3)) {
      created = CHANGES.commit(create(name), origin("r"), idempotency, Instant.now().plusSeconds(10))
          .of(model(name, "risk", Map.of()));
      assertThat(fault.struck()).isEqualTo(3);
    }
    assertThat(ENTITIES.get(Model.class, created.entity().ref())).contains(created);
    assertThat(AUDIT.chain(created.entity().ref(), 1, 10).items()).hasSize(1);
    Model next = model(name, "risk", Map.of("k", "v"));
    try (Faults.Armed fault = Faults.arm(kind, FaultsTest::transaction, 2)) {
      CHANGES.commit(Change.replace("model.changed", created, next), origin("r2"), null,
          Instant.now().plusSeconds(10));
      assertThat(fault.struck()).isEqualTo(2);
    }
    assertThat(AUDIT.chain(created.entity().ref(), 1, 10).items()).hasSize(2);
    assertThat(ENTITIES.get(Model.class, next.ref()).orElseThrow().entity()).isEqualTo(next);
  }

  @Test
  void aWriteThatHadHappenedIsKnownEvenWhenItsTokenIsForgotten() throws Lost {
    // A token is good for ten minutes; after that the same transaction fails on its own traces.
    Change change = create("forgotten");
    Instant deadline = Instant.now().plusSeconds(10);
    CHANGES.commit(change, origin("r"), null, deadline);
    CHANGES.commit(change, origin("r"), null, deadline);
    assertThat(AUDIT.chain(change.primary(), 1, 10).items()).hasSize(1);
    assertThatThrownBy(() -> CHANGES.commit(change, origin("another request"), null, deadline))
        .isInstanceOf(Lost.class);
  }

  @Test
  void anOutcomeThatStaysUnknownIsSaidToBeUnknown() {
    try (Faults.Armed fault = Faults.arm(Faults.Kind.NOT_SENT, FaultsTest::transaction, 1000)) {
      assertThatThrownBy(() -> CHANGES.commit(create("never"), origin("r"), null, Instant.now().plusMillis(300)))
          .isInstanceOf(Unavailable.class);
      assertThat(fault.struck()).isGreaterThan(1);
    }
    assertThat(ENTITIES.get(Model.class, model("never", "risk", Map.of()).ref())).isEmpty();
  }

  @Test
  void ofWritersThatMeetExactlyOneWinsThoughConflictsAndLostAnswersRain() throws Exception {
    Stored<Model> before = CHANGES.commit(create("contended"), origin("r"), null, Instant.now().plusSeconds(10))
        .of(model("contended", "risk", Map.of()));
    AtomicInteger won = new AtomicInteger();
    try (Faults.Armed conflicts = Faults.arm(Faults.Kind.CONFLICT, FaultsTest::transaction, 12);
        Faults.Armed losses = Faults.arm(Faults.Kind.ANSWER_LOST, FaultsTest::transaction, 2);
        var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Boolean>> writers = IntStream.range(0, 16).<Callable<Boolean>>mapToObj(i -> () -> {
        try {
          CHANGES.commit(
              Change.replace("model.changed", before, model("contended", "risk", Map.of("writer", "" + i))),
              origin("r" + i), null, Instant.now().plusSeconds(20));
          return won.incrementAndGet() > 0;
        } catch (Lost lost) {
          return false;
        }
      }).toList();
      for (Future<Boolean> writer : executor.invokeAll(writers)) {
        writer.get();
      }
      assertThat(conflicts.struck()).isEqualTo(12);
      assertThat(losses.struck()).isPositive();
    }
    assertThat(won).hasValue(1);
    assertThat(AUDIT.chain(before.entity().ref(), 1, 10).items()).hasSize(2);
  }
}
