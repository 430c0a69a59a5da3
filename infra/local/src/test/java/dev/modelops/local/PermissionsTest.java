package dev.modelops.local;

import static dev.modelops.local.TemplateFile.asMap;
import static dev.modelops.local.TemplateFile.each;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.local.TemplateFile.Part;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What functions may do, by the policies of template.yaml. */
class PermissionsTest {

  private static final Path ROOT = Path.of(System.getProperty("modelops.root", "../.."));
  private static final TemplateFile TEMPLATE = TemplateFile.read(ROOT.resolve("template.yaml"));

  @TestFactory
  Stream<DynamicTest> functionMayDoNamedThingsToNamedResources() {
    return each(TEMPLATE.functions(), function -> statements(function).forEach(statement -> {
      assertThat(statement.text("Effect")).isEqualTo("Allow");
      assertThat(texts(statement.at("Action"))).noneMatch(action -> action.contains("*"));
      assertThat(texts(statement.at("Resource"))).allMatch(resource -> resource.matches(
          "GetAtt \\w+\\.Arn|Ref CursorKey|Sub \\$\\{(Records|Terms)Table\\.Arn}/index/\\*"
              + "|Sub \\$\\{ArtifactsBucket\\.Arn}/[a-z]+/\\*"));
    }));
  }

  @TestFactory
  Stream<DynamicTest> functionMayTouchExactlyWhatItsEnvironmentNames() {
    return each(TEMPLATE.functions(), function -> {
      Set<String> named = function.map("Properties/Environment/Variables").values().stream().map(String::valueOf)
          .filter(value -> value.matches("Ref \\w+(Table|Bucket|Key)")).map(value -> value.replace("Ref ", ""))
          .collect(Collectors.toCollection(TreeSet::new));
      Set<String> permitted = statements(function).flatMap(statement -> texts(statement.at("Resource")).stream())
          .map(resource -> resource.replaceAll("^(Ref|GetAtt|Sub \\$\\{) ?|\\..*$", ""))
          .collect(Collectors.toCollection(TreeSet::new));
      assertThat(permitted).isEqualTo(named);
    });
  }

  @Test
  void noFunctionScansATableOrAltersOne() {
    Set<String> actions = TEMPLATE.functions().flatMap(PermissionsTest::statements)
        .flatMap(statement -> texts(statement.at("Action")).stream()).collect(Collectors.toCollection(TreeSet::new));
    assertThat(actions).isSubsetOf("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:PutItem",
        "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem", "s3:GetObject", "s3:PutObject",
        "s3:ListBucket", "secretsmanager:GetSecretValue");
  }

  @Test
  void noFunctionMayDeleteARecord() {
    assertThat(TEMPLATE.functions().flatMap(PermissionsTest::statements)
        .filter(statement -> texts(statement.at("Action")).contains("dynamodb:DeleteItem"))
        .flatMap(statement -> texts(statement.at("Resource")).stream()).distinct())
        .containsExactlyInAnyOrder("GetAtt TermsTable.Arn", "GetAtt RollupsTable.Arn");
  }

  @Test
  void authorizerMayWriteNothingThatGivesAccess() {
    Part authorizer = TEMPLATE.functions().filter(f -> f.id().equals("AuthorizerFunction")).findAny().orElseThrow();
    assertThat(statements(authorizer).filter(statement -> !statement.at("Action").equals("dynamodb:GetItem")))
        .singleElement().satisfies(statement -> {
          assertThat(statement.at("Action")).isEqualTo("dynamodb:PutItem");
          assertThat(statement.map("Condition"))
              .isEqualTo(
                  Map.of("ForAllValues:StringLike", Map.of("dynamodb:LeadingKeys", List.of("use#*", "subject#*"))));
        });
  }

  private static Stream<Part> statements(Part function) {
    return function.list("Properties/Policies").stream()
        .flatMap(policy -> new Part(function.id(), asMap(policy)).list("Statement").stream())
        .map(statement -> new Part(function.id(), asMap(statement)));
  }

  private static List<String> texts(Object oneOrMany) {
    return oneOrMany instanceof List<?> many ? many.stream().map(String::valueOf).toList()
        : List.of(String.valueOf(oneOrMany));
  }
}
