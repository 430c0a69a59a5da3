package dev.modelops.access;

import static dev.modelops.access.TokensStage.names;
import static dev.modelops.access.TokensStage.provider;
import static dev.modelops.testkit.TestCallers.grant;
import static dev.modelops.testkit.TestCallers.person;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Role;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.Race;
import dev.modelops.testkit.TestCallers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class IdentityProviderTest {

  @RegisterExtension private static final TokensStage STAGE = new TokensStage();
  private static final ApiClient ADMIN = STAGE.admin;

  @Test
  void a_provider_is_made_changed_deleted_and_made_anew() {
    String path = "/v1/identity-providers/okta";
    Answer made = ADMIN.put(path, provider("https://okta.example.com", Map.of("groups", "ml"), "viewer")).is(201);
    assertThat(made.text("/audience")).isEqualTo("modelops");
    assertThat(made.text("/rules/0/grants/0/grantedBy")).isEqualTo("usr_admin");
    Caller second = person("usr_admin2", grant(Role.ADMIN, "*"));

    Answer changed = STAGE.as(second).ifMatch(made.etag()).put(path, "{\"issuer\":\"https://okta.example.com\","
        + "\"subjects\":\"person\",\"rules\":[{\"claims\":{\"groups\":\"ml\"},\"grants\":[{\"role\":\"viewer\",\"department\":\"fraud\"},"
        + "{\"role\":\"operator\",\"department\":\"fraud\"}]}]}").is(200);
    assertThat(changed.json().findValuesAsString("grantedBy")).containsExactly("usr_admin", "usr_admin2");

    ADMIN.ifMatch(changed.etag()).put(path, provider("https://other.example.com", Map.of("groups", "ml"), "viewer"))
        .is(409);
    ADMIN.put(path, provider("https://okta.example.com", Map.of("groups", "ml"), "viewer")).is(428);
    ADMIN.delete(path).is(428);
    ADMIN.ifMatch(made.etag()).delete(path).is(412);
    ADMIN.ifMatch(changed.etag()).delete(path).is(204);
    ADMIN.get(path).is(404);
    ADMIN.ifMatch(changed.etag()).delete(path).is(404);
    assertThat(names(ADMIN, "/v1/identity-providers")).doesNotContain("okta");
    ADMIN.put("/v1/identity-providers/okta2", provider("https://okta.example.com", Map.of("groups", "ml"), "viewer"))
        .is(409);
    ADMIN.put(path, provider("https://okta.example.com", Map.of("groups", "ml"), "viewer")).is(201);
    assertThat(names(ADMIN, "/v1/identity-providers")).contains("okta");
  }

  @Test
  void of_many_who_enter_one_issuer_one_succeeds() {
    List<Integer> statuses = Race.of(8, i -> ADMIN.put("/v1/identity-providers/race-" + i,
        provider("https://race.example.com", Map.of("groups", "ml"), "viewer")).status());

    assertThat(statuses).containsOnlyOnce(201).allMatch(status -> status == 201 || status == 409);
  }

  @Test
  void a_provider_must_be_a_public_https_url_and_a_rule_at_a_public_issuer_say_whose_tokens_it_means() {
    for (String issuer : List.of("http://127.0.0.1:8080", "http://okta.example.com", "file:///etc/passwd",
        "https://user@okta.example.com", "https://okta.example.com/#x", "okta.example", "https://a b.example")) {
      ADMIN.put("/v1/identity-providers/bad", provider(issuer, Map.of("groups", "ml"), "viewer")).is(422);
    }
    String github = "https://token.actions.githubusercontent.com";
    Answer open =
        ADMIN.put("/v1/identity-providers/github", provider(github, Map.of("ref", "refs/heads/main"), "viewer"))
            .is(422);
    assertThat(open.text("/errors/0/pointer")).isEqualTo("/rules/0/claims");
    ADMIN.put("/v1/identity-providers/github", provider(github, Map.of("repository", "acme/fraud"), "viewer")).is(422);
    ADMIN.put("/v1/identity-providers/github", provider(github, Map.of(), "viewer")).is(422);
    ADMIN.put("/v1/identity-providers/github", provider(github, Map.of("repository_id", "42"), "viewer")).is(201);
  }

  @Test
  void only_an_admin_of_the_whole_organisation_sees_providers() {
    for (Role role : Role.values()) {
      if (role != Role.ADMIN) {
        STAGE.as(TestCallers.of(role)).get("/v1/identity-providers").is(403);
        STAGE.as(TestCallers.of(role))
            .put("/v1/identity-providers/x", provider("https://x.example", Map.of("a", "b"), "admin"))
            .is(403);
      }
    }
  }
}
