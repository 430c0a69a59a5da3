package dev.modelops.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelops.embedded.Template.Authorizer;
import dev.modelops.embedded.Template.Bucket;
import dev.modelops.embedded.Template.Cors;
import dev.modelops.embedded.Template.Function;
import dev.modelops.embedded.Template.Index;
import dev.modelops.embedded.Template.Key;
import dev.modelops.embedded.Template.Route;
import dev.modelops.embedded.Template.Schedule;
import dev.modelops.embedded.Template.StreamSource;
import dev.modelops.embedded.Template.Table;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TemplateTest {

  private static final Map<String, String> NAMES = Map.of("RecordsTable", "x-records", "RecordsTable.Arn", "arn:x",
      "FilesBucket", "x-files", "Secret", "file:/key");

  private final Template template = Template.read(file());

  @Test
  void a_table_has_its_keys_indexes_stream_and_expiry() {
    assertThat(template.tables()).containsOnly(Map.entry("RecordsTable",
        new Table("RecordsTable", new Key("pk", "S"), Optional.of(new Key("sk", "N")),
            List.of(new Index("all", new Key("apk", "B"), Optional.empty(), "KEYS_ONLY")), Optional.of("NEW_IMAGE"),
            Optional.of("ttl"))));
    assertThat(template.buckets()).containsOnly(Map.entry("FilesBucket", new Bucket("FilesBucket", true)));
  }

  @Test
  void a_function_takes_limits_from_the_globals_unless_it_has_its_own() {
    assertThat(template.functions().get("ThingFunction")).extracting(Function::timeout, Function::memory,
        Function::handler, Function::codeUri)
        .containsExactly(Duration.ofSeconds(25), 1769, "example.Thing", "thing.zip");
    assertThat(template.functions().get("GuardFunction")).extracting(Function::timeout)
        .isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void a_route_is_authorized_by_the_default_unless_it_says_none() {
    assertThat(thing().routes()).containsExactly(
        new Route("ANY", "/v1/things/{proxy+}", Optional.of("Bearer")),
        new Route("OPTIONS", "/v1/things", Optional.empty()),
        new Route("ANY", "$default", Optional.empty()));
    assertThat(thing().routes().getLast().isDefault()).isTrue();
  }

  @Test
  void the_api_names_its_authorizer_and_the_pages_that_may_call_it() {
    Template.Api api = template.api().orElseThrow();
    assertThat(api.authorizer()).contains(
        new Authorizer("Bearer", "GuardFunction", List.of("Authorization"), Duration.ofSeconds(30)));
    assertThat(api.cors()).contains(new Cors(List.of("http://localhost:8080", "https://dashboard.example.com"),
        List.of("GET", "PUT"), List.of("Authorization"), List.of(), Duration.ofMinutes(10)));
  }

  @Test
  void a_stream_source_has_its_table_filter_and_all_that_happens_on_failure() {
    assertThat(thing().streams()).containsExactly(new StreamSource("Records", "RecordsTable",
        List.of("{\"eventName\":[\"INSERT\"]}"), 7, Duration.ofSeconds(1), true, 10, Optional.of(Duration.ofHours(6)),
        true, Optional.of("FilesBucket")));
  }

  @Test
  void schedules_of_both_kinds_are_read_and_a_rate_is_a_duration() {
    assertThat(thing().schedules()).containsExactly(
        new Schedule("Tick", "rate(15 minutes)", Optional.of("{\"a\":1}"), 0),
        new Schedule("Daily", "cron(0 3 * * ? *)", Optional.empty(), 185));
    assertThat(thing().schedules()).extracting(Schedule::rate)
        .containsExactly(Optional.of(Duration.ofMinutes(15)), Optional.empty());
  }

  @Test
  void the_environment_has_the_globals_and_every_name_replaced() {
    assertThat(template.environment("ThingFunction", NAMES)).containsOnly(
        Map.entry("RECORDS_TABLE", "x-records"), Map.entry("PENDING", "PT24H"), Map.entry("TABLE_ARN", "arn:x"),
        Map.entry("OBJECTS", "x-files/artifacts/${literal}"), Map.entry("SECRET", "file:/key"));
  }

  @Test
  void a_parameter_may_be_given_another_value() {
    assertThat(Template.read(file(), Map.of("Hours", "1")).environment("ThingFunction", NAMES))
        .containsEntry("PENDING", "PT1H");
    assertThatThrownBy(() -> Template.read(file(), Map.of("Houres", "1"))).hasMessageEndingWith(
        "template.yaml: it has no parameter Houres: it has [Hours, Origins]");
  }

  @Test
  void a_name_for_which_nothing_stands_is_told_with_variable_and_function() {
    assertThatThrownBy(() -> template.environment("ThingFunction", Map.of("RecordsTable", "x")))
        .hasMessage("TABLE_ARN of ThingFunction: nothing stands for RecordsTable.Arn");
    assertThatThrownBy(() -> template.environment("Thing", NAMES))
        .hasMessage("The template has no function Thing: it has [GuardFunction, ThingFunction]");
  }

  @Test
  void a_function_of_cloudformation_that_is_not_understood_is_refused_by_name(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("t.yaml"), "Resources: {A: !If [x, y, z]}");
    assertThatThrownBy(() -> Template.read(file)).hasMessageEndingWith(
        "t.yaml: the function !If is not understood here: write it with !Ref, !GetAtt and !Sub");
  }

  @Test
  void the_template_that_ships_is_understood_whole() {
    Template shipped = Template.read(TestAws.root().resolve("template.yaml"));
    assertThat(shipped.tables()).containsOnlyKeys("RecordsTable", "TermsTable", "MetricsTable", "RollupsTable");
    assertThat(shipped.buckets()).containsOnlyKeys("ArtifactsBucket", "FailuresBucket");
    assertThat(shipped.api().flatMap(Template.Api::authorizer)).map(Authorizer::function)
        .contains("AuthorizerFunction");
    assertThat(shipped.functions().values().stream().flatMap(function -> function.routes().stream())
        .filter(Route::isDefault)).hasSize(1);
  }

  private Function thing() {
    return Objects.requireNonNull(template.functions().get("ThingFunction"));
  }

  private static Path file() {
    try {
      return Path.of(Objects.requireNonNull(TemplateTest.class.getResource("template.yaml")).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
