package dev.modelops.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.deployment.Deployment;
import dev.modelops.domain.deployment.Deployment.State;
import dev.modelops.domain.deployment.Environment.Mode;
import dev.modelops.testkit.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

class DeploymentTest {

  @RegisterExtension private static final Stage STAGE = new Stage();

  @Test
  void an_allowed_deployment_is_live_in_a_recorded_environment_at_once() {
    String model = STAGE.model(2);
    Answer first = STAGE.ask(model, 1, "staging").is(201);
    Answer second = STAGE.ask(model.toUpperCase(Locale.ROOT), 2, "staging").is(201);

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

  private static List<String> texts(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asString).toList();
  }

  private static List<String> pages(String list) {
    return STAGE.engineer().all(list + (list.contains("?") ? "&" : "?") + "limit=3").stream()
        .map(item -> item.at("/id").asString()).toList();
  }
}
