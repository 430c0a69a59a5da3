package dev.modelops.access;

import static dev.modelops.access.TokensStage.ids;
import static dev.modelops.access.TokensStage.newPerson;
import static dev.modelops.access.TokensStage.newService;
import static dev.modelops.access.TokensStage.token;
import static dev.modelops.access.TokensStage.viewer;
import static dev.modelops.testkit.TestCallers.grant;
import static dev.modelops.testkit.TestCallers.person;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.Role;
import dev.modelops.domain.access.SubjectType;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.TestCallers;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TokenReadingTest {

  @RegisterExtension private static final TokensStage STAGE = new TokensStage();
  private static final ApiClient ADMIN = STAGE.admin;
  private static final ApiClient FRAUD_ADMIN = STAGE.fraudAdmin;

  @Test
  void everybody_lists_his_own_an_admin_those_of_his_departments() throws Exception {
    Caller own = person("usr_lister", grant(Role.ML_ENGINEER, "fraud"));
    ApiClient lister = STAGE.as(own);
    Answer mine = lister.post("/v1/tokens", token(null, null, viewer())).is(201);
    Answer service = lister.post("/v1/tokens", newService("viewer", "fraud")).is(201);
    Answer credit = ADMIN.post("/v1/tokens", newPerson("Cred", "viewer", "credit")).is(201);
    String both = ADMIN.post("/v1/tokens", token(Map.of("type", "person", "displayName", "Both"), null, viewer(),
        Map.of("role", "viewer", "department", "credit"))).is(201).text("/token/id");
    STAGE.caller(mine.text("/secret"));

    assertThat(ids(lister, "/v1/tokens")).containsExactly(mine.text("/token/id"));
    assertThat(lister.get("/v1/tokens").text("/items/0/lastUsedOn"))
        .isEqualTo(LocalDate.now(ZoneOffset.UTC).toString());
    assertThat(ids(lister, "/v1/tokens?createdBy=usr_lister"))
        .containsExactlyInAnyOrder(mine.text("/token/id"), service.text("/token/id"));
    assertThat(ids(lister, "/v1/tokens?createdBy=usr_lister&subject=" + service.text("/token/subject/id")))
        .containsExactly(service.text("/token/id"));
    lister.get("/v1/tokens?subject=" + credit.text("/token/subject/id")).is(403);
    lister.get("/v1/tokens?createdBy=usr_admin").is(403);
    lister.get(credit.header("Location")).is(404);
    assertThat(ids(FRAUD_ADMIN, "/v1/tokens?state=active")).contains(mine.text("/token/id"), service.text("/token/id"))
        .doesNotContain(credit.text("/token/id"), both);
    assertThat(ids(FRAUD_ADMIN, "/v1/tokens?subject=" + credit.text("/token/subject/id"))).isEmpty();
    assertThat(ids(ADMIN, "/v1/tokens?limit=2"))
        .contains(mine.text("/token/id"), service.text("/token/id"), credit.text("/token/id"), both);
    assertThat(ids(ADMIN, "/v1/tokens?state=revoked")).doesNotContain(mine.text("/token/id"));
    assertThat(ids(ADMIN, "/v1/tokens?subject=usr_lister")).containsExactly(mine.text("/token/id"));
  }

  @Test
  void who_one_is_says_what_one_may() {
    Answer me = STAGE.as(new Caller("svc_x", SubjectType.SERVICE, null, "usr_behind",
        List.of(grant(Role.BUSINESS_OWNER, "fraud"), grant(Role.VIEWER, "fraud"),
            grant(Role.ML_ENGINEER, "credit", Set.of(Permission.POST_METRICS), Set.of("m"))),
        Instant.parse("2099-01-01T00:00:00Z"), "tok_x")).get("/v1/whoami").is(200);

    assertThat(me.text("/onBehalfOf")).isEqualTo("usr_behind");
    assertThat(me.text("/effective/0/permissions/0")).isEqualTo("read");
    assertThat(me.json().at("/effective/0/permissions").size()).as("a service cannot approve").isEqualTo(1);
    assertThat(me.text("/effective/1/models/0")).isEqualTo("m");
    assertThat(me.text("/expiresAt")).isEqualTo("2099-01-01T00:00:00.000Z");
    STAGE.as(TestCallers.stranger()).get("/v1/whoami").is(200);
    ApiClient.anonymous(STAGE.function).get("/v1/whoami").is(401);
    ApiClient.anonymous(STAGE.function).denied("revoked", "the token was revoked").get("/v1/whoami").is(401);
    ApiClient.anonymous(STAGE.function).denied("issuer-unavailable", "down").get("/v1/whoami").is(503)
        .header("Retry-After");
  }
}
