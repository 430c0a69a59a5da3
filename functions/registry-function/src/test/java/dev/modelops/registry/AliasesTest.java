package dev.modelops.registry;

import static dev.modelops.registry.Registry.RETAIL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.Ref;
import dev.modelops.domain.access.Role;
import dev.modelops.domain.registry.Version;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.Race;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AliasesTest {

  @RegisterExtension private static final Registry REGISTRY = Registry.SHARED;
  private final ApiClient engineer = REGISTRY.engineer();

  /** A model with three ready versions. */
  private static String aliases(String model) {
    REGISTRY.model(model);
    IntStream.range(0, 3).forEach(i -> REGISTRY.version(model));
    return "/v1/models/" + model + "/aliases";
  }

  private static Set<String> of(String model, int version) {
    return REGISTRY.store.entities().get(Version.class, Ref.version(model, version)).orElseThrow().entity().aliases();
  }

  @Test
  void an_alias_moves_with_the_revision_that_was_read_and_versions_know_it() {
    String path = aliases("a-moves") + "/champion";
    Answer created = engineer.put(path, Map.of("version", 1)).is(201);
    assertThat(created.header("Location")).isEqualTo(path);
    assertThat(of("a-moves", 1)).containsExactly("champion");
    engineer.put(path, Map.of("version", 2)).is(428);
    engineer.ifMatch("\"9\"").put(path, Map.of("version", 2)).is(412);
    engineer.with("If-None-Match", "*").put(path, Map.of("version", 2)).is(412);
    Answer moved = engineer.ifMatch(created.etag()).put(path, Map.of("version", 2)).is(200);
    assertThat(moved.text("/version")).isEqualTo("2");
    assertThat(of("a-moves", 1)).isEmpty();
    assertThat(of("a-moves", 2)).containsExactly("champion");
    // Where it points already: no change, no revision needed.
    assertThat(engineer.put(path, Map.of("version", 2)).is(200).etag()).isEqualTo(moved.etag());
    assertThat(engineer.get(path).is(200).json()).isEqualTo(moved.json());
    assertThat(engineer.get("/v1/models/a-moves/versions/2").text("/aliases/0")).isEqualTo("champion");
    assertThat(engineer.get("/v1/models/a-moves/versions").text("/items/1/aliases/0")).isEqualTo("champion");
  }

  @Test
  void an_alias_points_to_ready_versions_only() {
    String path = aliases("a-ready");
    engineer.post("/v1/models/a-ready/versions", Map.of("artifacts", List.of(Registry.file("a", "b")))).is(201);
    engineer.put(path + "/champion", Map.of("version", 4)).is(409).isProblem("conflict");
    assertThat(engineer.put(path + "/champion", Map.of("version", 99)).is(422).text("/errors/0/pointer"))
        .isEqualTo("/version");
    engineer.put(path + "/Champion", Map.of("version", 1)).is(400);
    engineer.put(path + "/3", Map.of("version", 1)).is(400);
    engineer.put("/v1/models/a-nothing/aliases/champion", Map.of("version", 1)).is(404);
    REGISTRY.as(Role.DATA_SCIENTIST).put(path + "/champion", Map.of("version", 1)).is(403);
    REGISTRY.as(Role.ML_ENGINEER, RETAIL).put(path + "/champion", Map.of("version", 1)).is(404);
    engineer.get(path + "/champion").is(404);
  }

  @Test
  void a_deleted_alias_is_gone_its_history_is_not_and_it_can_come_back() {
    String path = aliases("a-deleted") + "/champion";
    engineer.put(path, Map.of("version", 1)).is(201);
    engineer.with("X-Reason", "Won").ifMatch("\"1\"").put(path, Map.of("version", 2)).is(200);
    engineer.delete(path).is(428);
    engineer.ifMatch("\"1\"").delete(path).is(412);
    engineer.ifMatch("\"2\"").delete(path).is(204);
    engineer.get(path).is(404);
    engineer.ifMatch("\"3\"").delete(path).is(404);
    assertThat(engineer.get("/v1/models/a-deleted/aliases").json().path("items").size()).isZero();
    assertThat(of("a-deleted", 2)).isEmpty();
    engineer.with("If-None-Match", "*").put(path, Map.of("version", 3)).is(201);

    List<String> moves = engineer.all(path + "/history?limit=1").stream()
        .map(move -> move.path("previousVersion").asString("-") + ">" + move.path("version").asString("-")).toList();
    assertThat(moves).containsExactly("->3", "2>-", "1>2", "->1");
    Answer history = engineer.get(path + "/history").is(200);
    assertThat(history.text("/items/2/reason")).isEqualTo("Won");
    assertThat(history.text("/items/0/by")).isEqualTo("usr_ml-engineer");
    engineer.get("/v1/models/a-deleted/aliases/never/history").is(404);
    REGISTRY.as(Role.VIEWER, RETAIL).get(path + "/history").is(404);
  }

  @Test
  void of_concurrent_moves_one_is_made_and_exactly_one_version_has_the_alias() {
    String path = aliases("a-fought") + "/champion";
    engineer.put(path, Map.of("version", 1)).is(201);
    List<Integer> statuses = Race.of(12, i -> REGISTRY
        .engineer().ifMatch("\"1\"").put(path, Map.of("version", 2 + i % 2)).status());
    assertThat(statuses).filteredOn(status -> status == 200).isNotEmpty();
    assertThat(statuses).containsOnly(200, 412);
    int version = engineer.get(path).json().path("version").asInt();
    for (int i = 1; i <= 3; i++) {
      assertThat(of("a-fought", i)).isEqualTo(i == version ? Set.of("champion") : Set.of());
    }
    assertThat(engineer.get(path).etag()).isEqualTo("\"2\"");
  }

  @Test
  void creators_of_one_alias_at_once_make_one() {
    String path = aliases("a-created") + "/champion";
    List<Integer> statuses = Race.of(8, i -> REGISTRY
        .engineer().with("If-None-Match", "*").put(path, Map.of("version", 1 + i % 3)).status());
    assertThat(statuses).filteredOn(status -> status == 201).hasSize(1);
    assertThat(statuses).filteredOn(status -> status == 412).hasSize(7);
    assertThat(IntStream.rangeClosed(1, 3).map(i -> of("a-created", i).size()).sum()).isEqualTo(1);
  }

  @Test
  void an_archive_and_an_alias_at_once_never_leave_an_alias_on_an_archived_version() {
    aliases("a-race");
    for (int round = 0; round < 10; round++) {
      int version = REGISTRY.version("a-race");
      String path = "/v1/models/a-race/versions/" + version;
      String alias = "/v1/models/a-race/aliases/r" + round;
      List<Integer> statuses = Race.of(List.of(
          () -> REGISTRY.engineer().ifMatch("\"1\"").post(path + "/archive").status(),
          () -> REGISTRY.engineer().put(alias, Map.of("version", version)).status()));
      boolean archived = engineer.get(path).text("/state").equals("archived");
      boolean aliased = engineer.get(alias).status() == 200;
      assertThat(archived && aliased).as("both happened: %s", statuses).isFalse();
      assertThat(statuses).isIn(List.of(200, 409), List.of(409, 201), List.of(412, 201));
    }
  }

  @Test
  void different_aliases_of_one_version_at_once_are_all_kept() {
    String path = aliases("a-many");
    List<Integer> statuses =
        Race.of(8, i -> REGISTRY.engineer().put(path + "/alias-" + i, Map.of("version", 1)).status());
    assertThat(statuses).containsOnly(201);
    assertThat(of("a-many", 1)).hasSize(8);
    Set<String> listed = new TreeSet<>();
    engineer.all(path + "?limit=3").forEach(alias -> listed.add(alias.path("alias").asString()));
    assertThat(listed).isEqualTo(of("a-many", 1));
  }
}
