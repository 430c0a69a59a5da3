package dev.modelops.domain.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TokenTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void is_active_until_the_instant_it_expires_and_revoked_for_ever() {
    Token token = token("fraud");

    assertThat(token.state(token.expiresAt().minusMillis(1))).isEqualTo(Token.State.ACTIVE);
    assertThat(token.state(token.expiresAt())).isEqualTo(Token.State.EXPIRED);
    assertThat(token.revoked("usr_1", NOW).state(token.expiresAt())).isEqualTo(Token.State.REVOKED);
  }

  @Test
  void rotation_never_prolongs_the_old_one() {
    Token token = token("fraud");

    assertThat(token.rotated("tok_2", NOW.plusSeconds(5)).expiresAt()).isEqualTo(NOW.plusSeconds(5));
    assertThat(token.rotated("tok_2", token.expiresAt().plusSeconds(5)).expiresAt()).isEqualTo(token.expiresAt());
  }

  @Test
  void belongs_to_the_one_department_of_its_grants_else_to_the_organisation() {
    assertThat(token("fraud", "fraud").department()).isEqualTo("fraud");
    assertThat(token("fraud", "credit").department()).isEqualTo("*");
    assertThat(token("*").department()).isEqualTo("*");
  }

  @Test
  void out_of_own_grants_a_token_lives_90_days_at_most_and_no_longer_than_the_credential_it_was_made_with() {
    assertThat(Lifetimes.latest(caller("tok_1", NOW.plusSeconds(60)), false, NOW)).isEqualTo(NOW.plusSeconds(60));
    assertThat(Lifetimes.latest(caller("tok_1", NOW.plus(Duration.ofDays(300))), false, NOW))
        .isEqualTo(NOW.plus(Duration.ofDays(90)));
    assertThat(Lifetimes.latest(caller("okta", NOW.plusSeconds(60)), false, NOW))
        .isEqualTo(NOW.plus(Duration.ofDays(90)));
    Caller run = new Caller("svc_1", SubjectType.SERVICE, null, null, List.of(), NOW.plusSeconds(60), "github");
    assertThat(Lifetimes.latest(run, false, NOW)).as("a CI run does not outlive itself").isEqualTo(NOW.plusSeconds(60));
    assertThat(Lifetimes.latest(caller("tok_1", NOW.plusSeconds(60)), true, NOW))
        .isEqualTo(NOW.plus(Duration.ofDays(365)));
  }

  @Test
  void a_lifetime_beyond_the_latest_end_is_refused_and_the_usual_one_is_cut() {
    Instant latest = NOW.plus(Duration.ofDays(3));

    assertThat(Lifetimes.end(null, latest, NOW)).isEqualTo(latest);
    assertThat(Lifetimes.refused(Lifetimes.end(null, latest, NOW), latest, NOW)).isEmpty();
    assertThat(Lifetimes.refused(Lifetimes.end(Duration.ofDays(4), latest, NOW), latest, NOW)).isPresent();
    assertThat(Lifetimes.refused(Lifetimes.end(Duration.ofSeconds(59), latest, NOW), latest, NOW)).isPresent();
  }

  private static Caller caller(String credential, Instant expiresAt) {
    return new Caller("usr_1", SubjectType.PERSON, null, null, List.of(), expiresAt, credential);
  }

  private static Token token(String... departments) {
    return new Token("tok_1", "ci", "svc_1", SubjectType.SERVICE, null,
        Stream.of(departments).map(name -> new Grant(Role.VIEWER, name, null, null, "usr_admin")).toList(), "00", NOW,
        "usr_admin", NOW.plus(Duration.ofDays(1)), null, null, null);
  }
}
