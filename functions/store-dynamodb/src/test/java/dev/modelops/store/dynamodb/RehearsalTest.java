package dev.modelops.store.dynamodb;

import static dev.modelops.store.dynamodb.Samples.model;
import static dev.modelops.store.dynamodb.Samples.origin;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.Ref;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.metrics.RollupKey;
import dev.modelops.domain.metrics.Rollups;
import dev.modelops.domain.metrics.Step;
import dev.modelops.domain.registry.Model;
import dev.modelops.embedded.TestAws;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.Set;
import java.util.List;
import dev.modelops.domain.registry.Heads;
import dev.modelops.domain.access.Scope;
import java.util.TreeMap;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.junit.jupiter.api.Test;

/** Before a snapshot nothing is written, after it everything is. */
class RehearsalTest {

  private static final TestAws AWS = TestAws.fresh();
  private static final Context<Resource> CRAC = Core.getGlobalContext();

  private final Map<String, String> env = env();
  private final Tables tables = new Tables(env);
  private final Dynamo dynamo = new Dynamo(env);
  private final DynamoChanges changes = new DynamoChanges(dynamo, tables, Clock.systemUTC());
  private final DynamoEntities entities = new DynamoEntities(dynamo, tables);
  private final DynamoTokenUse uses = new DynamoTokenUse(dynamo, tables);

  private static Map<String, String> env() {
    Map<String, String> env = new TreeMap<>(AWS.env("RegistryFunction"));
    env.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
    return env;
  }

  private static Map<String, String> rollupEnv() {
    return AWS.env("MinuteCloseFunction");
  }

  private static long written() {
    return AWS.dynamo().scan(scan -> scan.tableName(AWS.physicalName("RecordsTable"))).count();
  }

  @Test
  void whatIsWrittenBeforeASnapshotIsFoundAgainAndGoesNowhere() throws Exception {
    changes.commit(Change.create("model.created", model("rehearsed", "risk", Map.of())), origin("r"), null,
        Instant.now().plusSeconds(10));
    uses.used("tok_1", LocalDate.EPOCH);
    assertThat(entities.get(Model.class, Ref.model("rehearsed"))).isPresent();
    assertThat(written()).isZero();

    dynamo.beforeCheckpoint(CRAC);
    dynamo.afterRestore(CRAC);
    assertThat(entities.get(Model.class, Ref.model("rehearsed"))).isEmpty();
    changes.commit(Change.create("model.created", model("rehearsed", "risk", Map.of())), origin("r"), null,
        Instant.now().plusSeconds(10));
    assertThat(entities.get(Model.class, Ref.model("rehearsed"))).isPresent();
    assertThat(written()).isPositive();

    assertThat(new DynamoEntities(new Dynamo(env), tables).get(Model.class, Ref.model("rehearsed")))
        .as("reads before a snapshot go to the store").isPresent();
  }

  @Test
  void whatIsWrittenBeforeASnapshotIsListedCountedAndReadTogether() throws Exception {
    for (String name : List.of("rehearsed-1", "rehearsed-2")) {
      changes.commit(Change.create("model.created", model(name, "many", Map.of())), origin("r"), null, Instant.MAX);
    }
    assertThat(entities.getAll(Model.class, List.of(Ref.model("rehearsed-1"), Ref.model("rehearsed-2")))).hasSize(2);
    DynamoAuditLog trail = new DynamoAuditLog(dynamo, tables, entities);
    assertThat(trail.ofEntity(Ref.model("rehearsed-1"), 10, null).items()).hasSize(1);
    assertThat(trail.ofActor(new Scope.Departments(Set.of("many")), "usr_a", null, null, 10, null).items())
        .isNotEmpty();

    DynamoHeads heads = new DynamoHeads(dynamo, tables);
    assertThat(heads.next("rehearsed-1", Scope.ALL)).get().extracting(Heads.Head::latest).isEqualTo(1);
    assertThat(heads.next("rehearsed-1", Scope.ALL)).as("the second one is refused").isEmpty();
    assertThat(heads.next("rehearsed-1", Scope.ALL)).get().extracting(Heads.Head::latest).isEqualTo(2);
  }

  @Test
  void aQueryFindsNoMoreThanItAsksFor() {
    DynamoRollups rollups = new DynamoRollups(dynamo, new Tables(rollupEnv()));
    byte[] data = {1};
    for (long quarter = 7; quarter < 10; quarter++) {
      rollups.put(new RollupKey.QuarterSketch("series", quarter), 0, data, null);
      rollups.put(new RollupKey.Pack("series", Step.MINUTE, quarter), 0, data, null);
    }
    assertThat(rollups.quarters("series", 8, 9)).extracting(Rollups.Cell::key)
        .containsExactly(new RollupKey.QuarterSketch("series", 8), new RollupKey.QuarterSketch("series", 9));
  }

  @Test
  void everyCopyHasAClientOfItsOwnThatNothingWasEverAskedOf() {
    Object rehearsing = dynamo.client();
    dynamo.beforeCheckpoint(CRAC);
    Object copied = dynamo.client();
    assertThat(copied).isNotSameAs(rehearsing);
    dynamo.afterRestore(CRAC);
    assertThat(dynamo.client()).as("built before the snapshot, so that no caller waits for it").isSameAs(copied);
  }
}
