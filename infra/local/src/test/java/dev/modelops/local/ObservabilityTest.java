package dev.modelops.local;

import static dev.modelops.local.TemplateFile.asMap;
import static dev.modelops.local.TemplateFile.each;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.json.Json;
import dev.modelops.local.TemplateFile.Part;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** Whether infra/observability.yaml watches all of template.yaml, and looks at what is really there. */
class ObservabilityTest {

  private static final Path ROOT = Path.of(System.getProperty("modelops.root", "../.."));
  private static final TemplateFile TEMPLATE = TemplateFile.read(ROOT.resolve("template.yaml"));
  private static final TemplateFile WATCH = TemplateFile.read(ROOT.resolve("infra/observability.yaml"));
  private static final String OWN = "Sub ModelOps/${Stack}";
  private static final Map<String, Integer> MINUTES = Map.of("rate(1 minute)", 1, "rate(15 minutes)", 15);

  /** A metric that an alarm looks at; the values of its dimensions as resources of template.yaml. */
  private record Metric(Part alarm, String namespace, String name, Map<String, String> dimensions) {}

  // --- everything has its alarms ---

  @TestFactory
  Stream<DynamicTest> functionThatFailsOrIsNotStartedRaisesAnAlarm() {
    return each(TEMPLATE.functions(), function -> {
      Map<String, String> itself = Map.of("FunctionName", function.id());
      assertThat(watched("AWS/Lambda", "Errors", itself)).isNotEmpty();
      assertThat(watched("AWS/Lambda", "Throttles", itself)).isNotEmpty();
    });
  }

  @TestFactory
  Stream<DynamicTest> functionThatAnswersFailuresRaisesAnAlarm() {
    return each(answering(), function -> assertThat(alarmsOnLogs(function, "{ $.status >= 500 }")).isNotEmpty());
  }

  @TestFactory
  Stream<DynamicTest> streamThatFallsBehindGivesUpOrLosesRecordsRaisesAnAlarm() {
    return TEMPLATE.functions().flatMap(function -> TemplateFile.events(function, "DynamoDB").map(stream -> DynamicTest
        .dynamicTest(stream.id(), () -> {
          Map<String, String> itself = Map.of("FunctionName", function.id());
          Map<String, String> mapping = Map.of("EventSourceMappingUUID", stream.id().replace(".", ""));
          assertThat(watched("AWS/Lambda", "IteratorAge", itself)).isNotEmpty();
          assertThat(watched("AWS/Lambda", "DestinationDeliveryFailures", itself)).isNotEmpty();
          assertThat(watched("AWS/Lambda", "DroppedEventCount", mapping)).isNotEmpty();
          assertThat(watched("AWS/Lambda", "OnFailureDestinationDeliveredEventCount", mapping)).isNotEmpty();
          assertThat(stream.list("Properties/MetricsConfig/Metrics")).as("else AWS counts nothing")
              .isEqualTo(List.of("EventCount"));
        })));
  }

  @TestFactory
  Stream<DynamicTest> scheduleThatDoesNotCallRaisesAnAlarm() {
    return schedules().map(schedule -> DynamicTest.dynamicTest(schedule.id(), () -> {
      assertThat(schedule.text("Properties/GroupName")).isEqualTo("Ref Schedules");
      Map<String, String> group = Map.of("ScheduleGroup", "Schedules");
      assertThat(watched("AWS/Scheduler", "TargetErrorCount", group)).isNotEmpty();
      assertThat(watched("AWS/Scheduler", "InvocationDroppedCount", group)).isNotEmpty();
    }));
  }

  @TestFactory
  Stream<DynamicTest> scheduledWorkThatIsNotDoneRaisesAnAlarmAfterTwoTicksAtLeast() {
    return schedules().filter(schedule -> MINUTES.containsKey(schedule.text("Properties/ScheduleExpression")))
        .map(schedule -> DynamicTest.dynamicTest(schedule.id(), () -> {
          Part function = function(schedule.id().replaceAll("\\..*", ""));
          Part silent = alarms().filter(alarm -> alarm.text("Properties/TreatMissingData").equals("breaching"))
              .filter(alarm -> filters(alarm.text("Properties/MetricName")).anyMatch(filter -> reads(filter, function)))
              .findAny().orElseThrow();
          int seconds = (int) silent.at("Properties/Period") * (int) silent.at("Properties/EvaluationPeriods");
          int rate = Objects.requireNonNull(MINUTES.get(schedule.text("Properties/ScheduleExpression")));
          assertThat(seconds).isBetween(2 * 60 * rate, 15 * 60 * rate);
        }));
  }

