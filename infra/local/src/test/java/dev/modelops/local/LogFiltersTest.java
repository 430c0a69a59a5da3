package dev.modelops.local;

import static dev.modelops.local.TemplateFile.each;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.embedded.TestAws;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** What the log filters of infra/observability.yaml count, on lines that the code really writes. */
class LogFiltersTest {

  private static final Path ROOT = Path.of(System.getProperty("modelops.root", "../.."));
  private static final TemplateFile TEMPLATE = TemplateFile.read(ROOT.resolve("template.yaml"));
  private static final TemplateFile WATCH = TemplateFile.read(ROOT.resolve("infra/observability.yaml"));

  @TestFactory
  Stream<DynamicTest> filterReadsALogGroupOfTheStack() {
    Set<String> groups = TEMPLATE.resources("AWS::Logs::LogGroup")
        .map(group -> group.text("Properties/LogGroupName").replace("${AWS::StackName}", "${Stack}"))
        .collect(Collectors.toSet());
    return each(WATCH.resources("AWS::Logs::MetricFilter"),
        filter -> assertThat(groups).contains(filter.text("Properties/LogGroupName")));
  }

  @Test
  void filtersMatchTheLinesThatTheCodeWritesAndNoOthers() {
    try (TestAws aws = TestAws.fresh()) {
      LoggedLines logs = new LoggedLines(ROOT, TEMPLATE, aws);
      List<JsonNode> requests = logs.ofRequests("RegistryFunction");
      assertThat(matched("{ $.status >= 500 }", requests)).singleElement()
          .satisfies(line -> assertThat(line.path("level").asString()).isEqualTo("error"));
      assertThat(matched("{ $.denied = \"*\" }", requests)).singleElement()
          .satisfies(line -> assertThat(line.path("status").asInt()).isEqualTo(401));
      for (String stream : List.of("AutoDeployFunction.Records", "RollupFunction.Blocks")) {
        assertThat(matched("{ $.failedFrom = \"*\" }", logs.ofEvent(stream.replaceAll("\\..*", ""), stream + ".json")))
            .as("%s failed without its table, not with it", stream).hasSize(1);
      }
      for (String schedule : List.of("DeadlineFunction.Tick", "MinuteCloseFunction.Tick")) {
        assertThat(matched("{ $.done >= 0 }", logs.ofEvent(schedule.replaceAll("\\..*", ""), schedule + ".json")))
            .as("%s was done with its table, not without it", schedule).hasSize(1);
      }
      for (String schedule : List.of("ExpiryFunction.Tick", "AutoDeployFunction.CatchUp")) {
        List<JsonNode> lines = logs.ofEvent(schedule.replaceAll("\\..*", ""), schedule + ".json");
        assertThat(matched("{ ($.done >= 0) || ($.caughtUp >= 0) }", lines)).as("%s: %s", schedule, lines).hasSize(1);
      }
      assertThat(matched("{ $.status = \"429\" }", List.of(logs.ofGateway(429), logs.ofGateway(200)))).hasSize(1);
    }
  }

  @Test
  void everyPatternIsTried() throws IOException {
    String test = Files.readString(
        ROOT.resolve("infra/local/src/test/java/dev/modelops/local/LogFiltersTest.java")).replace("\\\"", "\"");
    assertThat(WATCH.resources("AWS::Logs::MetricFilter").map(filter -> filter.text("Properties/FilterPattern")))
        .isNotEmpty().allMatch(pattern -> test.contains("matched(\"" + pattern + "\""));
  }

  private static List<JsonNode> matched(String pattern, List<JsonNode> lines) {
    LogFilter filter = LogFilter.parse(pattern);
    return lines.stream().filter(filter::matches).toList();
  }
}
