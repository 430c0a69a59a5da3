package dev.modelops.access;

import static dev.modelops.access.TokensStage.newPerson;
import static dev.modelops.access.TokensStage.newService;
import static dev.modelops.access.TokensStage.token;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.Role;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.TestCallers;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TokenGrantsTest {

  @RegisterExtension private static final TokensStage STAGE = new TokensStage();
  private static final ApiClient ADMIN = STAGE.admin;
  private static final ApiClient FRAUD_ADMIN = STAGE.fraudAdmin;
  private static final ApiClient ENGINEER = STAGE.engineer;

  @Test
  void an_admin_grants_nothing_to_himself() {
    Answer refused = ADMIN.post("/v1/tokens",
        token(Map.of("id", "usr_admin"), null, Map.of("role", "ml-engineer", "department", "*"))).is(403)
        .isProblem("forbidden");
    assertThat(refused.text("/errors/0/pointer")).isEqualTo("/grants/0");
    assertThat(refused.text("/errors/0/code")).isEqualTo("beyond-own-grant");
    ADMIN.post("/v1/tokens", token(null, null, Map.of("role", "risk-officer", "department", "fraud"))).is(403);
  }

  @Test
  void others_pass_on_a_part_of_their_own_and_stand_behind_the_services_they_make() throws Exception {
    Answer own = ENGINEER.post("/v1/tokens", token(null, null, Map.of("role", "ml-engineer", "department", "fraud",
        "permissions", List.of("post-metrics"), "models", List.of("card-fraud")))).is(201);
    Caller narrow = STAGE.caller(own.text("/secret"));
    assertThat(narrow.subject()).isEqualTo("usr_ml-engineer_fraud");
    assertThat(narrow.may(Permission.POST_METRICS, "fraud", "CARD-FRAUD")).isTrue();
    assertThat(narrow.may(Permission.POST_METRICS, "fraud", "other")).isFalse();
    assertThat(narrow.may(Permission.READ, "fraud", "card-fraud")).isFalse();
    assertThat(narrow.onBehalfOf()).isNull();

    Answer service = ENGINEER.post("/v1/tokens", newService("ml-engineer", "fraud")).is(201);
    assertThat(STAGE.caller(service.text("/secret")).onBehalfOf()).isEqualTo("usr_ml-engineer_fraud");
    assertThat(
        STAGE.caller(ADMIN.post("/v1/tokens", newService("ml-engineer", "fraud")).is(201).text("/secret")).onBehalfOf())
        .isNull();
  }

  @Test
  void whoever_made_a_service_stands_behind_it_also_by_an_admins_token() throws Exception {
    String service = ENGINEER.post("/v1/tokens", newService("ml-engineer", "fraud")).is(201).text("/token/subject/id");
    for (ApiClient admin : List.of(ADMIN, FRAUD_ADMIN)) {
      Answer second = admin.post("/v1/tokens", token(Map.of("id", service), null, TokensStage.viewer())).is(201);
      assertThat(STAGE.caller(second.text("/secret")).onBehalfOf()).isEqualTo("usr_ml-engineer_fraud");
    }
  }

  @Test
  void whoever_made_a_service_stands_behind_it_also_as_the_admin_that_he_became() throws Exception {
    String made = ENGINEER.post("/v1/tokens", newService("ml-engineer", "fraud")).is(201).header("Location");
    ApiClient admin = STAGE.as(TestCallers.person("usr_ml-engineer_fraud", TestCallers.grant(Role.ADMIN, "fraud")));
    assertThat(STAGE.caller(admin.post(made + "/rotate", "{}").is(201).text("/secret")).onBehalfOf())
        .isEqualTo("usr_ml-engineer_fraud");
  }

  @Test
  void an_admin_does_not_make_himself_an_approver() {
    ApiClient both = STAGE.as(TestCallers.person("usr_both", TestCallers.grant(Role.ADMIN, "fraud"),
        TestCallers.grant(Role.RISK_OFFICER, "fraud")));
    assertThat(both.post("/v1/tokens", token(null, null, Map.of("role", "risk-officer", "department", "fraud"))).is(403)
        .text("/errors/0/code")).isEqualTo("admin-cannot-approve");
    both.post("/v1/tokens", token(null, null,
        Map.of("role", "risk-officer", "department", "fraud", "permissions", List.of("read")))).is(201);
  }

  @Test
  void permissions_that_are_of_no_use_without_read_are_not_granted_without_it() {
    Answer refused = ADMIN.post("/v1/tokens", token(Map.of("type", "service", "displayName", "CI"), null,
        Map.of("role", "ml-engineer", "department", "fraud", "permissions", List.of("write-models")))).is(422);
    assertThat(refused.text("/errors/0/pointer")).isEqualTo("/grants/0/permissions");
    assertThat(refused.text("/errors/0/code")).isEqualTo("without-read");
  }

  @Test
  void nobody_passes_on_more_than_he_holds_or_to_somebody_else() {
    ENGINEER.post("/v1/tokens", token(null, null, Map.of("role", "operator", "department", "fraud"))).is(403);
    ENGINEER.post("/v1/tokens", token(null, null, Map.of("role", "ml-engineer", "department", "credit"))).is(403);
    ENGINEER.post("/v1/tokens", token(null, null, Map.of("role", "ml-engineer", "department", "*"))).is(403);
    ENGINEER.post("/v1/tokens", newService("admin", "fraud")).is(403);
    ENGINEER.post("/v1/tokens", newPerson("Eve", "viewer", "fraud")).is(403);
    String other = ADMIN.post("/v1/tokens", newPerson("Other", "viewer", "fraud")).is(201).text("/token/subject/id");
    ENGINEER.post("/v1/tokens", token(Map.of("id", other), null, Map.of("role", "viewer", "department", "fraud")))
        .is(403);
    STAGE.as(TestCallers.stranger()).post("/v1/tokens", newService("viewer", "fraud")).is(403);
    STAGE.as(TestCallers.service(Role.ML_ENGINEER, "fraud")).post("/v1/tokens", newService("viewer", "fraud")).is(403);
  }

  @Test
  void whoever_may_not_grant_in_a_department_does_not_learn_whether_it_exists() {
    for (Object subject : Arrays.asList(null, Map.of("type", "service", "displayName", "CI"))) {
      Answer hidden = ENGINEER.post("/v1/tokens",
          token(subject, null, Map.of("role", "ml-engineer", "department", "credit"))).is(403);
      Answer absent = ENGINEER.post("/v1/tokens",
          token(subject, null, Map.of("role", "ml-engineer", "department", "absent"))).is(403);
      assertThat(absent.json().path("errors")).isEqualTo(hidden.json().path("errors"));
    }
    assertThat(ADMIN.post("/v1/tokens", newService("viewer", "absent")).is(422).text("/errors/0/code"))
        .isEqualTo("unknown");
  }

  @Test
  void a_token_narrowed_to_metrics_cannot_be_made_into_more() throws Exception {
    Answer own = ENGINEER.post("/v1/tokens",
        token(null, null, Map.of("role", "ml-engineer", "department", "fraud", "permissions", List.of("post-metrics"))))
        .is(201);
    ApiClient leaked = STAGE.as(STAGE.caller(own.text("/secret")));
    String strong = ENGINEER.post("/v1/tokens", token(null, null, Map.of("role", "ml-engineer", "department", "fraud")))
        .is(201).text("/token/id");

    leaked.post("/v1/tokens", token(null, null, Map.of("role", "ml-engineer", "department", "fraud"))).is(403);
    leaked.post("/v1/tokens/" + strong + "/rotate", "{}").is(403);
    assertThat(Instant.parse(leaked.post("/v1/tokens",
        token(null, null,
            Map.of("role", "data-engineer", "department", "fraud", "permissions", List.of("post-metrics"))))
        .is(201).text("/token/expiresAt"))).as("no longer than the token it was made with")
        .isEqualTo(Instant.parse(own.text("/token/expiresAt")));
  }

  @Test
  void a_department_admin_rules_his_department_and_no_other() {
    Answer made = FRAUD_ADMIN.post("/v1/tokens", newPerson("Joan", "operator", "fraud")).is(201);

    FRAUD_ADMIN.post("/v1/tokens", newPerson("Joan", "operator", "credit")).is(403);
    FRAUD_ADMIN.post("/v1/tokens", newPerson("Joan", "operator", "*")).is(403);
    FRAUD_ADMIN.put("/v1/departments/new", "{}").is(404);
    FRAUD_ADMIN.get("/v1/identity-providers").is(404);
    FRAUD_ADMIN.delete("/v1/subjects/usr_x").is(404);
    String foreign = ADMIN.post("/v1/tokens", newPerson("Kay", "viewer", "credit")).is(201).header("Location");
    FRAUD_ADMIN.get(foreign).is(404);
    FRAUD_ADMIN.post(foreign + "/revoke").is(404);
    FRAUD_ADMIN.post(foreign + "/rotate", "{}").is(404);
    FRAUD_ADMIN.get(made.header("Location")).is(200);
    FRAUD_ADMIN.post(made.header("Location") + "/revoke").is(200);
  }

  @Test
  void a_department_admin_acts_in_nobodys_name_who_is_not_of_his_department() throws Exception {
    Answer credit = ADMIN.post("/v1/tokens", newPerson("Lea", "ml-engineer", "credit")).is(201);
    Object fraud = token(Map.of("id", credit.text("/token/subject/id")), null, TokensStage.viewer());
    assertThat(FRAUD_ADMIN.post("/v1/tokens", fraud).is(422).text("/errors/0/pointer")).isEqualTo("/subject/id");

    ADMIN.post("/v1/tokens", fraud).is(201);
    Answer second = FRAUD_ADMIN.post("/v1/tokens", fraud).is(201);
    ApiClient inHerName = STAGE.as(STAGE.caller(second.text("/secret")));
    inHerName.get(credit.header("Location")).is(404);
    inHerName.post(credit.header("Location") + "/revoke").is(404);
    assertThat(inHerName.get("/v1/tokens").is(200).json().path("items").findValuesAsString("department"))
        .containsOnly("fraud").hasSize(2);
    assertThat(STAGE.as(STAGE.caller(credit.text("/secret"))).get("/v1/tokens").is(200).json().path("items")
        .findValuesAsString("department")).containsOnly("credit").hasSize(1);
    inHerName.get(second.header("Location")).is(200);
    inHerName.post(second.header("Location") + "/revoke").is(200);
  }
}
