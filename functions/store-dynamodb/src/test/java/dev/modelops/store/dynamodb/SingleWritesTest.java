package dev.modelops.store.dynamodb;

import static dev.modelops.store.dynamodb.Samples.manifest;
import static dev.modelops.store.dynamodb.Samples.model;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import dev.modelops.domain.Ref;
import dev.modelops.domain.access.Scope;
import dev.modelops.domain.access.SubjectType;
import dev.modelops.domain.access.Subjects.Subject;
import dev.modelops.domain.audit.AccessEntry;
import dev.modelops.domain.change.Lost;
import dev.modelops.domain.change.Unavailable;
import dev.modelops.domain.metrics.Block;
import dev.modelops.domain.metrics.MetricBlocks;
import dev.modelops.domain.metrics.RollupKey;
import dev.modelops.domain.metrics.SeriesCatalog;
import dev.modelops.domain.registry.Heads;
import dev.modelops.testkit.Faults;
import dev.modelops.testkit.Faults.Kind;
import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Writes of one item, which AWS refuses while a transaction holds the item, and DynamoDB Local never does. */
class SingleWritesTest {

  private static final StoreStage STORE = new StoreStage();
  private static final DynamoRollups ROLLUPS = new DynamoRollups(STORE.dynamo, STORE.tables);

  private static Faults.Armed conflicts(int times) {
    return Faults.arm(Kind.CONFLICT, Kind.CONFLICT::strikes, times);
  }

  private static int next(String model) {
    return STORE.heads.next(model, Scope.ALL).map(Heads.Head::latest).orElseThrow();
  }

  @Test
  void aNumberIsTakenOnceThoughTransactionsHoldTheHead() throws Lost {
    STORE.create(model("held", "risk", Map.of()));
    try (Faults.Armed fault = conflicts(3)) {
      assertThat(next("held")).isEqualTo(1);
      assertThat(fault.struck()).isEqualTo(3);
    }
    assertThat(next("held")).isEqualTo(2);
  }

  @Test
  void whoMeetsTransactionsAgainAndAgainIsAskedToComeLaterAndHasTakenNothing() throws Lost {
    STORE.create(model("contested", "risk", Map.of()));
    try (Faults.Armed fault = conflicts(Integer.MAX_VALUE)) {
      assertThatThrownBy(() -> next("contested")).isInstanceOf(Unavailable.class);
      assertThat(fault.struck()).isBetween(4, 16);
    }
    assertThat(next("contested")).isEqualTo(1);
  }

  static Stream<Arguments> writes() {
    DynamoManifests manifests = new DynamoManifests(STORE.dynamo, STORE.tables);
    DynamoSubjects subjects = new DynamoSubjects(STORE.dynamo, STORE.tables);
    DynamoTokenUse use = new DynamoTokenUse(STORE.dynamo, STORE.tables);
    DynamoSeriesCatalog catalog = new DynamoSeriesCatalog(STORE.dynamo, STORE.tables);
    DynamoMetricBlocks blocks = new DynamoMetricBlocks(STORE.dynamo, STORE.tables, Duration.ofDays(30));
    RollupKey cell = new RollupKey.Placement("series");
    RollupKey gone = new RollupKey.Placement("gone");
    ROLLUPS.put(gone, 0, new byte[] {1}, null);
    LocalDate day = LocalDate.parse("2026-03-01");
    YearMonth month = YearMonth.of(2026, 3);
    return Stream.of(
        write("a manifest", "m", id -> manifests.get(manifests.put(manifest(id))).isPresent()),
        write("a name", "s", id -> {
          subjects.remember(new Subject(id, SubjectType.PERSON, "Ada"));
          return subjects.get(id).isPresent();
        }),
        write("an erased name", "e", id -> {
          subjects.erase(id);
          return subjects.get(id).isEmpty();
        }),
        write("an address", "192.0.2.7", id -> {
          String source = subjects.source(id);
          return subjects.addresses(List.of(source)).equals(Map.of(source, id));
        }),
        write("the use of a token", "t", id -> {
          use.used(id, day);
          return use.lastUsed(List.of(id)).equals(Map.of(id, day));
        }),
        write("an audited read", "r", id -> {
          STORE.audit.record(new AccessEntry(id, Ref.model(id), "risk", "audit.exported", Samples.NOW, "usr_a", null,
              "req", null, null, null));
          return STORE.audit.ofEntity(Ref.model(id), 5, null).items().size() == 1;
        }),
        write("a block", "b", id -> blocks.put(new Block(id, "production", 1, 2, "digest", new byte[] {1}, "usr_a",
            "req", Samples.NOW)) == MetricBlocks.Outcome.STORED),
        write("a page of the catalog", "c", id -> catalog.write(id, "production", month,
            new SeriesCatalog.Page(0, 0, new byte[] {1}))),
        write("a cell", "k", id -> ROLLUPS.put(cell, 0, new byte[] {1}, null)),
        write("a cell that goes", "g", id -> ROLLUPS.remove(gone, 1) && ROLLUPS.get(gone).equals(Optional.empty())));
  }

  private static Arguments write(String what, String id, Function<String, Boolean> written) {
    return argumentSet(what, id, written);
  }

  @ParameterizedTest
  @MethodSource("writes")
  void everyWriteOfOneItemIsMadeThoughTransactionsHoldIt(String id, Function<String, Boolean> written) {
    try (Faults.Armed fault = conflicts(2)) {
      assertThat(written.apply(id)).isTrue();
      assertThat(fault.struck()).isEqualTo(2);
    }
  }
}
