package dev.modelops.registry;

import static dev.modelops.registry.Registry.CREDIT;
import static dev.modelops.registry.Registry.RETAIL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import dev.modelops.domain.access.Role;
import dev.modelops.domain.registry.Model;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.Race;
import dev.modelops.testkit.TestCallers;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ModelsTest {

  @RegisterExtension private static final Registry REGISTRY = Registry.SHARED;
  private final ApiClient engineer = REGISTRY.engineer();

  private static Map<String, Object> content(Object... more) {
    Map<String, Object> content = new LinkedHashMap<>(Map.of("kind", "ml", "department", CREDIT));
    for (int i = 0; i < more.length; i += 2) {
      content.put((String) more[i], more[i + 1]);
    }
    return content;
  }

  @Test
  void a_model_is_created_and_read_as_it_was_written() {
    Answer created = engineer.put("/v1/models/Card-Fraud", content("title", "Card fraud", "owner", "usr_ada", "people",
        Map.of("validator", List.of("usr_grace")), "purpose", "Block fraud", "riskTier", "high", "tags",
        Map.of("team", "payments"), "attributes", Map.of("gdpr", true, "months", 6, "note", "x"))).is(201);

    assertThat(created.header("Location")).isEqualTo("/v1/models/Card-Fraud");
    Answer read = engineer.get("/v1/models/card-fraud").is(200);
    assertThat(read.etag()).isEqualTo("\"1\"").isEqualTo(created.etag());
    assertThat(read.json()).isEqualTo(created.json());
    assertThat(read.text("/name")).isEqualTo("Card-Fraud");
    assertThat(read.text("/attributes/months")).isEqualTo("6");
    assertThat(read.text("/createdBy")).isEqualTo("usr_ml-engineer");
    engineer.with("If-None-Match", read.etag()).get("/v1/models/card-fraud").is(304);
    assertThat(REGISTRY.chain(Ref.model("card-fraud")).getFirst().action()).isEqualTo("model.created");
  }

  @Test
  void replacing_needs_the_revision_that_was_read_and_leaves_nothing_of_the_old_content() {
    REGISTRY.engineer().put("/v1/models/replace", content("title", "Old", "tags", Map.of("a", "1"))).is(201);

    engineer.put("/v1/models/replace", content("title", "New")).is(428).isProblem("precondition-required");
    Answer stale = engineer.ifMatch("\"7\"").put("/v1/models/replace", content("title", "New")).is(412);
    assertThat(stale.etag()).isEqualTo("\"1\"");
    Answer replaced = engineer.ifMatch("\"1\"").put("/v1/models/replace", content("title", "New")).is(200);
    assertThat(replaced.text("/title")).isEqualTo("New");
    assertThat(replaced.json().path("tags").size()).isZero();
    assertThat(replaced.etag()).isEqualTo("\"2\"");
    engineer.ifMatch("*").put("/v1/models/replace", content("title", "Any")).is(400);
  }

  @Test
  void the_same_content_again_is_no_change_and_needs_no_revision() {
    engineer.put("/v1/models/same", content("attributes", Map.of("a", 1, "b", 1.5))).is(201);
    Answer again = engineer.put("/v1/models/same", content("attributes", Map.of("a", 1, "b", 1.5))).is(200);
    assertThat(again.etag()).isEqualTo("\"1\"");
    assertThat(REGISTRY.chain(Ref.model("same"))).hasSize(1);
  }

  @Test
  void create_only_is_refused_when_the_model_exists_and_replace_only_when_it_does_not() {
    engineer.with("If-None-Match", "*").put("/v1/models/only", content()).is(201);
    Answer refused = engineer.with("If-None-Match", "*").put("/v1/models/only", content("title", "x")).is(412);
    assertThat(refused.etag()).isEqualTo("\"1\"");
    engineer.ifMatch("\"1\"").put("/v1/models/never-was", content()).is(412);
    engineer.get("/v1/models/never-was").is(404);
  }

  @Test
  void a_name_is_taken_without_regard_to_case_and_a_stranger_learns_no_more_than_that() {
    engineer.put("/v1/models/Mine", content("title", "Secret title")).is(201);
    ApiClient retail = REGISTRY.as(Role.ML_ENGINEER, RETAIL);

    Answer taken = retail.put("/v1/models/mINE", Map.of("kind", "ml", "department", RETAIL)).is(409);
    taken.isProblem("already-exists");
    assertThat(taken.body()).doesNotContain("Secret", CREDIT);
    assertThat(taken.headers()).doesNotContainKey("ETag");
    Answer hidden = retail.get("/v1/models/mine").is(404);
    assertThat(hidden.text("/detail")).isEqualTo(retail.get("/v1/models/nothing").is(404).text("/detail"));
    retail.ifMatch("\"1\"").patch("/v1/models/mine", Map.of("title", "x")).is(404);
    retail.ifMatch("\"1\"").post("/v1/models/mine/archive").is(404);
  }

  @Test
  void whoever_may_not_create_a_model_does_not_learn_whether_its_name_is_taken() {
    engineer.put("/v1/models/hidden", content()).is(201);
    ApiClient narrow = engineer.as(TestCallers.person("usr_narrow",
        TestCallers.grant(Role.ML_ENGINEER, RETAIL, Role.ML_ENGINEER.permissions(), Set.of("own"))));
    for (String department : List.of(RETAIL, CREDIT)) {
      Answer taken = narrow.put("/v1/models/hidden", Map.of("kind", "ml", "department", department));
      Answer free = narrow.put("/v1/models/free", Map.of("kind", "ml", "department", department));
      assertThat(taken.status()).isEqualTo(free.status());
      assertThat(taken.text("/detail")).isEqualTo(free.text("/detail"));
    }
  }

  @Test
  void the_department_must_exist_must_be_the_callers_and_never_changes() {
    assertThat(engineer.put("/v1/models/nowhere", Map.of("kind", "ml", "department", "nope")).is(422)
        .text("/errors/0/pointer")).isEqualTo("/department");
    REGISTRY.as(Role.ML_ENGINEER, RETAIL).put("/v1/models/nowhere", content()).is(404);
    engineer.put("/v1/models/fixed", content()).is(201);
    engineer.ifMatch("\"1\"").put("/v1/models/fixed", Map.of("kind", "ml", "department", RETAIL)).is(409);
    engineer.ifMatch("\"1\"").patch("/v1/models/fixed", Map.of("department", RETAIL)).is(409);
    engineer.ifMatch("\"1\"").patch("/v1/models/fixed", Map.of("department", CREDIT, "title", "T")).is(200);
  }

  @Test
  void a_patch_merges_removes_and_leaves_the_rest() {
    engineer.put("/v1/models/patched", content("title", "Old", "owner", "usr_ada", "tags", Map.of("a", "1", "b", "2")))
        .is(201);
    Answer patched = engineer.ifMatch("\"1\"").patch("/v1/models/patched",
        "{\"title\":null,\"description\":\"New\",\"tags\":{\"a\":null,\"c\":\"3\"}}").is(200);
    assertThat(patched.json().has("title")).isFalse();
    assertThat(patched.text("/description")).isEqualTo("New");
    assertThat(patched.text("/owner")).isEqualTo("usr_ada");
    assertThat(patched.json().path("tags").propertyNames()).containsExactlyInAnyOrder("b", "c");
    engineer.patch("/v1/models/patched", "{\"title\":\"x\"}").is(428);
    engineer.ifMatch("\"2\"").patch("/v1/models/patched", "{\"kind\":null}").is(400);
    engineer.ifMatch("\"2\"").patch("/v1/models/patched", "{\"nmae\":\"x\"}").is(400).isProblem("invalid-request");
  }

  @Test
  void a_patch_cannot_add_tags_beyond_the_limit() {
    Map<String, String> tags = new LinkedHashMap<>();
    IntStream.range(0, 20).forEach(i -> tags.put("t" + i, "v"));
    engineer.put("/v1/models/tags", content("tags", tags)).is(201);
    assertThat(engineer.ifMatch("\"1\"").patch("/v1/models/tags", "{\"tags\":{\"one-more\":\"v\"}}").is(422)
        .text("/errors/0/pointer")).isEqualTo("/tags");
    engineer.ifMatch("\"1\"").patch("/v1/models/tags", "{\"tags\":{\"one-more\":\"v\",\"t0\":null}}").is(200);
  }

  @Test
  void the_risk_tier_is_changed_by_risk_officers_alone() {
    engineer.put("/v1/models/tier", content("riskTier", "low")).is(201);
    ApiClient officer = REGISTRY.as(Role.RISK_OFFICER, CREDIT);

    engineer.ifMatch("\"1\"").put("/v1/models/tier", content("riskTier", "high")).is(403);
    engineer.ifMatch("\"1\"").patch("/v1/models/tier", "{\"riskTier\":null}").is(403);
    engineer.ifMatch("\"1\"").put("/v1/models/tier/risk-tier", Map.of("riskTier", "high")).is(403);
    officer.put("/v1/models/tier/risk-tier", Map.of("riskTier", "high")).is(428);
    Answer rated = officer.with("X-Reason", "Blocks payments").ifMatch("\"1\"")
        .put("/v1/models/tier/risk-tier", Map.of("riskTier", "high")).is(200);
    assertThat(rated.text("/riskTier")).isEqualTo("high");
    // A replacement that says nothing of the tier leaves it as it is.
    assertThat(engineer.ifMatch("\"2\"").put("/v1/models/tier", content("title", "T")).is(200).text("/riskTier"))
        .isEqualTo("high");
    assertThat(REGISTRY.chain(Ref.model("tier")).get(1))
        .matches(entry -> entry.action().equals("model.risk-tier-changed") && "Blocks payments".equals(entry.reason()));
    REGISTRY.as(Role.RISK_OFFICER, RETAIL).ifMatch("\"3\"")
        .put("/v1/models/tier/risk-tier", Map.of("riskTier", "low")).is(404);
  }

  @Test
  void an_archived_model_can_be_restored_and_takes_no_versions_meanwhile() {
    engineer.put("/v1/models/resting", content()).is(201);
    engineer.post("/v1/models/resting/archive").is(428);
    Answer archived = engineer.ifMatch("\"1\"").post("/v1/models/resting/archive").is(200);
    assertThat(archived.text("/state")).isEqualTo("archived");
    engineer.post("/v1/models/resting/versions", Map.of()).is(409).isProblem("conflict");
    assertThat(engineer.ifMatch("\"2\"").post("/v1/models/resting/archive").is(200).etag()).isEqualTo("\"2\"");
    engineer.ifMatch("\"2\"").post("/v1/models/resting/restore").is(200);
    assertThat(engineer.post("/v1/models/resting/versions", Map.of()).is(201).text("/version")).isEqualTo("1");
  }

  @Test
  void an_external_model_names_its_vendor_and_stays_external() {
    engineer.put("/v1/models/bought", Map.of("kind", "external", "department", CREDIT)).is(422);
    engineer.put("/v1/models/bought", Map.of("kind", "external", "department", CREDIT, "vendor", "Acme")).is(201);
    engineer.ifMatch("\"1\"").patch("/v1/models/bought", Map.of("kind", "ml")).is(409);
    engineer.put("/v1/models/built", content()).is(201);
    engineer.ifMatch("\"1\"").patch("/v1/models/built", Map.of("kind", "external", "vendor", "Acme")).is(409);
    engineer.ifMatch("\"1\"").patch("/v1/models/built", Map.of("kind", "statistical")).is(200);
  }

  @Test
  void of_many_creators_of_one_name_one_wins_and_the_others_are_told() {
    List<Integer> statuses = Race.of(16, i -> REGISTRY
        .engineer().with("If-None-Match", "*").put("/v1/models/Wanted", content("title", "By " + i)).status());
    assertThat(statuses).filteredOn(status -> status == 201).hasSize(1);
    assertThat(statuses).filteredOn(status -> status == 412).hasSize(15);
    assertThat(REGISTRY.chain(Ref.model("wanted"))).hasSize(1);
  }

  @Test
  void creators_of_two_departments_at_once_get_one_model_and_one_conflict() {
    List<Integer> statuses = Race.of(Arrays.asList(
        () -> REGISTRY.as(Role.ML_ENGINEER, CREDIT).put("/v1/models/both", content()).status(),
        () -> REGISTRY.as(Role.ML_ENGINEER, RETAIL)
            .put("/v1/models/BOTH", Map.of("kind", "ml", "department", RETAIL)).status()));
    assertThat(statuses).containsExactlyInAnyOrder(201, 409);
  }

  @Test
  void of_concurrent_changes_on_one_revision_one_is_made_and_none_is_lost() {
    engineer.put("/v1/models/fought", content()).is(201);
    List<Integer> statuses = Race.of(16, i -> REGISTRY.engineer()
        .ifMatch("\"1\"").patch("/v1/models/fought", Map.of("tags", Map.of("t" + i, "v"))).status());
    assertThat(statuses).filteredOn(status -> status == 200).hasSize(1);
    assertThat(statuses).filteredOn(status -> status == 412).hasSize(15);
    assertThat(REGISTRY.rev(Model.class, Ref.model("fought"))).isEqualTo(2);
  }

  @Test
  void concurrent_sets_of_one_tag_end_in_one_value() {
    engineer.put("/v1/models/tagged", content()).is(201);
    Race.of(8, i -> retried("tagged", "v" + i));
    Answer read = engineer.get("/v1/models/tagged").is(200);
    assertThat(read.json().path("tags").size()).isEqualTo(1);
    assertThat(read.etag()).isEqualTo("\"9\"");
    assertThat(engineer.get("/v1/models?tag=env:" + read.text("/tags/env")).json().path("items").size()).isEqualTo(1);
  }

  private static int retried(String model, String value) {
    ApiClient client = REGISTRY.engineer();
    int status;
    do {
      String etag = client.get("/v1/models/" + model).etag();
      status = client.ifMatch(etag).patch("/v1/models/" + model, Map.of("tags", Map.of("env", value))).status();
    } while (status == 412);
    return status;
  }

  @Test
  void a_grant_for_named_models_reaches_those_and_no_other() {
    engineer.put("/v1/models/named", content()).is(201);
    engineer.put("/v1/models/unnamed", content()).is(201);
    ApiClient narrow = ApiClient.of(REGISTRY.function, TestCallers.person("usr_narrow",
        TestCallers.grant(Role.ML_ENGINEER, Entity.ORGANISATION, Role.ML_ENGINEER.permissions(),
            Set.of("NAMED", "own-new"))));
    narrow.get("/v1/models/named").is(200);
    narrow.get("/v1/models/unnamed").is(404);
    narrow.post("/v1/models/unnamed/versions", Map.of()).is(404);
    narrow.post("/v1/models/named/versions", Map.of()).is(201);
    narrow.put("/v1/models/own-new", content()).is(201);
    narrow.put("/v1/models/other-new", content()).is(404);
  }

  @Test
  void names_that_are_no_names_are_refused_before_anything_is_read() {
    for (String name : List.of("..", "%2e%2e", "a%2Fb", "a%252Fb", "a%00b", "%C0%AE%C0%AE", "-a", "a:b",
        "x".repeat(129), "%E2%84%AA", "a%5Cb", "a%20b")) {
      assertThat(engineer.put("/v1/models/" + name, content()).status()).as(name).isIn(400, 404);
    }
  }
}
