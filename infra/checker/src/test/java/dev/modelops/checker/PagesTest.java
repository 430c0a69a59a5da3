package dev.modelops.checker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.modelops.domain.Ref;
import dev.modelops.domain.access.Department;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A store that is read in many pages is one store. */
class PagesTest {

  private static final int MOST = 3;
  private static final int REVISIONS = 3 * MOST + 1;
  private static final Ref RETAIL = Ref.department("retail");
  private static final Stage STAGE = new Stage();

  private static List<Finding> paged() {
    return Checker.of(STAGE.aws.aws(), null, MOST).findings();
  }

  @BeforeAll
  static void haveAChainOfSeveralPages() {
    for (int rev = 2; rev <= REVISIONS; rev++) {
      Department now = STAGE.get(Department.class, RETAIL).entity();
      STAGE.put(new Department(now.name(), "Retail " + rev, now.createdAt(), now.createdBy()));
    }
  }

  @AfterAll
  static void nothingIsWrongWithWhatWasMended() {
    Checker.assertSound(STAGE.aws);
    STAGE.aws.close();
  }

  @Test
  void aStoreInWhichAllIsWellHasNoFindingsInAnyOfItsPages() {
    Summary whole = Checker.of(STAGE.aws).run(Part.WHOLE, finding -> {});
    Summary paged = Checker.of(STAGE.aws.aws(), null, MOST).run(Part.WHOLE, finding -> {});
    assertThat(paged.findings()).isZero();
    assertThat(paged.items()).isEqualTo(whole.items()).isGreaterThan(10 * MOST);
  }

  @Test
  void whatLiesBehindTheFirstPageIsFound() {
    for (String table : List.of("Records", "Terms", "Metrics", "Rollups")) {
      // The order of a scan is that of hashes: of so many most lie in other pages than the first.
      List<String> strangers = IntStream.range(0, 4 * MOST).mapToObj(number -> "zebra#" + number).toList();
      strangers.forEach(pk -> STAGE.write(table + "Table", Stage.key(pk, "-")));
      assertThat(paged()).extracting(Finding::entity).containsExactlyInAnyOrderElementsOf(
          strangers.stream().map(pk -> table.toLowerCase(Locale.ROOT) + " " + pk + " / -").toList());
      strangers.forEach(pk -> STAGE.delete(table + "Table", pk, "-"));
    }
  }

  @Test
  void whatBreaksAChainBehindItsFirstPageIsFound() {
    String sk = "%010d".formatted(REVISIONS - 1);
    STAGE.edit("RecordsTable", "a#department:retail", sk, entry -> {
      STAGE.delete("RecordsTable", "a#department:retail", sk);
      assertThat(paged()).extracting(Finding::rule, Finding::entity)
          .containsExactly(tuple(Rule.CHAIN, RETAIL.toString()));
      return entry;
    });
  }

  @Test
  void partsTogetherAreTheWhole() {
    long whole = Checker.of(STAGE.aws).run(Part.WHOLE, finding -> {}).items();
    long sum = 0;
    for (int part = 1; part <= 3; part++) {
      sum += Checker.of(STAGE.aws).run(new Part(part, 3), finding -> {}).items();
    }
    assertThat(sum).isEqualTo(whole).isPositive();
  }
}
