package dev.modelops.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.deployment.Deployment.State;
import dev.modelops.domain.deployment.Environment.Comparison;
import dev.modelops.domain.deployment.Environment.Mode;
import dev.modelops.domain.deployment.Environment.RequiredCheck;
import dev.modelops.domain.registry.Check;
import dev.modelops.domain.registry.Manifest;
import dev.modelops.domain.registry.Version;
import dev.modelops.testkit.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GateTest {

  @RegisterExtension private static final Stage STAGE = new Stage();

  @Test
  void a_closed_gate_gives_every_reason_and_deployability_gives_the_same() {
    String model = STAGE.model(0);
    int version = STAGE.version(model, Version.State.PENDING, Manifest.Proof.DECLARED);
    String place = "gate-" + model.toLowerCase(Locale.ROOT);
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
    String live = STAGE.liveInTurn("staging", model, 1, 2);
    STAGE.archive(model);

    Answer refused = STAGE.ask(model, 2, "dev").is(409).isProblem("gate-closed");
    assertThat(refused.text("/reasons/0/rule")).isEqualTo("model-active");
    STAGE.rollBack(live).is(201);
  }
}
