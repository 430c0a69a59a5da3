package dev.modelops.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.SubjectType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JwtAuthorizationTest {

  @RegisterExtension private static final AuthorizerStage STAGE = new AuthorizerStage();
  private static final TestIssuer GITHUB = STAGE.github;
  private static final TestIssuer OKTA = STAGE.okta;

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "PS256", "ES256", "ES384"})
  void a_jwt_under_an_accepted_algorithm_gives_what_the_rules_say(String algorithm) throws Exception {
    String jwt = GITHUB.signed(JWSAlgorithm.parse(algorithm), STAGE.workflow(GITHUB).build());

    Caller caller = STAGE.accepted(jwt);

    assertThat(caller.subject()).matches("svc_[0-9a-z]{26}").isEqualTo(STAGE.accepted(jwt).subject());
    assertThat(caller.type()).isEqualTo(SubjectType.SERVICE);
    assertThat(caller.onBehalfOf()).matches("usr_[0-9a-z]{26}");
    assertThat(caller.credential()).isEqualTo("github");
    assertThat(caller.displayName()).isEqualTo("acme/fraud");
    assertThat(caller.may(Permission.WRITE_MODELS, "fraud")).isTrue();
    assertThat(caller.may(Permission.WRITE_MODELS, "credit")).isFalse();
    assertThat(STAGE.store.subjects().get(caller.subject()).orElseThrow().displayName()).isEqualTo("acme/fraud");
  }

  @Test
  void a_token_that_no_rule_means_is_known_and_may_nothing_and_leaves_no_trace() throws Exception {
    Caller caller =
        STAGE.accepted(GITHUB.signed(STAGE.workflow(GITHUB).claim("repository_id", "43").subject("repo:evil").build()));

    assertThat(caller.grants()).isEmpty();
    assertThat(STAGE.store.subjects().get(caller.subject())).isEmpty();
  }

  @Test
  void subjects_of_two_issuers_are_never_the_same() throws Exception {
    String one = STAGE.accepted(GITHUB.signed(STAGE.workflow(GITHUB).subject("same").build())).subject();
    String two = STAGE.accepted(OKTA.signed(STAGE.workflow(OKTA).subject("same").build())).subject();

    assertThat(one.substring(4)).isNotEqualTo(two.substring(4));
  }

  @Test
  void times_are_kept_with_a_skew_of_at_most_a_minute() throws Exception {
    Instant now = STAGE.clock.instant().truncatedTo(ChronoUnit.SECONDS);

    assertThat(STAGE.refused(GITHUB.signed(STAGE.workflow(GITHUB).expirationTime(Date.from(now)).build())))
        .isEqualTo("expired");
    assertThat(STAGE.refused(GITHUB.signed(STAGE.workflow(GITHUB).expirationTime(null).build()))).isEqualTo("invalid");
    assertThat(
        STAGE.refused(GITHUB.signed(STAGE.workflow(GITHUB).notBeforeTime(Date.from(now.plusSeconds(62))).build())))
        .isEqualTo("invalid");
    assertThat(STAGE.refused(GITHUB.signed(STAGE.workflow(GITHUB).issueTime(Date.from(now.plusSeconds(62))).build())))
        .isEqualTo("invalid");
    assertThat(
        STAGE.accepted(GITHUB.signed(STAGE.workflow(GITHUB).notBeforeTime(Date.from(now.plusSeconds(59))).build())))
        .isNotNull();
    assertThat(STAGE.accepted(GITHUB.signed(STAGE.workflow(GITHUB).issueTime(Date.from(now.plusSeconds(59))).build())))
        .isNotNull();
  }

  @Test
  void the_audience_must_be_ours() throws Exception {
    assertThat(STAGE.refused(GITHUB.signed(STAGE.workflow(GITHUB).audience("sts.amazonaws.com").build())))
        .isEqualTo("wrong-audience");
    assertThat(STAGE.refused(GITHUB.signed(STAGE.workflow(GITHUB).audience(List.of()).build())))
        .isEqualTo("wrong-audience");
    assertThat(STAGE.refused(GITHUB.signed(STAGE.workflow(GITHUB).audience("MODELOPS").build())))
        .isEqualTo("wrong-audience");
    assertThat(STAGE.accepted(GITHUB.signed(STAGE.workflow(GITHUB).audience(List.of("x", "modelops")).build())))
        .isNotNull();
  }

  @Test
  void a_subject_is_required() throws Exception {
    assertThat(STAGE.refused(GITHUB.signed(STAGE.workflow(GITHUB).subject(null).build()))).isEqualTo("invalid");
    assertThat(STAGE.refused(GITHUB.signed(STAGE.workflow(GITHUB).subject("").build()))).isEqualTo("invalid");
    assertThat(STAGE.refused(GITHUB.signed(STAGE.workflow(GITHUB).subject("s".repeat(256)).build())))
        .isEqualTo("invalid");
  }
}
