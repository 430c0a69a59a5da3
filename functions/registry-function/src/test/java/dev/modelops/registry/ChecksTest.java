package dev.modelops.registry;

import static dev.modelops.registry.Registry.file;
import static dev.modelops.registry.Registry.upload;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.Ref;
import dev.modelops.domain.access.Role;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.Race;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ChecksTest {

  @RegisterExtension private static final Registry REGISTRY = Registry.SHARED;
  private final ApiClient engineer = REGISTRY.engineer();

  private static String checks(String model) {
    REGISTRY.model(model);
    REGISTRY.version(model);
    return "/v1/models/" + model + "/versions/1/checks";
  }

  @Test
  void the_latest_result_of_a_name_counts_and_the_earlier_ones_stay_in_the_trail() {
    String path = checks("c-latest");
    Answer first =
        engineer.post(path, Map.of("name", "bias", "status", "failed", "metrics", Map.of("parity", 0.5))).is(201);
    assertThat(first.header("Location")).isEqualTo(path + "/bias");
    engineer.post(path, Map.of("name", "bias", "status", "passed", "metrics", Map.of("parity", 0.97), "url",
        "https://ci.example/1")).is(201);
    Answer read = engineer.get(path + "/bias").is(200);
    assertThat(read.text("/status")).isEqualTo("passed");
    assertThat(read.json().at("/metrics/parity").asDouble()).isEqualTo(0.97);
    assertThat(read.etag()).isEqualTo("\"2\"");
    engineer.post(path, Map.of("name", "accuracy", "status", "passed")).is(201);
    assertThat(engineer.all(path + "?limit=1").stream().map(check -> check.path("name").asString()))
        .containsExactly("accuracy", "bias");
    assertThat(REGISTRY.chain(Ref.check("c-latest", 1, "bias"))).hasSize(2);
    engineer.get(path + "/none").is(404);
    REGISTRY.as(Role.VIEWER).post(path, Map.of("name", "bias", "status", "passed")).is(403);
  }

  @Test
  void of_concurrent_results_of_one_name_none_is_lost_from_the_trail() {
    String path = checks("c-fought");
    List<Integer> statuses = Race.of(8, i -> REGISTRY
        .engineer().post(path, Map.of("name", "load", "status", "passed", "metrics", Map.of("i", i))).status());
    assertThat(statuses).containsOnly(201);
    assertThat(engineer.get(path + "/load").etag()).isEqualTo("\"8\"");
    assertThat(REGISTRY.chain(Ref.check("c-fought", 1, "load"))).hasSize(8);
  }

  @Test
  void results_of_different_names_do_not_get_in_each_others_way() {
    String path = checks("c-parallel");
    List<Integer> statuses =
        Race.of(16, i -> REGISTRY.engineer().post(path, Map.of("name", "check-" + i, "status", "passed")).status());
    assertThat(statuses).containsOnly(201);
    assertThat(engineer.all(path)).hasSize(16);
    assertThat(engineer.get("/v1/models/c-parallel/versions/1").etag()).isEqualTo("\"1\"");
  }

  @Test
  void a_report_is_uploaded_by_a_grant_and_downloaded_by_the_name_of_its_check() {
    String path = checks("c-report");
    Map<String, Object> content =
        Map.of("name", "bias", "status", "passed", "report", file("bias.html", "<h1>fair</h1>"));
    ApiClient keyed = engineer.with("Idempotency-Key", "r1");
    Answer posted = keyed.post(path, content).is(201);
    String target = "/v1/models/c-report/versions/1/artifacts/download?check=bias";
    engineer.get(target).is(409);
    assertThat(upload(posted.json().at("/upload/grant"), "<h1>fair</h1>")).isEqualTo(200);
    assertThat(Registry.download(engineer.get(target).is(200).text("/grant/url"))).isEqualTo("<h1>fair</h1>");
    Answer again = keyed.post(path, content).is(201);
    assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    assertThat(again.etag()).isEqualTo(posted.etag());
    engineer.post(path, Map.of("name", "bias", "status", "passed", "report", file("../x", "y"))).is(422);
    engineer.get("/v1/models/c-report/versions/1/artifacts/download?check=none").is(404);
  }

  @Test
  void numbers_that_are_none_and_names_that_are_none_are_refused() {
    String path = checks("c-wrong");
    engineer.post(path, "{\"name\":\"a\",\"status\":\"passed\",\"metrics\":{\"x\":NaN}}").is(400);
    engineer.post(path, "{\"name\":\"a\",\"status\":\"passed\",\"metrics\":{\"x\":1e400}}").is(400);
    engineer.post(path, Map.of("name", "A B", "status", "passed")).is(400);
    engineer.post(path, Map.of("name", "a", "status", "maybe")).is(400);
    engineer.post(path, Map.of("name", "a")).is(400);
  }

  @Test
  void an_archived_version_takes_no_more_checks() {
    String path = checks("c-archived");
    engineer.ifMatch("\"1\"").post("/v1/models/c-archived/versions/1/archive").is(200);
    engineer.post(path, Map.of("name", "a", "status", "passed")).is(409);
  }
}
