package dev.modelops.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.Role;
import dev.modelops.domain.deployment.Environment.Mode;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.TestCallers;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AccessTest {

  @RegisterExtension private static final Stage STAGE = new Stage();

  @Test
  void another_department_sees_nothing_of_it() {
    String model = STAGE.model(2);
    String id = STAGE.asked(model, 1, "staging").id();
    String waiting = STAGE.asked(model, 2, "production").id();
    ApiClient viewer = STAGE.as(TestCallers.of(Role.VIEWER, "elsewhere"));
    for (String path : List.of("/v1/deployments/" + id, "/v1/deployments/" + id + "/approvals",
        "/v1/environments/staging/models/" + model + "/live",
        "/v1/environments/staging/models/" + model + "/live/history",
        "/v1/environments/staging/models/" + model + "/auto-deploy",
        "/v1/models/" + model + "/versions/1/deployability?environment=dev")) {
      viewer.get(path).is(404).isProblem("not-found");
    }
    for (String query : List.of("", "?model=" + model, "?environment=staging", "?state=awaiting-approval")) {
      assertThat(viewer.get("/v1/deployments" + query).is(200).json().at("/items")).isEmpty();
    }
    ApiClient operator = STAGE.as(TestCallers.of(Role.OPERATOR, "elsewhere"));
    for (String move : List.of("/rollback", "/retire", "/cancel")) {
      operator.post("/v1/deployments/" + id + move).is(404);
    }
    operator.post("/v1/deployments/" + id + "/status", Map.of("state", "failed")).is(404);
    operator.post("/v1/deployments", Stage.wish(model, 1, "staging")).is(404);
    operator.ifMatch("\"0\"").put("/v1/environments/staging/models/" + model + "/auto-deploy", Map.of("enabled", true))
        .is(404);
    STAGE.as(TestCallers.of(Role.RISK_OFFICER, "elsewhere"))
        .post("/v1/deployments/" + waiting + "/approvals", Map.of("decision", "rejected")).is(404);
    // And what does not exist at all is answered alike.
    String unknown =
        operator.post("/v1/deployments", Stage.wish("no-such-model", 1, "staging")).is(404).text("/detail");
    assertThat(operator.post("/v1/deployments", Stage.wish(model, 1, "staging")).text("/detail"))
        .isEqualTo(unknown.replace("no-such-model", model));
  }

  @Test
  void each_role_may_make_the_moves_of_the_table_and_no_other() {
    String place = STAGE.environment(Mode.REPORTED, false);
    for (Role role : Role.values()) {
      ApiClient caller = STAGE.as(role);
      String model = STAGE.model(2);
      caller.post("/v1/deployments", Stage.wish(model, 1, "dev"))
          .is(may(role, Permission.REQUEST_DEPLOYMENT) ? 201 : 403);
      caller.post("/v1/deployments", Stage.wish(model, 1, "production"))
          .is(may(role, Permission.REQUEST_ANY_DEPLOYMENT) ? 201 : 403);
      String underWay = STAGE.asked(model, 1, place).id();
      caller.post("/v1/deployments/" + underWay + "/status", Map.of("state", "live"))
          .is(may(role, Permission.OPERATE) ? 200 : 403);
      String waiting = STAGE.asked(model, 1, "production").id();
      caller.post("/v1/deployments/" + waiting + "/approvals", Map.of("decision", "approved"))
          .is(may(role, Permission.APPROVE) ? 200 : 403);
      STAGE.asked(model, 1, "staging");
      String live = STAGE.asked(model, 2, "staging").id();
      caller.post("/v1/deployments/" + live + "/rollback").is(may(role, Permission.OPERATE) ? 201 : 403);
      String now = STAGE.live("staging", model).text("/deployment");
      caller.post("/v1/deployments/" + now + "/retire").is(may(role, Permission.OPERATE) ? 200 : 403);
      caller.get("/v1/deployments/" + live).is(200);
    }
    STAGE.as(TestCallers.stranger()).get("/v1/deployments").is(403);
  }

  @Test
  void a_grant_for_one_model_reaches_that_model_alone() {
    String mine = STAGE.model(1);
    String other = STAGE.model(1);
    STAGE.asked(mine, 1, "staging");
    String hidden = STAGE.asked(other, 1, "staging").id();
    ApiClient narrow = STAGE.as(TestCallers.person("usr_narrow",
        TestCallers.grant(Role.ML_ENGINEER, Stage.DEPARTMENT, Role.ML_ENGINEER.permissions(), Set.of(mine))));

    narrow.post("/v1/deployments", Stage.wish(mine, 1, "dev")).is(201);
    narrow.post("/v1/deployments", Stage.wish(other, 1, "dev")).is(404);
    narrow.get("/v1/deployments/" + hidden).is(404);
    assertThat(narrow.get("/v1/deployments?model=" + mine).is(200).json().at("/items")).hasSize(2);
    assertThat(narrow.get("/v1/deployments?model=" + other).is(200).json().at("/items")).isEmpty();
    narrow.get("/v1/environments/staging/live").is(200).json().at("/items")
        .forEach(item -> assertThat(item.at("/model").asString()).isEqualTo(mine));
  }

  /** One person, who has lost a grant, or holds a token without it. */
  @Test
  void a_credential_neither_repeats_nor_cancels_what_it_could_not_ask_for() {
    String model = STAGE.model(1);
    ApiClient asker =
        STAGE.as(TestCallers.person("usr_asker", TestCallers.grant(Role.ML_ENGINEER, Stage.DEPARTMENT)));
    ApiClient elsewhere = STAGE.as(TestCallers.person("usr_asker", TestCallers.grant(Role.ML_ENGINEER, "elsewhere")));
    Map<String, Object> wish = Stage.wish(model, 1, "production");
    String id = asker.with("Idempotency-Key", "once").post("/v1/deployments", wish).is(201).text("/id");

    assertThat(asker.with("Idempotency-Key", "once").post("/v1/deployments", wish).is(201).text("/id")).isEqualTo(id);
    elsewhere.with("Idempotency-Key", "once").post("/v1/deployments", wish).is(404);
    STAGE.as(TestCallers.person("usr_asker", TestCallers.grant(Role.VIEWER, Stage.DEPARTMENT),
        TestCallers.grant(Role.ML_ENGINEER, "elsewhere"))).post("/v1/deployments/" + id + "/cancel").is(403);
    asker.post("/v1/deployments/" + id + "/cancel").is(200);
  }

  private static boolean may(Role role, Permission permission) {
    return role.permissions().contains(permission);
  }
}
