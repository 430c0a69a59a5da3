package dev.modelops.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.Ref;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.Role;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.Race;
import dev.modelops.testkit.TestCallers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class EnvironmentTest {

  @RegisterExtension private static final Stage STAGE = new Stage();
  private static final Map<String, Object> RECORDED = Map.of("mode", "recorded", "protection", false);

  @Test
  void built_in_environments_exist_from_the_start_and_are_replaced_at_revision_zero() {
    Answer staging = STAGE.engineer().get("/v1/environments/staging").is(200);
    assertThat(staging.etag()).isEqualTo("\"0\"");
    assertThat(STAGE.engineer().get("/v1/environments/production").json().at("/protection").asBoolean()).isTrue();

    STAGE.admin().put("/v1/environments/staging", RECORDED).is(428);
    STAGE.admin().with("If-None-Match", "*").put("/v1/environments/staging", RECORDED).is(412);
    STAGE.admin().ifMatch("\"1\"").put("/v1/environments/staging", RECORDED).is(412);
    Answer replaced = STAGE.admin().ifMatch("\"0\"")
        .put("/v1/environments/staging", Map.of("mode", "reported", "protection", true, "timeLimit", "PT30M")).is(200);
    assertThat(replaced.etag()).isEqualTo("\"1\"");
    assertThat(replaced.text("/timeLimit")).isEqualTo("PT30M");
    STAGE.admin().ifMatch("\"0\"").put("/v1/environments/staging", RECORDED).is(412);
    assertThat(STAGE.actions(Ref.environment("staging"))).containsExactly("environment.changed");
  }

  @Test
  void a_new_environment_is_created_once() {
    Answer created = STAGE.admin().put("/v1/environments/canary", RECORDED).is(201);
    assertThat(created.header("Location")).isEqualTo("/v1/environments/canary");
    assertThat(STAGE.admin().put("/v1/environments/canary", RECORDED).is(200).etag()).isEqualTo(created.etag());
    STAGE.admin().put("/v1/environments/canary", Map.of("mode", "recorded", "protection", true)).is(428);
    STAGE.admin().ifMatch("\"7\"").put("/v1/environments/unborn", RECORDED).is(412);
    STAGE.engineer().with("If-None-Match", created.etag()).get("/v1/environments/canary").is(304);
  }

  @Test
  void of_many_writers_who_have_seen_the_same_revision_one_wins() {
    STAGE.admin().put("/v1/environments/contested", RECORDED).is(201);
    List<Answer> answers = Race.of(16, i -> STAGE.admin()
        .ifMatch("\"1\"")
        .put("/v1/environments/contested", Map.of("mode", "recorded", "protection", true, "title", "T" + i)));

    assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
    assertThat(answers).filteredOn(answer -> answer.status() == 412).hasSize(15)
        .allSatisfy(answer -> assertThat(answer.etag()).isEqualTo("\"2\""));
  }

  @Test
  void what_no_schema_can_say_is_422_with_all_violations() {
    Answer refused = STAGE.admin().put("/v1/environments/odd", Map.of("mode", "reported", "protection", false,
        "timeLimit", "PT1S", "requiredChecks", List.of(Map.of("name", "quality", "metric", "auc")))).is(422);
    assertThat(refused.text("/errors/0/pointer")).isEqualTo("/timeLimit");
    assertThat(refused.text("/errors/1/pointer")).isEqualTo("/requiredChecks/0");
    STAGE.admin().put("/v1/environments/odd", Map.of("mode", "reported", "protection", false, "colour", "red")).is(400);
  }

  @Test
  void the_list_begins_with_the_built_in_ones_and_its_pages_make_up_the_whole() {
    for (String name : List.of("alpha", "zulu", "mike")) {
      STAGE.admin().put("/v1/environments/" + name, RECORDED).is(201);
    }
    List<String> whole = list(100);
    assertThat(whole.subList(0, 3)).containsExactly("dev", "production", "staging");
    assertThat(whole).contains("alpha", "mike", "zulu").doesNotHaveDuplicates();
    for (int limit = 1; limit <= 4; limit++) {
      assertThat(list(limit)).isEqualTo(whole);
    }
  }

  @Test
  void only_admins_write_and_readers_of_one_model_may_read() {
    for (Role role : Role.values()) {
      int expected = role.permissions().contains(Permission.ADMINISTER) ? 428 : 403;
      STAGE.as(TestCallers.of(role)).put("/v1/environments/dev", RECORDED).is(expected);
      STAGE.as(role).get("/v1/environments").is(200);
    }
    STAGE.as(TestCallers.person("usr_narrow",
        TestCallers.grant(Role.VIEWER, Stage.DEPARTMENT, Set.of(Permission.READ), Set.of("card-fraud"))))
        .get("/v1/environments/dev").is(200);
    STAGE.as(TestCallers.stranger()).get("/v1/environments").is(403);
    STAGE.engineer().get("/v1/environments/nowhere").is(404);
  }

  private static List<String> list(int limit) {
    return STAGE.engineer().all("/v1/environments?limit=" + limit).stream().map(item -> item.at("/name").asString())
        .toList();
  }
}
