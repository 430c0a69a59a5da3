package dev.modelops.registry;

import static dev.modelops.registry.Registry.RETAIL;
import static dev.modelops.registry.Registry.download;
import static dev.modelops.registry.Registry.file;
import static dev.modelops.registry.Registry.upload;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.Ref;
import dev.modelops.domain.access.Role;
import dev.modelops.domain.audit.AccessEntry;
import dev.modelops.domain.registry.Version;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

class ArtifactsTest {

  @RegisterExtension private static final Registry REGISTRY = Registry.SHARED;
  private final ApiClient engineer = REGISTRY.engineer();

  private static String versions(String model) {
    REGISTRY.model(model);
    return "/v1/models/" + model + "/versions";
  }

  @Test
  void uploaded_files_make_the_version_ready_and_come_back_as_they_were() {
    String path = versions("f-ready");
    Answer created = engineer.post(path, Map.of("artifacts",
        List.of(file("weights/model.onnx", "the model"), file("vocabulary.txt", "the words")))).is(201);
    assertThat(upload(created.json().at("/uploads/0/grant"), "the model")).isEqualTo(200);
    assertThat(upload(created.json().at("/uploads/1/grant"), "the words")).isEqualTo(200);

    Answer ready = engineer.post(path + "/1/finalize").is(200);
    assertThat(ready.text("/state")).isEqualTo("ready");
    assertThat(ready.text("/proof")).isEqualTo("proved");
    assertThat(ready.json().has("expiresAt")).isFalse();
    // Again is no change.
    assertThat(engineer.post(path + "/1/finalize").is(200).etag()).isEqualTo(ready.etag());

    Answer grant = engineer.get(path + "/1/artifacts/download?path=weights/model.onnx").is(200);
    assertThat(download(grant.text("/grant/url"))).isEqualTo("the model");
    assertThat(grant.header("Cache-Control")).isEqualTo("no-store");
    Answer redirect = engineer.with("Accept", "application/octet-stream")
        .get(path + "/1/artifacts/download?path=vocabulary.txt").is(302);
    assertThat(download(redirect.header("Location"))).isEqualTo("the words");
    assertThat(engineer.all(path + "/1/artifacts?limit=1")).hasSize(2);
  }

  @Test
  void a_failed_finalise_names_every_file_and_leaves_the_version_pending() {
    String path = versions("f-failed");
    Answer created = engineer.post(path, Map.of("artifacts",
        List.of(file("a.onnx", "aaa"), file("b.onnx", "bbb"), file("c.onnx", "ccc")))).is(201);
    upload(created.json().at("/uploads/1/grant"), "bbb");

    Answer refused = engineer.post(path + "/1/finalize").is(409).isProblem("conflict");
    assertThat(refused.json().path("errors").findValuesAsString("pointer"))
        .containsExactly("/artifacts/0", "/artifacts/2");
    assertThat(refused.body()).contains("a.onnx", "c.onnx").doesNotContain("b.onnx");
    assertThat(engineer.get(path + "/1").text("/state")).isEqualTo("pending");

    Answer again = engineer.post(path + "/1/artifacts/uploads", Map.of("paths", List.of("a.onnx", "c.onnx"))).is(200);
    assertThat(upload(again.json().at("/items/0/grant"), "aaa")).isEqualTo(200);
    assertThat(upload(again.json().at("/items/1/grant"), "ccc")).isEqualTo(200);
    engineer.post(path + "/1/finalize").is(200);
  }

  @Test
  void other_bytes_are_refused_by_the_store_and_the_right_ones_twice_do_no_harm() {
    String path = versions("f-bytes");
    JsonNode grant = engineer.post(path, Map.of("artifacts", List.of(file("a", "right")))).is(201).json()
        .at("/uploads/0/grant");
    assertThat(upload(grant, "wrong")).isEqualTo(400);
    engineer.post(path + "/1/finalize").is(409);
    assertThat(upload(grant, "right")).isEqualTo(200);
    assertThat(upload(grant, "right")).isEqualTo(412);
    engineer.post(path + "/1/finalize").is(200);
    assertThat(upload(grant, "right")).isEqualTo(412);
  }

  @Test
  void two_paths_with_the_same_bytes_are_one_upload() {
    String path = versions("f-same");
    Answer created =
        engineer.post(path, Map.of("artifacts", List.of(file("a", "same"), file("b/a", "same")))).is(201);
    assertThat(upload(created.json().at("/uploads/0/grant"), "same")).isEqualTo(200);
    assertThat(upload(created.json().at("/uploads/1/grant"), "same")).isEqualTo(412);
    engineer.post(path + "/1/finalize").is(200);
  }

