package dev.modelops.access;

import static dev.modelops.access.TokensStage.life;
import static dev.modelops.access.TokensStage.newPerson;
import static dev.modelops.access.TokensStage.newService;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.access.Caller;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.Race;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TokenRotationTest {

  @RegisterExtension private static final TokensStage STAGE = new TokensStage();
  private static final ApiClient ADMIN = STAGE.admin;
  private static final ApiClient FRAUD_ADMIN = STAGE.fraudAdmin;
  private static final ApiClient ENGINEER = STAGE.engineer;

  @Test
  void a_rotated_token_has_a_successor_and_lives_on_for_the_overlap() throws Exception {
    Answer made = ENGINEER.post("/v1/tokens", newService("viewer", "fraud")).is(201);
    Answer next =
        ENGINEER.with("X-Reason", "yearly").post(made.header("Location") + "/rotate", "{\"overlap\":\"PT1H\"}")
            .is(201);

    Answer old = ENGINEER.get(made.header("Location")).is(200);
    assertThat(old.text("/rotatedTo")).isEqualTo(next.text("/token/id"));
    assertThat(Duration.between(Instant.parse(next.text("/token/createdAt")), Instant.parse(old.text("/expiresAt"))))
        .isEqualTo(Duration.ofHours(1));
    assertThat(STAGE.caller(made.text("/secret")).subject()).isEqualTo(STAGE.caller(next.text("/secret")).subject());
    assertThat(life(next)).isEqualTo(life(made));
    ENGINEER.post(made.header("Location") + "/rotate", "{}").is(409).isProblem("conflict");
    ENGINEER.post(next.header("Location") + "/rotate", "{\"overlap\":\"P7DT1S\"}").is(422);
    Answer last = ENGINEER.post(next.header("Location") + "/rotate", "{\"overlap\":\"PT0S\"}").is(201);
    assertThat(STAGE.error(next.text("/secret"))).isEqualTo("expired");
    assertThat(STAGE.caller(last.text("/secret"))).isNotNull();
  }

  @Test
  void one_rotates_ones_own_token_with_itself_and_keeps_who_granted_it() throws Exception {
    Answer made = ADMIN.post("/v1/tokens", newPerson("Rosa", "risk-officer", "fraud")).is(201);
    Caller rosa = STAGE.caller(made.text("/secret"));

    Answer next = STAGE.as(rosa).post(made.header("Location") + "/rotate").is(201);

    assertThat(STAGE.caller(next.text("/secret")).grants()).isEqualTo(rosa.grants());
    STAGE.as(rosa).post(next.header("Location") + "/rotate", "{\"lifetime\":\"P91D\"}").is(422);
  }

  @Test
  void an_admin_who_rotates_the_token_of_another_is_the_one_who_granted_it() throws Exception {
    Answer made = ADMIN.post("/v1/tokens", newPerson("Lise", "risk-officer", "fraud")).is(201);

    Answer next = FRAUD_ADMIN.post(made.header("Location") + "/rotate", "{}").is(201);

    assertThat(STAGE.caller(next.text("/secret")).grants().getFirst().grantedBy()).isEqualTo("usr_admin_fraud");
  }

  @Test
  void of_many_who_rotate_one_token_one_succeeds() {
    String place = ADMIN.post("/v1/tokens", newPerson("Race", "viewer", "fraud")).is(201).header("Location");

    List<Integer> statuses = Race.of(8, i -> ADMIN.post(place + "/rotate", "{}").status());

    assertThat(statuses).containsOnlyOnce(201).allMatch(status -> status == 201 || status == 409);
  }

  @Test
  void a_revoked_token_is_refused_for_ever_and_revoking_again_changes_nothing() throws Exception {
    Answer made = ADMIN.post("/v1/tokens", newPerson("Max", "viewer", "fraud")).is(201);
    ApiClient max = STAGE.as(STAGE.caller(made.text("/secret")));

    Answer revoked = max.with("Idempotency-Key", "r1").post(made.header("Location") + "/revoke").is(200);

    assertThat(revoked.text("/state")).isEqualTo("revoked");
    assertThat(STAGE.error(made.text("/secret"))).isEqualTo("revoked");
    assertThat(max.with("Idempotency-Key", "r1").post(made.header("Location") + "/revoke").is(200).etag())
        .isEqualTo(revoked.etag());
    assertThat(ADMIN.post(made.header("Location") + "/revoke").is(200).etag()).isEqualTo(revoked.etag());
    ADMIN.post(made.header("Location") + "/rotate", "{}").is(409);
  }
}
