package dev.modelops.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.Ref;
import dev.modelops.domain.access.Role;
import dev.modelops.domain.deployment.Deployment;
import dev.modelops.domain.deployment.Deployment.State;
import dev.modelops.domain.deployment.Environment.Comparison;
import dev.modelops.domain.deployment.Environment.Mode;
import dev.modelops.domain.deployment.Environment.RequiredCheck;
import dev.modelops.domain.deployment.Slot;
import dev.modelops.domain.registry.Check;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.Race;
import dev.modelops.testkit.TestCallers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class RaceTest {

  @RegisterExtension private static final Stage STAGE = new Stage();
  private static final Map<String, String> YES = Map.of("decision", "approved");

  @Test
  void of_64_requests_at_once_in_a_reported_environment_one_is_deploying_and_all_others_are_told_which() {
    String model = STAGE.model(4);
    String place = STAGE.environment(Mode.REPORTED, false);
    List<Answer> answers = Race.of(64, i -> STAGE.ask(model, 1 + i % 4, place));

    List<Answer> won = answers.stream().filter(answer -> answer.status() == 201).toList();
    assertThat(won).hasSize(1);
    assertThat(answers).filteredOn(answer -> answer.status() != 201).hasSize(63).allSatisfy(answer -> {
      answer.is(409).isProblem("conflict");
      assertThat(answer.text("/detail")).contains(won.getFirst().text("/id"));
    });
    InStep.check(STAGE, place, model);
  }

  @Test
  void of_many_requests_at_once_in_a_recorded_environment_each_is_live_in_turn() {
    String model = STAGE.model(4);
    String place = STAGE.environment(Mode.RECORDED, false);
    List<Answer> answers = Race.of(12, i -> STAGE.ask(model, 1 + i % 4, place));

    assertThat(answers).allSatisfy(answer -> assertThat(answer.status()).isIn(201, 503));
    InStep.check(STAGE, place, model);
    long live = answers.stream().filter(answer -> answer.status() == 201)
        .filter(answer -> STAGE.deployment(answer.text("/id")).state() == State.LIVE).count();
    assertThat(live).isEqualTo(1);
  }

  @Test
  void of_many_approvers_at_once_one_makes_it_live() {
    String model = STAGE.model(1);
    String id = STAGE.asked(model, 1, "production").id();
    List<Answer> answers = Race.of(16, i -> STAGE
        .as(TestCallers.person("usr_approver" + i, TestCallers.grant(Role.RISK_OFFICER, Stage.DEPARTMENT)))
        .post("/v1/deployments/" + id + "/approvals", YES));

    assertThat(answers).filteredOn(answer -> answer.status() == 200).hasSize(1);
    assertThat(answers).filteredOn(answer -> answer.status() != 200).allSatisfy(answer -> answer.is(409));
    assertThat(STAGE.engineer().get("/v1/deployments/" + id + "/approvals").json().at("/items")).hasSize(1);
    InStep.check(STAGE, "production", model);
  }

  @Test
  void two_that_are_approved_at_once_do_not_both_deploy() {
    for (int round = 0; round < 5; round++) {
      String model = STAGE.model(2);
      String place = STAGE.environment(Mode.REPORTED, true);
      String first = STAGE.asked(model, 1, place).id();
      String second = STAGE.asked(model, 2, place).id();
      List<Answer> answers = Race.of(List.of(() -> STAGE.approve(first), () -> STAGE.approve(second)));

      assertThat(answers).extracting(Answer::status).containsExactlyInAnyOrder(200, 409);
      InStep.check(STAGE, place, model);
    }
  }

  @Test
  void an_approval_and_a_withdrawal_at_once_never_make_a_withdrawn_version_live() {
    for (int round = 0; round < 8; round++) {
      String model = STAGE.model(1);
      String id = STAGE.asked(model, 1, "production").id();
      List<Integer> statuses = Race.of(List.of(() -> STAGE.approve(id).status(), () -> {
        STAGE.withdraw(model, 1);
        return 0;
      }));
      List<String> actions = STAGE.actions(Ref.version(model, 1));
      boolean live = STAGE.deployment(id).state() == State.LIVE;
      assertThat(statuses.getFirst()).isEqualTo(live ? 200 : 409);
      if (live) {
        assertThat(actions.indexOf("version.deployed")).isLessThan(actions.indexOf("version.changed"));
      }
      InStep.check(STAGE, "production", model);
    }
  }

  @Test
  void a_check_that_flips_while_it_is_approved_is_seen_or_comes_later() {
    for (int round = 0; round < 8; round++) {
      String model = STAGE.model(1);
      String place = STAGE.environment(Mode.RECORDED, true, new RequiredCheck("q", "auc", Comparison.AT_LEAST, 0.9));
      STAGE.check(model, 1, "q", Check.Status.PASSED, Map.of("auc", 0.95));
      String id = STAGE.asked(model, 1, place).id();
      List<Integer> statuses = Race.of(List.of(() -> STAGE.approve(id).status(), () -> {
        STAGE.check(model, 1, "q", Check.Status.PASSED, Map.of("auc", 0.5));
        return 0;
      }));

      assertThat(statuses.getFirst()).isIn(200, 409);
      assertThat(STAGE.deployment(id).state())
          .isEqualTo(statuses.getFirst() == 200 ? State.LIVE : State.AWAITING_APPROVAL);
      STAGE.approve(id).is(409);
    }
  }

  @Test
  void two_on_call_at_once_go_one_back_not_two() {
    String model = STAGE.model(3);
    String live = STAGE.liveInTurn("staging", model, 1, 2, 3);
    List<Answer> answers = Race.of(List.of(() -> STAGE.rollBack(live), () -> STAGE.rollBack(live)));

    assertThat(answers).extracting(Answer::status).containsExactlyInAnyOrder(201, 409);
    assertThat(STAGE.live("staging", model).json().at("/version").asInt()).isEqualTo(2);
    InStep.check(STAGE, "staging", model);
  }

  @Test
  void everything_at_once_leaves_everything_in_step() {
    String model = STAGE.model(4);
    String place = STAGE.environment(Mode.RECORDED, true);
    List<String> waiting = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      waiting.add(STAGE.asked(model, 1 + i % 4, place).id());
    }
    List<Callable<Integer>> moves = new ArrayList<>();
    for (String id : waiting) {
      moves.add(() -> STAGE.approve(id).status());
      moves.add(() -> STAGE.engineer().post("/v1/deployments/" + id + "/cancel").status());
      moves.add(() -> STAGE.rollBack(id).status());
      moves.add(() -> STAGE.operator().post("/v1/deployments/" + id + "/retire").status());
      moves.add(() -> STAGE.ask(model, 4, place).status());
    }
    assertThat(Race.of(moves)).allSatisfy(status -> assertThat(status).isIn(200, 201, 409, 503));
    InStep.check(STAGE, place, model);
  }

  @Test
  void the_largest_move_fits_one_transaction() {
    String model = STAGE.model(12);
    String place = STAGE.environment(Mode.RECORDED, true);
    STAGE.approve(STAGE.asked(model, 12, place).id()).is(200);
    for (int version = 1; version <= Slot.MOST_OPEN; version++) {
      STAGE.asked(model, version, place);
    }
    STAGE.ask(model, 11, place).is(409).isProblem("conflict");
    List<RequiredCheck> checks = IntStream.range(0, 20)
        .mapToObj(i -> new RequiredCheck("check-" + i, "m", Comparison.AT_LEAST, 0.5)).toList();
    checks.forEach(check -> STAGE.check(model, 11, check.name(), Check.Status.PASSED, Map.of("m", 0.7)));
    STAGE.put(place, Mode.RECORDED, false, false, checks);

    Deployment live = STAGE.engineer().with("Idempotency-Key", "largest")
        .post("/v1/deployments", Stage.wish(model, 11, place)).is(201).as(Deployment.class);
    assertThat(live.state()).isEqualTo(State.LIVE);
    assertThat(STAGE.slot(place, model).open()).isEmpty();
    InStep.check(STAGE, place, model);
  }
}
