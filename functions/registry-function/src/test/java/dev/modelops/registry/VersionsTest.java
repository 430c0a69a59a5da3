package dev.modelops.registry;

import static dev.modelops.registry.Registry.CREDIT;
import static dev.modelops.registry.Registry.RETAIL;
import static dev.modelops.registry.Registry.file;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.Ref;
import dev.modelops.domain.access.Role;
import dev.modelops.domain.registry.Version;
import dev.modelops.json.Digests;
import dev.modelops.json.Json;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.Budget;
import dev.modelops.testkit.Race;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class VersionsTest {

  @RegisterExtension private static final Registry REGISTRY = Registry.SHARED;
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private final ApiClient engineer = REGISTRY.engineer();

  private static String versions(String model) {
    REGISTRY.model(model);
    return "/v1/models/" + model + "/versions";
  }

  @Test
  void a_version_is_given_back_as_it_was_posted_with_grants_for_its_files() {
    String path = versions("V-Whole");
    Map<String, Object> content = new LinkedHashMap<>(Map.of("externalId", "build-1", "description", "First", "tags",
        Map.of("branch", "main"), "artifacts", List.of(file("weights/model.onnx", "bytes")), "parameters",
        Map.of("rate", 0.1, "nested", Map.of("deep", List.of(1, 2))), "trainingMetrics", Map.of("auc", 0.94),
        "gitCommit", COMMIT, "inputSchema", Map.of("type", "object")));
    content.put("sourceRun", Map.of("system", "github-actions", "id", "4711"));
    content.put("datasets", List.of(Map.of("uri", "s3://data/2026-03", "role", "training")));
    content.put("upstream", List.of(Map.of("model", "embedding", "version", 2)));
    Answer created = engineer.post(path, content).is(201);

    assertThat(created.header("Location")).isEqualTo("/v1/models/V-Whole/versions/1");
    assertThat(created.text("/state")).isEqualTo("pending");
    assertThat(Instant.parse(created.text("/expiresAt"))).isAfter(Instant.now().plusSeconds(86_000));
    assertThat(created.text("/uploads/0/path")).isEqualTo("weights/model.onnx");
    assertThat(created.text("/uploads/0/grant/url")).contains("/artifacts/v-whole/1/").doesNotContain("weights");
    Answer read = engineer.get(path + "/1").is(200);
    assertThat(read.etag()).isEqualTo(created.etag());
    ObjectNode withoutUploads = (ObjectNode) created.json();
    withoutUploads.remove("uploads");
    assertThat(read.json()).isEqualTo(withoutUploads);
    assertThat(read.text("/parameters/nested/deep/1")).isEqualTo("2");
    assertThat(read.text("/gitCommit")).isEqualTo(COMMIT);
    assertThat(read.text("/manifest")).matches("[0-9a-f]{64}");
  }

  @Test
  void a_version_with_nothing_to_upload_is_ready_at_once() {
    String path = versions("v-at-once");
    Answer plain = engineer.post(path, Map.of()).is(201);
    assertThat(plain.text("/state")).isEqualTo("ready");
    assertThat(plain.json().has("expiresAt")).isFalse();
    Answer named = engineer.post(path, Map.of("references",
        List.of(Map.of("uri", "hf://acme/fraud@5f6a", "format", "safetensors")))).is(201);
    assertThat(named.text("/state")).isEqualTo("ready");
    assertThat(named.text("/proof")).isEqualTo("declared");
    engineer.post(path + "/1/finalize").is(200);
  }

  @Test
  void the_same_external_id_and_manifest_are_the_same_version_and_another_manifest_is_a_conflict() {
    String path = versions("v-external");
    Map<String, Object> content = Map.of("externalId", "1.0.0", "artifacts", List.of(file("a", "1")));
    Answer first = engineer.post(path, content).is(201);
    Answer again = engineer.post(path, Map.of("externalId", "1.0.0", "description", "words are no part of it",
        "artifacts", List.of(file("a", "1")))).is(200);
    assertThat(again.text("/version")).isEqualTo("1");
    assertThat(again.json().path("uploads").size()).isEqualTo(1);
    assertThat(again.etag()).isEqualTo(first.etag());
    engineer.post(path, Map.of("externalId", "1.0.0", "artifacts", List.of(file("a", "2")))).is(409)
        .isProblem("conflict");
    // Nothing of it cost a number.
    assertThat(engineer.post(path, Map.of()).is(201).text("/version")).isEqualTo("2");
    assertThat(engineer.get(path + "?externalId=1.0.0").json().path("items").size()).isEqualTo(1);
    assertThat(engineer.get(path + "?externalId=2.0.0").json().path("items").size()).isZero();
  }

  @Test
  void the_same_external_id_twice_at_once_makes_one_version() {
    String path = versions("v-twice");
    List<Answer> answers =
        Race.of(8, i -> REGISTRY.engineer().post(path, Map.of("externalId", "run-7", "parameters", Map.of("a", 1))));
    assertThat(answers).allMatch(answer -> answer.status() == 200 || answer.status() == 201);
    assertThat(answers).filteredOn(answer -> answer.status() == 201).hasSize(1);
    assertThat(answers.stream().map(answer -> answer.text("/version")).distinct()).hasSize(1);
    assertThat(engineer.all(path)).hasSize(1);
  }

  @Test
  void a_request_with_an_idempotency_key_is_answered_again_with_new_grants() {
    String path = versions("v-key");
    Map<String, Object> content = Map.of("artifacts", List.of(file("a", "1")));
    ApiClient keyed = engineer.with("Idempotency-Key", "job-1");
    Answer first = keyed.post(path, content).is(201);
    Answer again = keyed.post(path, content).is(201);
    assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    assertThat(again.text("/version")).isEqualTo(first.text("/version"));
    assertThat(again.header("Location")).isEqualTo(first.header("Location"));
    assertThat(again.json().path("uploads").size()).isEqualTo(1);
    keyed.post(path, Map.of()).is(422).isProblem("idempotency-key-reused");
    assertThat(engineer.post(path, Map.of()).text("/version")).isEqualTo("2");
  }

  @Test
  void sixty_four_writers_get_sixty_four_numbers() {
    // The crowd is to meet at the store, not in the class loader of a cold machine.
    String warm = versions("v-warm");
    IntStream.range(0, 8).forEach(i -> engineer.post(warm, Map.of()).is(201));
    String path = versions("v-crowd");
    List<Integer> numbers = new ArrayList<>();
    Budget.Spent spent = Budget.of(() -> numbers.addAll(Race.of(64, i -> REGISTRY.engineer()
        .post(path, Map.of("parameters", Map.of("seed", i))).is(201).json().path("version").asInt())));
    assertThat(spent.failed("TransactWriteItems")).isLessThanOrEqualTo(64);
    assertThat(numbers).doesNotHaveDuplicates().hasSize(64).allMatch(number -> number >= 1);
    List<Integer> listed = numbers(engineer.all(path + "?limit=7"));
    assertThat(listed).isSortedAccordingTo(Comparator.reverseOrder()).containsExactlyInAnyOrderElementsOf(numbers);
    assertThat(engineer.post(path, Map.of()).json().path("version").asInt()).isGreaterThan(listed.getFirst());
  }

  @Test
  void only_those_who_may_write_the_model_get_a_number_or_use_one_up() {
    String path = versions("v-guarded");
    REGISTRY.as(Role.ML_ENGINEER, RETAIL).post(path, Map.of()).is(404);
    REGISTRY.as(Role.VIEWER).post(path, Map.of()).is(403);
    engineer.post("/v1/models/v-nothing/versions", Map.of()).is(404);
    assertThat(REGISTRY.as(Role.DATA_SCIENTIST, CREDIT).post(path, Map.of()).is(201).text("/version")).isEqualTo("1");
    REGISTRY.as(Role.ML_ENGINEER, RETAIL).get(path + "/1").is(404);
    REGISTRY.as(Role.ML_ENGINEER, RETAIL).get(path).is(404);
  }

  @Test
  void everything_that_is_wrong_with_a_manifest_is_named_at_once() {
    String path = versions("v-wrong");
    Answer refused = engineer.post(path, Map.of("artifacts",
        List.of(file("../etc/passwd", "1"), file("/abs", "2"), file("a\\b", "3"), file("e\u0301.onnx", "4"),
            file("\u00e9.onnx", "5"), file("a//b", "6"), file("a\u0000b", "7"), file("x".repeat(513), "8")),
        "references", List.of(Map.of("uri", "oci://registry/name:latest"), Map.of("uri", "javascript:alert(1)"))));
    refused.is(400);
    refused = engineer.post(path, Map.of("artifacts",
        List.of(file("../etc/passwd", "1"), file("/abs", "2"), file("a\\b", "3"), file("e\u0301.onnx", "4"),
            file("\u00e9.onnx", "5"), file("a//b", "6"), file("a\u0000b", "7"), file("\u00e9".repeat(257), "8")),
        "references", List.of(Map.of("uri", "oci://registry/name:latest"), Map.of("uri", "javascript:alert(1)"))))
        .is(422);
    assertThat(refused.json().path("errors").findValuesAsString("pointer")).containsExactlyInAnyOrder(
        "/artifacts/0/path", "/artifacts/1/path", "/artifacts/2/path", "/artifacts/4/path", "/artifacts/5/path",
        "/artifacts/6/path", "/artifacts/7/path", "/references/0/uri", "/references/1/uri");
    engineer.post(path, "{\"parameters\":{\"a\":null}}").is(400);
    engineer.post(path, "{\"artefacts\":[]}").is(400).isProblem("invalid-request");
    engineer.post(path, "{\"trainingMetrics\":{\"a\":1e999}}").is(400);
    // None of it cost a number.
    assertThat(engineer.post(path, Map.of()).text("/version")).isEqualTo("1");
  }

  @Test
  void a_version_of_an_external_model_has_no_files() {
    engineer.put("/v1/models/v-bought", Map.of("kind", "external", "department", CREDIT, "vendor", "Acme")).is(201);
    String path = "/v1/models/v-bought/versions";
    assertThat(engineer.post(path, Map.of("artifacts", List.of(file("a", "1")))).is(422).text("/errors/0/pointer"))
        .isEqualTo("/artifacts");
    assertThat(engineer.post(path, Map.of("externalId", "2026.1")).is(201).text("/state")).isEqualTo("ready");
  }

  @Test
  void lists_filter_by_state_and_commit_newest_first_and_page_exactly() {
    String path = versions("v-listed");
    for (int i = 0; i < 5; i++) {
      engineer.post(path, Map.of("gitCommit", COMMIT, "parameters", Map.of("i", i))).is(201);
      engineer.post(path, Map.of("artifacts", List.of(file("a", "" + i)))).is(201);
    }
    assertThat(numbers(engineer.all(path + "?state=pending&limit=2"))).containsExactly(10, 8, 6, 4, 2);
    assertThat(numbers(engineer.all(path + "?gitCommit=" + COMMIT + "&limit=2")))
        .containsExactly(9, 7, 5, 3, 1);
    assertThat(numbers(engineer.all(path + "?gitCommit=" + COMMIT + "&state=pending"))).isEmpty();
    assertThat(engineer.get(path).json().path("items").get(0).has("artifacts")).isFalse();
    String cursor = engineer.get(path + "?limit=2").text("/next");
    engineer.get(path + "?state=ready&cursor=" + cursor).is(400).isProblem("invalid-cursor");
    engineer.get("/v1/models?cursor=" + cursor).is(400).isProblem("invalid-cursor");
    REGISTRY.as(Role.VIEWER).get(path + "?cursor=" + cursor).is(400).isProblem("invalid-cursor");
    engineer.get(path + "?colour=red").is(400);
  }

  private static List<Integer> numbers(List<JsonNode> versions) {
    return versions.stream().map(version -> version.path("version").asInt()).toList();
  }

  @Test
  void description_and_tags_change_and_nothing_else_does() {
    String path = versions("v-words");
    String digest = engineer.post(path, Map.of("description", "Old", "tags", Map.of("a", "1"))).text("/manifest");
    engineer.patch(path + "/1", Map.of("description", "New")).is(428);
    Answer changed =
        engineer.ifMatch("\"1\"").patch(path + "/1", "{\"description\":\"New\",\"tags\":{\"a\":null}}").is(200);
    assertThat(changed.text("/description")).isEqualTo("New");
    assertThat(changed.text("/manifest")).isEqualTo(digest);
    engineer.ifMatch("\"1\"").patch(path + "/1", Map.of("description", "Lost")).is(412);
    for (String field : List.of("state", "manifest", "artifacts", "externalId", "version")) {
      engineer.ifMatch("\"2\"").patch(path + "/1", Map.of(field, "x")).is(400);
    }
  }

  @Test
  void of_concurrent_changes_of_a_version_none_is_lost() {
    String path = versions("v-fought");
    REGISTRY.version("v-fought");
    List<Integer> statuses = Race.of(12, i -> REGISTRY
        .engineer().ifMatch("\"1\"").patch(path + "/1", Map.of("tags", Map.of("t" + i, "v"))).status());
    assertThat(statuses).filteredOn(status -> status == 200).hasSize(1);
    assertThat(statuses).filteredOn(status -> status == 412).hasSize(11);
    assertThat(engineer.get(path + "/1").json().path("tags").size()).isEqualTo(1);
  }

  @Test
  void archiving_is_refused_with_all_that_holds_the_version() {
    String path = versions("v-held");
    REGISTRY.version("v-held");
    engineer.put("/v1/models/v-held/aliases/champion", Map.of("version", 1)).is(201);
    REGISTRY.change("v-held", 1,
        version -> version.withLiveIn(Set.of("production")).withOpenDeployments(Set.of("dep_1")));
    String etag = engineer.get(path + "/1").etag();
    Answer refused = engineer.ifMatch(etag).post(path + "/1/archive").is(409).isProblem("conflict");
    assertThat(refused.json().path("errors").findValuesAsString("code"))
        .containsExactly("alias", "live", "open-deployment");
    assertThat(refused.body()).contains("champion", "production", "dep_1");
    engineer.ifMatch("\"1\"").post(path + "/1/archive").is(412);
    engineer.post(path + "/1/archive").is(428);
    REGISTRY.change("v-held", 1, version -> version.withLiveIn(Set.of()).withOpenDeployments(Set.of()));
  }

  @Test
  void an_archived_version_stays_archived_and_readable() {
    String path = versions("v-archived");
    REGISTRY.version("v-archived");
    assertThat(engineer.ifMatch("\"1\"").post(path + "/1/archive").is(200).text("/state")).isEqualTo("archived");
    engineer.ifMatch("\"1\"").post(path + "/1/archive").is(200);
    engineer.get(path + "/1").is(200);
    Answer moved = engineer.post(path + "/1/withdraw", Map.of("reason", "late")).is(409).isProblem("illegal-move");
    assertThat(moved.json().path("allowedMoves").size()).isZero();
    engineer.put("/v1/models/v-archived/aliases/champion", Map.of("version", 1)).is(409);
    // Its number is never given again.
    assertThat(REGISTRY.version("v-archived")).isEqualTo(2);
  }

  @Test
  void a_recall_needs_a_reason_and_no_revision_and_is_allowed_while_live() {
    String path = versions("v-recalled");
    REGISTRY.version("v-recalled");
    REGISTRY.change("v-recalled", 1, version -> version.withLiveIn(Set.of("production")));
    ApiClient officer = REGISTRY.as(Role.RISK_OFFICER, CREDIT);
    officer.post(path + "/1/withdraw", Map.of()).is(400);
    officer.post(path + "/1/withdraw", Map.of("reason", " ")).is(400);
    Answer recalled = officer.post(path + "/1/withdraw", Map.of("reason", "Leaked labels")).is(200);
    assertThat(recalled.text("/state")).isEqualTo("withdrawn");
    assertThat(recalled.text("/recall/reason")).isEqualTo("Leaked labels");
    assertThat(recalled.text("/recall/by")).isEqualTo("usr_risk-officer_credit");
    assertThat(recalled.text("/liveIn/0")).isEqualTo("production");
    assertThat(engineer.post(path + "/1/withdraw", Map.of("reason", "Another")).is(200).text("/recall/reason"))
        .isEqualTo("Leaked labels");
    REGISTRY.as(Role.BUSINESS_OWNER).post(path + "/1/withdraw", Map.of("reason", "x")).is(403);
    assertThat(REGISTRY.chain(Ref.version("v-recalled", 1)).getLast().action()).isEqualTo("version.withdrawn");
    REGISTRY.change("v-recalled", 1, version -> version.withLiveIn(Set.of()));
  }

  @Test
  void the_manifest_digest_is_what_anybody_can_compute() {
    String path = versions("v-digest");
    engineer.post(path, Map.of("parameters", Map.of("b", 1.0, "a", "x"))).is(201);
    Version version = REGISTRY.store.entities().get(Version.class, Ref.version("v-digest", 1)).orElseThrow().entity();
    String manifest =
        """
            {"artifacts":[],"references":[],"parameters":{"a":"x","b":1},"trainingMetrics":{},"datasets":[],"upstream":[]}""";
    assertThat(version.manifest()).isEqualTo(Digests.of(Json.read(manifest, JsonNode.class)));
  }
}