  @TestFactory
  Stream<DynamicTest> tableOrIndexThatRefusesRaisesAnAlarm() {
    return each(TEMPLATE.resources("AWS::DynamoDB::Table"), table -> {
      assertThat(watched("AWS/DynamoDB", "ReadThrottleEvents", Map.of("TableName", table.id()))).isNotEmpty();
      assertThat(watched("AWS/DynamoDB", "WriteThrottleEvents", Map.of("TableName", table.id()))).isNotEmpty();
      for (Object index : table.list("Properties/GlobalSecondaryIndexes")) {
        String name = String.valueOf(asMap(index).get("IndexName"));
        assertThat(watched("AWS/DynamoDB", "WriteThrottleEvents",
            Map.of("TableName", table.id(), "GlobalSecondaryIndexName", name))).as(name).isNotEmpty();
      }
    });
  }

  @Test
  void callersWhoMeetFailuresSlownessOrThrottlingRaiseAnAlarm() {
    Map<String, String> api = Map.of("ApiId", "Api");
    assertThat(watched("AWS/ApiGateway", "5xx", api)).isNotEmpty();
    assertThat(watched("AWS/ApiGateway", "Latency", api))
        .anyMatch(metric -> metric.alarm().text("Properties/ExtendedStatistic").equals("p99"));
    assertThat(watched("AWS/Lambda", "ConcurrentExecutions", Map.of())).isNotEmpty();
    assertThat(watched(OWN, "Throttled", Map.of())).isNotEmpty();
    assertThat(watched(OWN, "Denied", Map.of())).isNotEmpty();
  }

  // --- what they look at is there ---

  @TestFactory
  Stream<DynamicTest> alarmLooksAtWhatThereIsAndTellsSomebody() {
    return each(alarms(), alarm -> {
      assertThat(alarm.list("Properties/AlarmActions")).isEqualTo(List.of("Ref Topic"));
      assertThat(alarm.text("Properties/AlarmDescription")).startsWith("Sub ${Stack}: ");
      assertThat(alarm.text("Properties/TreatMissingData")).isIn("breaching", "notBreaching");
      assertThat(metrics(alarm)).isNotEmpty().allSatisfy(metric -> {
        if (metric.namespace().equals(OWN)) {
          assertThat(filters(metric.name())).as("log lines counted as %s", metric.name()).isNotEmpty();
        }
        metric.dimensions().forEach((dimension, value) -> assertThat(named(dimension)).contains(value));
      });
    });
  }

  @TestFactory
  Stream<DynamicTest> expressionUsesTheMetricsOfItsAlarm() {
    return each(alarms().filter(alarm -> !alarm.list("Properties/Metrics").isEmpty()), alarm -> {
      List<Map<String, Object>> all = alarm.list("Properties/Metrics").stream().map(TemplateFile::asMap).toList();
      Map<String, Object> shown = all.stream().filter(each -> each.containsKey("Expression")).findAny().orElseThrow();
      Set<String> used = Pattern.compile("[a-z]\\w*").matcher(String.valueOf(shown.get("Expression"))).results()
          .map(match -> match.group()).collect(Collectors.toCollection(TreeSet::new));
      assertThat(used).isEqualTo(all.stream().filter(each -> each.containsKey("MetricStat"))
          .map(each -> String.valueOf(each.get("Id"))).collect(Collectors.toCollection(TreeSet::new)));
    });
  }

  @Test
  void dashboardShowsEveryFunctionAndEveryTable() {
    Part dashboard = WATCH.resources("AWS::CloudWatch::Dashboard").findAny().orElseThrow();
    List<?> sub = dashboard.list("Properties/DashboardBody/Fn::Sub");
    Map<String, Object> names = asMap(sub.get(1));
    Matcher variable = Pattern.compile("\\$\\{(\\w+)}").matcher(String.valueOf(sub.get(0)));
    Set<String> used = variable.results().map(match -> match.group(1)).collect(Collectors.toCollection(TreeSet::new));
    used.remove("Stack");
    assertThat(used).isEqualTo(new TreeSet<>(names.keySet()));
    Set<String> shown = names.values().stream().map(ObservabilityTest::resource).collect(Collectors.toSet());
    assertThat(Stream.concat(TEMPLATE.functions(), TEMPLATE.resources("AWS::DynamoDB::Table")).map(Part::id))
        .allMatch(shown::contains);
    JsonNode body = Json.tree(variable.replaceAll("x").getBytes(StandardCharsets.UTF_8));
    assertThat(body.path("widgets")).isNotEmpty().allSatisfy(widget -> {
      assertThat(widget.path("x").asInt() + widget.path("width").asInt()).isLessThanOrEqualTo(24);
      assertThat(widget.at("/properties/title").asString()).isNotEmpty();
    });
  }

  @TestFactory
  Stream<DynamicTest> alarmHasItsRowInTheRunbook() throws IOException {
    List<Pattern> rows =
        Pattern.compile("(?m)^\\| `([\\w<>]+)` \\|").matcher(Files.readString(ROOT.resolve("infra/README.md")))
            .results().map(row -> Pattern.compile(row.group(1).replaceAll("<\\w+>", "\\\\w+"))).toList();
    return each(alarms(), alarm -> assertThat(rows).anyMatch(row -> row.matcher(alarm.id()).matches()));
  }