  @Test
  void a_hundred_files_are_verified_at_once_and_a_hundred_and_first_is_one_too_many() {
    String path = versions("f-many");
    List<Map<String, Object>> files = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      files.add(file("part-" + i, "content " + i));
    }
    Answer created = engineer.post(path, Map.of("artifacts", files)).is(201);
    for (int i = 0; i < 99; i++) {
      upload(created.json().at("/uploads/" + i + "/grant"), "content " + i);
    }
    assertThat(engineer.post(path + "/1/finalize").is(409).json().path("errors").size()).isEqualTo(1);
    upload(created.json().at("/uploads/99/grant"), "content 99");
    engineer.post(path + "/1/finalize").is(200);
    files.add(file("one-more", "x"));
    engineer.post(path, Map.of("artifacts", files)).is(422);
  }

  @Test
  void grants_are_given_for_pending_versions_and_declared_files_only() {
    String path = versions("f-grants");
    engineer.post(path, Map.of("artifacts", List.of(file("a", "1")))).is(201);
    assertThat(engineer.post(path + "/1/artifacts/uploads").is(200).json().path("items").size()).isEqualTo(1);
    assertThat(engineer.post(path + "/1/artifacts/uploads", Map.of("paths", List.of("a", "b"))).is(422)
        .text("/errors/0/pointer")).isEqualTo("/paths/1");
    REGISTRY.version("f-grants");
    engineer.post(path + "/2/artifacts/uploads").is(409);
    REGISTRY.as(Role.OPERATOR).post(path + "/1/artifacts/uploads").is(403);
  }

  @Test
  void every_download_stands_in_the_audit_trail_and_moves_no_revision() {
    String path = versions("f-audited");
    JsonNode grant =
        engineer.post(path, Map.of("artifacts", List.of(file("m.onnx", "m")))).json().at("/uploads/0/grant");
    upload(grant, "m");
    String etag = engineer.post(path + "/1/finalize").etag();
    REGISTRY.as(Role.OPERATOR).with("X-Reason", "Incident 7").get(path + "/1/artifacts/download?path=m.onnx").is(200);

    AccessEntry entry = REGISTRY.trail(Ref.version("f-audited", 1)).stream().map(line -> line.access())
        .filter(Objects::nonNull).findFirst().orElseThrow();
    assertThat(entry.action()).isEqualTo("artifact.downloaded");
    assertThat(entry.actor()).isEqualTo("usr_operator");
    assertThat(entry.detail()).isEqualTo("m.onnx");
    assertThat(entry.reason()).isEqualTo("Incident 7");
    assertThat(engineer.get(path + "/1").etag()).isEqualTo(etag);
  }

  @Test
  void downloads_are_for_those_who_may_and_for_files_that_were_verified() {
    String path = versions("f-may");
    JsonNode grant = engineer.post(path, Map.of("artifacts", List.of(file("m", "m")))).json().at("/uploads/0/grant");
    String target = path + "/1/artifacts/download?path=m";
    engineer.get(target).is(409);
    upload(grant, "m");
    engineer.post(path + "/1/finalize").is(200);
    engineer.get(target).is(200);
    REGISTRY.as(Role.VIEWER).get(target).is(403);
    REGISTRY.as(Role.AUDITOR).get(target).is(403);
    REGISTRY.as(Role.ML_ENGINEER, RETAIL).get(target).is(404);
    engineer.get(path + "/1/artifacts/download?path=n").is(404);
    engineer.get(path + "/1/artifacts/download?path=..%2F..%2Fetc%2Fpasswd").is(404);
    engineer.get(path + "/1/artifacts/download").is(400);
    engineer.get(path + "/1/artifacts/download?path=m&check=c").is(400);
    engineer.with("Accept", "text/html").get(target).is(406);
    engineer.post(path + "/1/withdraw", Map.of("reason", "x")).is(200);
    assertThat(engineer.get(target).is(200).text("/state")).isEqualTo("withdrawn");
  }

  @Test
  void a_late_finalise_is_a_conflict_even_before_the_expiry_is_written_down() {
    String path = versions("f-late");
    JsonNode grant = engineer.post(path, Map.of("artifacts", List.of(file("m", "m")))).json().at("/uploads/0/grant");
    upload(grant, "m");
    REGISTRY.change("f-late", 1, ArtifactsTest::due);
    engineer.post(path + "/1/finalize").is(409).isProblem("conflict");
    engineer.post(path + "/1/artifacts/uploads").is(409);
  }

  static Version due(Version version) {
    return new Version(version.model(), version.version(), version.department(), version.externalId(), version.state(),
        version.manifest(), version.proof(), version.gitCommit(), version.description(), version.tags(),
        version.createdAt(), version.createdBy(), version.onBehalfOf(), Registry.now().minusSeconds(1),
        version.readyAt(), version.recall(), version.aliases(), version.liveIn(), version.openDeployments());
  }
}
