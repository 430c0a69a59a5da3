package dev.modelops.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.access.Role;
import dev.modelops.domain.deployment.Deployment;
import dev.modelops.domain.deployment.Deployment.State;
import dev.modelops.domain.deployment.Environment.Comparison;
import dev.modelops.domain.deployment.Environment.Mode;
import dev.modelops.domain.deployment.Environment.RequiredCheck;
import dev.modelops.domain.registry.Check;
import dev.modelops.domain.registry.Manifest;
import dev.modelops.domain.registry.Version;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.TestCallers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class DeploymentTest {

  private static final Stage STAGE = new Stage();

  @Test
  void an_allowed_deployment_is_live_in_a_recorded_environment_at_once() {
    String model = STAGE.model(2);
    Answer first = STAGE.ask(model, 1, "staging").is(201);
    Answer second = STAGE.ask(model.toUpperCase(java.util.Locale.ROOT), 2, "staging").is(201);

    assertThat(second.text("/state")).isEqualTo("live");
    assertThat(second.text("/model")).isEqualTo(model);
    assertThat(second.header("Location")).isEqualTo("/v1/deployments/" + second.text("/id"));
    assertThat(STAGE.live("staging", model).is(200).json().at("/version").asInt()).isEqualTo(2);
    Deployment before = STAGE.deployment(first.text("/id"));
    assertThat(before.state()).isEqualTo(State.SUPERSEDED);
    assertThat(before.endedAt()).isEqualTo(STAGE.deployment(second.text("/id")).liveAt());
    assertThat(STAGE.stored(model, 1).liveIn()).isEmpty();
    assertThat(STAGE.stored(model, 2).liveIn()).containsExactly("staging");
  }

  @Test
  void a_reported_deployment_is_live_when_its_deployer_says_so() {
    String model = STAGE.model(2);
    String place = STAGE.environment(Mode.REPORTED, false);
    Deployment asked = STAGE.asked(model, 1, place);
    assertThat(asked.state()).isEqualTo(State.DEPLOYING);
    assertThat(asked.deadline()).isEqualTo(asked.requestedAt().plus(Duration.ofHours(1)));
    STAGE.live(place, model).is(404).isProblem("not-found");

    Answer live = STAGE.operator().post("/v1/deployments/" + asked.id() + "/status",
        Map.of("state", "live", "message", "12 nodes", "logUrl", "https://ci.acme.example/1")).is(200);
    assertThat(live.text("/state")).isEqualTo("live");
    assertThat(live.text("/message")).isEqualTo("12 nodes");
    STAGE.live(place, model).is(200);
  }

  @Test
  void a_failed_deployment_leaves_what_was_live() {
    String model = STAGE.model(2);
    String place = STAGE.environment(Mode.REPORTED, false);
    STAGE.report(STAGE.asked(model, 1, place).id(), "live").is(200);
    STAGE.report(STAGE.asked(model, 2, place).id(), "failed").is(200);

    assertThat(STAGE.live(place, model).json().at("/version").asInt()).isEqualTo(1);
    assertThat(STAGE.slot(place, model).deploying()).isNull();
  }

  @Test
  void a_second_deployment_under_way_is_409_naming_the_first() {
    String model = STAGE.model(2);
    String place = STAGE.environment(Mode.REPORTED, false);
    Deployment first = STAGE.asked(model, 1, place);

    Answer second = STAGE.ask(model, 2, place).is(409).isProblem("conflict");
    assertThat(second.text("/detail")).contains(first.id());
  }

  @Test
  void a_protected_environment_waits_for_the_approval_of_another_subject() {
    String model = STAGE.model(1);
    Deployment asked = STAGE.asked(model, 1, "production");
    assertThat(asked.state()).isEqualTo(State.AWAITING_APPROVAL);
    assertThat(STAGE.stored(model, 1).openDeployments()).containsExactly(asked.id());

    Answer approved = STAGE.approve(asked.id()).is(200);
    assertThat(approved.text("/state")).isEqualTo("live");
    assertThat(approved.text("/approvedBy")).isEqualTo("usr_risk-officer_credit");
    Answer approvals = STAGE.engineer().get("/v1/deployments/" + asked.id() + "/approvals").is(200);
    assertThat(approvals.text("/items/0/manifest")).isEqualTo(asked.manifest());
    assertThat(approvals.text("/items/0/decision")).isEqualTo("approved");
    assertThat(STAGE.stored(model, 1).openDeployments()).isEmpty();
  }

  @Test
  void an_approval_by_the_requester_or_by_whom_the_requester_empowered_does_not_count() {
    String model = STAGE.model(1);
    var both = TestCallers.person("usr_both", TestCallers.grant(Role.ML_ENGINEER, Stage.DEPARTMENT),
        TestCallers.grant(Role.RISK_OFFICER, Stage.DEPARTMENT));
    String id = STAGE.as(both).post("/v1/deployments", Stage.wish(model, 1, "production")).is(201).text("/id");
    String approvals = "/v1/deployments/" + id + "/approvals";
    Map<String, String> yes = Map.of("decision", "approved");

    STAGE.as(both).post(approvals, yes).is(403).isProblem("forbidden");
    STAGE.as(TestCallers.person("usr_friend", new dev.modelops.domain.access.Grant(Role.RISK_OFFICER, "*", null, null,
        "usr_both"))).post(approvals, yes).is(403);
    STAGE.as(TestCallers.service(Role.RISK_OFFICER, Stage.DEPARTMENT)).post(approvals, yes).is(403);
    STAGE.as(TestCallers.person("usr_admin_too", TestCallers.grant(Role.ADMIN, "*"),
        TestCallers.grant(Role.RISK_OFFICER, "*"))).post(approvals, yes).is(403);
    STAGE.as(TestCallers.of(Role.BUSINESS_OWNER, Stage.DEPARTMENT)).post(approvals, yes).is(200);
  }

  @Test
  void the_person_behind_a_run_counts_as_requester() {
    String model = STAGE.model(1);
    var run = new dev.modelops.domain.access.Caller("svc_ci", dev.modelops.domain.access.SubjectType.SERVICE, "CI",
        "usr_dora", List.of(TestCallers.grant(Role.ML_ENGINEER, Stage.DEPARTMENT)), null, "github");
    String id = STAGE.as(run).post("/v1/deployments", Stage.wish(model, 1, "production")).is(201).text("/id");

    STAGE.as(TestCallers.person("usr_dora", TestCallers.grant(Role.RISK_OFFICER, Stage.DEPARTMENT)))
        .post("/v1/deployments/" + id + "/approvals", Map.of("decision", "approved")).is(403);
    // But whoever is behind the run may take the wish back.
    STAGE.as(TestCallers.person("usr_dora", TestCallers.grant(Role.DATA_SCIENTIST, Stage.DEPARTMENT)))
        .post("/v1/deployments/" + id + "/cancel").is(200);
  }

  @Test
  void a_data_scientist_may_ask_for_an_unprotected_environment_only() {
    String model = STAGE.model(1);
    STAGE.as(Role.DATA_SCIENTIST).post("/v1/deployments", Stage.wish(model, 1, "staging")).is(201);
    STAGE.as(Role.DATA_SCIENTIST).post("/v1/deployments", Stage.wish(model, 1, "production")).is(403);
  }

  @Test
  void a_rejection_ends_it_and_only_its_asker_or_an_operator_cancels() {
    String model = STAGE.model(1);
    String rejected = STAGE.asked(model, 1, "production").id();
    Answer answer = STAGE.officer().post("/v1/deployments/" + rejected + "/approvals",
        Map.of("decision", "rejected", "comment", "Not fair")).is(200);
    assertThat(answer.text("/state")).isEqualTo("rejected");
    assertThat(answer.text("/message")).isEqualTo("Not fair");

    String cancelled = STAGE.asked(model, 1, "production").id();
    STAGE.as(Role.DATA_SCIENTIST).post("/v1/deployments/" + cancelled + "/cancel").is(403);
    Answer cancel = STAGE.operator().with("X-Reason", "Wrong version").post("/v1/deployments/" + cancelled + "/cancel")
        .is(200);
    assertThat(cancel.text("/message")).isEqualTo("Wrong version");
  }

  @Test
  void every_illegal_move_is_409_with_the_legal_ones() {
    String model = STAGE.model(2);
    String live = STAGE.asked(model, 1, "staging").id();
    for (Answer answer : List.of(STAGE.approve(live), STAGE.report(live, "live"), STAGE.report(live, "failed"),
        STAGE.engineer().post("/v1/deployments/" + live + "/cancel"))) {
      answer.is(409).isProblem("illegal-move");
      assertThat(texts(answer.json().at("/allowedMoves"))).containsExactly("roll-back", "retire");
    }
    String waiting = STAGE.asked(model, 1, "production").id();
    for (Answer answer : List.of(STAGE.rollBack(waiting), STAGE.report(waiting, "live"),
        STAGE.operator().post("/v1/deployments/" + waiting + "/retire"))) {
      answer.is(409).isProblem("illegal-move");
      assertThat(texts(answer.json().at("/allowedMoves"))).containsExactly("approve", "reject", "cancel");
    }
    STAGE.engineer().post("/v1/deployments/" + waiting + "/cancel").is(200);
    Answer over = STAGE.approve(waiting).is(409).isProblem("illegal-move");
    assertThat(over.json().at("/allowedMoves")).isEmpty();
  }

  @Test
  void a_closed_gate_gives_every_reason_and_deployability_gives_the_same() {
    String model = STAGE.model(0);
    int version = STAGE.version(model, Version.State.PENDING, Manifest.Proof.DECLARED);
    String place = "gate-" + model.toLowerCase(java.util.Locale.ROOT);
    STAGE.put(place, Mode.RECORDED, true, true, List.of(new RequiredCheck("quality", "auc", Comparison.AT_LEAST, 0.9),
        new RequiredCheck("bias", null, null, null)));
    STAGE.check(model, version, "quality", Check.Status.PASSED, Map.of("auc", 0.8));

    Answer refused = STAGE.ask(model, version, place).is(409).isProblem("gate-closed");
    List<String> rules = new ArrayList<>();
    refused.json().at("/reasons").forEach(reason -> rules.add(reason.at("/rule").asString()));
    assertThat(rules).containsExactly("version-ready", "artifacts-proved", "required-check", "required-check");
    Answer asked = STAGE.engineer()
        .get("/v1/models/" + model + "/versions/" + version + "/deployability?environment=" + place).is(200);
    assertThat(asked.json().at("/deployable").asBoolean()).isFalse();
    assertThat(asked.json().at("/approvalRequired").asBoolean()).isTrue();
    assertThat(asked.json().at("/reasons")).isEqualTo(refused.json().at("/reasons"));
  }

  @Test
  void a_check_that_flips_closes_the_gate_before_the_approval() {
    String model = STAGE.model(1);
    String place = STAGE.environment(Mode.RECORDED, true, new RequiredCheck("bias", null, null, null));
    STAGE.check(model, 1, "bias", Check.Status.PASSED, Map.of());
    String id = STAGE.asked(model, 1, place).id();
    STAGE.check(model, 1, "bias", Check.Status.FAILED, Map.of());

    STAGE.approve(id).is(409).isProblem("gate-closed");
    assertThat(STAGE.deployment(id).state()).isEqualTo(State.AWAITING_APPROVAL);
    STAGE.check(model, 1, "bias", Check.Status.PASSED, Map.of());
    STAGE.approve(id).is(200);
  }

  @Test
  void the_gate_is_asked_again_when_it_goes_live() {
    String model = STAGE.model(1);
    String place = STAGE.environment(Mode.REPORTED, false);
    String id = STAGE.asked(model, 1, place).id();
    STAGE.withdraw(model, 1);

    STAGE.report(id, "live").is(409).isProblem("gate-closed");
    STAGE.report(id, "failed").is(200);
  }

  @Test
  void an_archived_model_takes_no_new_deployment_but_can_be_rolled_back() {
    String model = STAGE.model(2);
    STAGE.asked(model, 1, "staging");
    String live = STAGE.asked(model, 2, "staging").id();
    STAGE.archive(model);

    Answer refused = STAGE.ask(model, 2, "dev").is(409).isProblem("gate-closed");
    assertThat(refused.text("/reasons/0/rule")).isEqualTo("model-active");
    STAGE.rollBack(live).is(201);
  }

  @Test
  void two_rollbacks_go_two_back_and_the_last_says_that_nothing_is_left() {
    String model = STAGE.model(3);
    STAGE.asked(model, 1, "staging");
    STAGE.asked(model, 2, "staging");
    String live = STAGE.asked(model, 3, "staging").id();
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

  @Test
  void the_same_request_with_an_idempotency_key_deploys_once() {
    String model = STAGE.model(1);
    var ci = STAGE.engineer().with("Idempotency-Key", "run-1-" + model);
    Answer first = ci.post("/v1/deployments", Stage.wish(model, 1, "staging")).is(201);
    Answer again = ci.post("/v1/deployments", Stage.wish(model, 1, "staging")).is(201);

    assertThat(again.text("/id")).isEqualTo(first.text("/id"));
    assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    ci.post("/v1/deployments", Stage.wish(model, 1, "dev")).is(422).isProblem("idempotency-key-reused");

    String id = STAGE.asked(model, 1, "production").id();
    var officer = STAGE.officer().with("Idempotency-Key", "yes-" + id);
    officer.post("/v1/deployments/" + id + "/approvals", Map.of("decision", "approved")).is(200);
    officer.post("/v1/deployments/" + id + "/approvals", Map.of("decision", "approved")).is(200);
  }

  @Test
  void what_is_retired_is_live_no_more() {
    String model = STAGE.model(1);
    String id = STAGE.asked(model, 1, "staging").id();
    STAGE.operator().with("X-Reason", "End of life").post("/v1/deployments/" + id + "/retire").is(200);

    STAGE.live("staging", model).is(404);
    assertThat(STAGE.deployment(id).message()).isEqualTo("End of life");
    assertThat(STAGE.stored(model, 1).liveIn()).isEmpty();
  }

  @Test
  void lists_are_newest_first_and_every_filter_and_page_agrees_with_the_whole() {
    String model = STAGE.model(3);
    String place = STAGE.environment(Mode.RECORDED, true);
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      made.addFirst(STAGE.asked(model, 1 + i % 3, place).id());
    }
    String rejected = made.get(2);
    STAGE.officer().post("/v1/deployments/" + rejected + "/approvals", Map.of("decision", "rejected")).is(200);

    assertThat(pages("/v1/deployments?model=" + model)).containsExactlyElementsOf(made);
    assertThat(pages("/v1/deployments?environment=" + place)).containsExactlyElementsOf(made);
    List<String> waiting = made.stream().filter(id -> !id.equals(rejected)).toList();
    assertThat(pages("/v1/deployments?state=awaiting-approval&environment=" + place))
        .containsExactlyElementsOf(waiting);
    assertThat(pages("/v1/deployments?state=awaiting-approval&model=" + model)).containsExactlyElementsOf(waiting);
    assertThat(pages("/v1/deployments?state=rejected&environment=" + place)).containsExactly(rejected);
    assertThat(pages("/v1/deployments?state=live&model=" + model)).isEmpty();
    assertThat(pages("/v1/deployments")).containsSubsequence(made);

    Answer page = STAGE.engineer().get("/v1/deployments?limit=2&model=" + model).is(200);
    String cursor = page.text("/next");
    STAGE.engineer().get("/v1/deployments?limit=2&environment=" + place + "&cursor=" + cursor).is(400)
        .isProblem("invalid-cursor");
    STAGE.operator().get("/v1/deployments?limit=2&model=" + model + "&cursor=" + cursor).is(400);
  }

  private static List<String> pages(String list) {
    List<String> ids = new ArrayList<>();
    String next = "";
    do {
      Answer page = STAGE.engineer()
          .get(list + (list.contains("?") ? "&" : "?") + "limit=3" + (next.isEmpty() ? "" : "&cursor=" + next)).is(200);
      page.json().at("/items").forEach(item -> ids.add(item.at("/id").asString()));
      next = page.text("/next");
    } while (!next.isEmpty());
    return ids;
  }

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asString).toList();
  }
}