  // --- reading ---

  private static Stream<Part> alarms() {
    return WATCH.resources("AWS::CloudWatch::Alarm");
  }

  private static Stream<Part> answering() {
    return TEMPLATE.functions().filter(function -> TemplateFile.events(function, "HttpApi").findAny().isPresent());
  }

  private static Stream<Part> schedules() {
    return TEMPLATE.functions().flatMap(function -> TemplateFile.events(function, "ScheduleV2"));
  }

  private static Part function(String id) {
    return TEMPLATE.functions().filter(function -> function.id().equals(id)).findAny().orElseThrow();
  }

  private static List<Metric> watched(String namespace, String name, Map<String, String> dimensions) {
    return alarms().flatMap(alarm -> metrics(alarm).stream()).filter(metric -> metric.namespace().equals(namespace)
        && metric.name().equals(name) && metric.dimensions().equals(dimensions)).toList();
  }

  private static List<Metric> metrics(Part alarm) {
    List<?> several = alarm.list("Properties/Metrics");
    Stream<Part> stated = several.isEmpty() ? Stream.of(new Part(alarm.id(), alarm.map("Properties")))
        : several.stream().filter(each -> asMap(each).containsKey("MetricStat"))
            .map(each -> new Part(alarm.id(), new Part(alarm.id(), asMap(each)).map("MetricStat/Metric")));
    return stated.map(metric -> {
      Map<String, String> dimensions = new TreeMap<>();
      metric.list("Dimensions").stream().map(each -> new Part(alarm.id(), asMap(each)))
          .forEach(dimension -> dimensions.put(dimension.text("Name"), resource(dimension.at("Value"))));
      return new Metric(alarm, metric.text("Namespace"), metric.text("MetricName").replace("Sub ", ""), dimensions);
    }).toList();
  }

  /** The resource of template.yaml whose exported name is imported; a plain text is itself. */
  private static String resource(Object value) {
    if (!(value instanceof Map<?, ?> call)) {
      return String.valueOf(value);
    }
    String export = String.valueOf(call.get("Fn::ImportValue")).replace("${Stack}", "${AWS::StackName}");
    return TEMPLATE.all().map("Outputs").values().stream().map(output -> new Part(export, asMap(output)))
        .filter(output -> output.text("Export/Name").equals(export)).map(output -> output.text("Value"))
        .filter(exported -> exported.startsWith("Ref ")).map(exported -> exported.substring("Ref ".length()))
        .findAny().orElseThrow(() -> new AssertionError("template.yaml exports nothing as " + export));
  }

  /** What a dimension may name. */
  private static Set<String> named(String dimension) {
    Stream<String> names = switch (dimension) {
      case "ApiId" -> TEMPLATE.resources("AWS::Serverless::HttpApi").map(Part::id);
      case "FunctionName" -> TEMPLATE.functions().map(Part::id);
      case "EventSourceMappingUUID" -> TEMPLATE.functions()
          .flatMap(function -> TemplateFile.events(function, "DynamoDB")).map(stream -> stream.id().replace(".", ""));
      case "ScheduleGroup" -> TEMPLATE.resources("AWS::Scheduler::ScheduleGroup").map(Part::id);
      case "TableName" -> TEMPLATE.resources("AWS::DynamoDB::Table").map(Part::id);
      case "GlobalSecondaryIndexName" -> TEMPLATE.resources("AWS::DynamoDB::Table")
          .flatMap(table -> table.list("Properties/GlobalSecondaryIndexes").stream())
          .map(index -> String.valueOf(asMap(index).get("IndexName")));
      default -> throw new AssertionError("no such dimension is known here: " + dimension);
    };
    return names.collect(Collectors.toSet());
  }

  private static List<Part> alarmsOnLogs(Part function, String pattern) {
    return WATCH.resources("AWS::Logs::MetricFilter").filter(filter -> reads(filter, function))
        .filter(filter -> filter.text("Properties/FilterPattern").equals(pattern))
        .flatMap(filter -> alarms().filter(alarm -> alarm.text("Properties/Namespace").equals(OWN)
            && alarm.text("Properties/MetricName").equals(counted(filter))))
        .toList();
  }

  private static Stream<Part> filters(String metric) {
    return WATCH.resources("AWS::Logs::MetricFilter")
        .filter(filter -> counted(filter).replace("Sub ", "").equals(metric.replace("Sub ", "")));
  }

  private static String counted(Part filter) {
    return String.valueOf(asMap(filter.list("Properties/MetricTransformations").getFirst()).get("MetricName"));
  }

  private static boolean reads(Part filter, Part function) {
    Part group = TEMPLATE.resources("AWS::Logs::LogGroup")
        .filter(each -> function.text("Properties/LoggingConfig/LogGroup").equals("Ref " + each.id())).findAny()
        .orElseThrow();
    return filter.text("Properties/LogGroupName")
        .equals(group.text("Properties/LogGroupName").replace("${AWS::StackName}", "${Stack}"));
  }
}
