package dev.modelops.checker;

import static dev.modelops.checker.Spoiled.FIRST;
import static dev.modelops.checker.Spoiled.SECOND;
import static dev.modelops.checker.Spoiled.with;
import static dev.modelops.checker.Stage.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.modelops.domain.registry.Version;
import dev.modelops.json.Json;
import dev.modelops.store.s3.S3Module;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** One thing at a time goes wrong in a store in which all was well, and exactly that is found. */
class RulesTest {

  private static final Stage STAGE = new Stage();
  private static final Map<String, Set<Map<String, AttributeValue>>> WHOLE = STAGE.snapshot();

  @TestFactory
  Stream<DynamicTest> exactlyWhatIsWrongIsFound() {
    return Spoiled.CASES.stream().map(each -> DynamicTest.dynamicTest(each.what(), () -> {
      try {
        each.spoil().accept(STAGE);
        assertThat(Checker.of(STAGE.aws).findings()).extracting(Finding::rule, Finding::entity)
            .containsExactly(tuple(each.rule(), each.entity()));
      } finally {
        STAGE.restore(WHOLE);
      }
    }));
  }

  @Test
  void aStoreInWhichAllIsWellHasNoFindings() {
    List<Finding> findings = new ArrayList<>();
    Summary summary = Checker.of(STAGE.aws).run(Part.WHOLE, findings::add);
    assertThat(findings).isEmpty();
    assertThat(summary.toString()).contains("items and 0 files", "nothing is wrong");
  }

  @Test
  void aTestThatLeavesAStoreWhichContradictsItselfFailsWithAllOfIt() {
    Checker.assertSound(STAGE.aws);
    try {
      STAGE.write("RecordsTable", Stage.key("zebra#1", "-"));
      STAGE.write("TermsTable", Stage.key("zebra#2", "-"));
      assertThatThrownBy(() -> Checker.assertSound(STAGE.aws)).isInstanceOf(AssertionError.class)
          .hasMessageContainingAll("zebra#1", "zebra#2");
    } finally {
      STAGE.restore(WHOLE);
    }
  }

  @Test
  void aFileThatIsNotStoredIsFoundWhenFilesAreAskedFor() {
    List<Finding> findings = new ArrayList<>();
    Summary summary = Checker.of(STAGE.aws.aws(), S3Module.artifacts(STAGE.aws.env("RegistryFunction")), null)
        .run(Part.WHOLE, findings::add);
    assertThat(findings).extracting(Finding::rule, Finding::entity)
        .containsExactly(tuple(Rule.FILE, SECOND.toString()));
    assertThat(summary.files()).isPositive();
  }

  @Test
  void everyRuleHasBeenViolated() {
    Set<Rule> violated = EnumSet.of(Rule.FILE);
    Spoiled.CASES.forEach(each -> violated.add(each.rule()));
    assertThat(violated).containsExactlyInAnyOrderElementsOf(Arrays.asList(Rule.values()));
  }

  @Test
  void whatPointsToAVersionThatIsNotReadyIsFound() {
    try {
      STAGE.change(Version.class, SECOND, version -> with(version, "state", "archived"));
      STAGE.change(Version.class, FIRST, version -> with(version, "state", "expired"));
      assertThat(Checker.of(STAGE.aws).findings()).extracting(Finding::rule, Finding::entity)
          .containsExactlyInAnyOrder(tuple(Rule.VERSION, SECOND.toString()), tuple(Rule.SLOT, "slot:staging:iris"),
              tuple(Rule.VERSION, FIRST.toString()), tuple(Rule.SLOT, "slot:production:iris"),
              tuple(Rule.ALIAS, "alias:iris:champion"));
    } finally {
      STAGE.restore(WHOLE);
    }
  }

  @Test
  void aVersionThatWasRecalledStaysWhereItIs() {
    try {
      STAGE.change(Version.class, FIRST, version -> with(with(version, "state", "withdrawn"), "recall",
          Json.node(Map.of("reason", "leaked", "at", START.toString(), "by", "usr_a"))));
      assertThat(Checker.of(STAGE.aws).findings()).isEmpty();
    } finally {
      STAGE.restore(WHOLE);
    }
  }
}
