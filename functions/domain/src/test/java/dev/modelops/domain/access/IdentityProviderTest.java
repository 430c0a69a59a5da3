package dev.modelops.domain.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.access.IdentityProvider.Rule;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IdentityProviderTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Grant ENGINEER = new Grant(Role.ML_ENGINEER, "fraud", null, null, "usr_admin");

  @Test
  void a_rule_gives_its_grants_when_every_claim_matches() {
    IdentityProvider github =
        provider(new Rule(Map.of("repository_id", "42", "ref", "refs/heads/main"), List.of(ENGINEER)));

    assertThat(github.grants(Map.of("repository_id", "42", "ref", "refs/heads/main"), "svc_1"))
        .containsExactly(ENGINEER);
    assertThat(github.grants(Map.of("repository_id", 42L, "ref", "refs/heads/main"), "svc_1"))
        .containsExactly(ENGINEER);
    assertThat(github.grants(Map.of("repository_id", "42", "ref", "refs/heads/other"), "svc_1")).isEmpty();
    assertThat(github.grants(Map.of("repository_id", "421", "ref", "refs/heads/main"), "svc_1")).isEmpty();
    assertThat(github.grants(Map.of("ref", "refs/heads/main"), "svc_1")).isEmpty();
  }

  @Test
  void a_list_matches_by_membership_and_nothing_else_does() {
    Rule rule = new Rule(Map.of("groups", "fraud-team"), List.of(ENGINEER));

    assertThat(rule.matches(Map.of("groups", List.of("all", "fraud-team")))).isTrue();
    assertThat(rule.matches(Map.of("groups", List.of("fraud-team-2")))).isFalse();
    assertThat(rule.matches(Map.of("groups", "all,fraud-team"))).isFalse();
    assertThat(rule.matches(Map.of("groups", List.of(List.of("fraud-team"))))).isFalse();
    assertThat(rule.matches(Map.of("groups", Map.of("fraud-team", true)))).isFalse();
  }

  @Test
  void a_rule_without_claims_means_nobody() {
    assertThat(new Rule(Map.of(), List.of(ENGINEER)).matches(Map.of("sub", "anybody"))).isFalse();
  }

  @Test
  void nobody_gives_himself_a_grant_by_a_rule() {
    IdentityProvider provider = provider(new Rule(Map.of("team", "ml"), List.of(ENGINEER)));

    assertThat(provider.grants(Map.of("team", "ml"), "usr_admin")).isEmpty();
    assertThat(provider.grants(Map.of("team", "ml"), "usr_other")).containsExactly(ENGINEER);
  }

  private static IdentityProvider provider(Rule rule) {
    return new IdentityProvider("github", "https://issuer.example", null, "modelops", SubjectType.SERVICE, null,
        List.of(rule), true, NOW, "usr_admin", NOW, "usr_admin", null);
  }
}
