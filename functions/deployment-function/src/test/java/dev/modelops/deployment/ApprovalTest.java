package dev.modelops.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Grant;
import dev.modelops.domain.access.Role;
import dev.modelops.domain.access.SubjectType;
import dev.modelops.domain.deployment.Deployment;
import dev.modelops.domain.deployment.Deployment.State;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.TestCallers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ApprovalTest {

  @RegisterExtension private static final Stage STAGE = new Stage();

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
    STAGE.as(TestCallers.person("usr_friend", new Grant(Role.RISK_OFFICER, "*", null, null,
        "usr_both"))).post(approvals, yes).is(403);
    STAGE.as(TestCallers.service(Role.RISK_OFFICER, Stage.DEPARTMENT)).post(approvals, yes).is(403);
    STAGE.as(TestCallers.person("usr_admin_too", TestCallers.grant(Role.ADMIN, "*"),
        TestCallers.grant(Role.RISK_OFFICER, "*"))).post(approvals, yes).is(403);
    STAGE.as(TestCallers.of(Role.BUSINESS_OWNER, Stage.DEPARTMENT)).post(approvals, yes).is(200);
  }

  @Test
  void the_person_behind_a_run_counts_as_requester() {
    String model = STAGE.model(1);
    var run = new Caller("svc_ci", SubjectType.SERVICE, "CI",
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
}
