package dev.modelops.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.access.Role;
import dev.modelops.domain.deployment.Deployment.State;
import dev.modelops.domain.deployment.Environment.Mode;
import dev.modelops.testkit.Answer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RollbackTest {

  @RegisterExtension private static final Stage STAGE = new Stage();

  @Test
  void two_rollbacks_go_two_back_and_the_last_says_that_nothing_is_left() {
    String model = STAGE.model(3);
    String live = STAGE.liveInTurn("staging", model, 1, 2, 3);
    Answer once = STAGE.rollBack(live).is(201);
    Answer twice = STAGE.rollBack(once.text("/id")).is(201);

    assertThat(once.json().at("/version").asInt()).isEqualTo(2);
    assertThat(once.text("/rollbackOf")).isEqualTo(live);
    assertThat(twice.json().at("/version").asInt()).isEqualTo(1);
    assertThat(STAGE.deployment(live).state()).isEqualTo(State.ROLLED_BACK);
    STAGE.rollBack(twice.text("/id")).is(409).isProblem("conflict");
  }

  @Test
  void a_rollback_from_production_needs_one_operator_and_no_approval() {
    String model = STAGE.model(2);
    STAGE.approve(STAGE.asked(model, 1, "production").id()).is(200);
    String live = STAGE.asked(model, 2, "production").id();
    STAGE.approve(live).is(200);

    STAGE.as(Role.ML_ENGINEER).post("/v1/deployments/" + live + "/rollback").is(403);
    assertThat(STAGE.rollBack(live).is(201).text("/state")).isEqualTo("live");
    assertThat(STAGE.live("production", model).json().at("/version").asInt()).isEqualTo(1);
  }

  @Test
  void a_rollback_to_a_withdrawn_version_is_409_and_on_call_names_another() {
    String model = STAGE.model(3);
    String oldest = STAGE.asked(model, 1, "staging").id();
    STAGE.asked(model, 2, "staging");
    String live = STAGE.asked(model, 3, "staging").id();
    STAGE.withdraw(model, 2);

    Answer refused = STAGE.rollBack(live).is(409).isProblem("gate-closed");
    assertThat(refused.text("/reasons/0/found")).isEqualTo("withdrawn");
    String rollback = "/v1/deployments/" + live + "/rollback";
    STAGE.operator().post(rollback, Map.of("to", live)).is(422);
    STAGE.operator().post(rollback, Map.of("to", "dep_00000000000000000000000000")).is(422);
    Answer back = STAGE.operator().post(rollback, Map.of("to", oldest)).is(201);
    assertThat(back.json().at("/version").asInt()).isEqualTo(1);
    assertThat(back.json().has("fallback")).isFalse();
  }

  @Test
  void a_rollback_wins_over_a_deployment_under_way() {
    String model = STAGE.model(3);
    String place = STAGE.environment(Mode.REPORTED, false);
    STAGE.report(STAGE.asked(model, 1, place).id(), "live").is(200);
    String bad = STAGE.asked(model, 2, place).id();
    STAGE.report(bad, "live").is(200);
    String underWay = STAGE.asked(model, 3, place).id();

    Answer back = STAGE.rollBack(bad).is(201);
    assertThat(back.text("/state")).isEqualTo("deploying");
    assertThat(STAGE.deployment(underWay).state()).isEqualTo(State.SUPERSEDED);
    STAGE.report(underWay, "live").is(409).isProblem("illegal-move");
    assertThat(STAGE.rollBack(bad).is(409).text("/detail")).contains(back.text("/id"));
    STAGE.report(back.text("/id"), "live").is(200);
    assertThat(STAGE.deployment(bad).state()).isEqualTo(State.ROLLED_BACK);
  }
}
