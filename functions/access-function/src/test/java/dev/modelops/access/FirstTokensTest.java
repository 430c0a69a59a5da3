package dev.modelops.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.checker.Checker;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.Role;
import dev.modelops.embedded.TestAws;
import dev.modelops.json.Json;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.TestContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class FirstTokensTest {

  private static final TestAws AWS = TestAws.fresh();
  private final AuthorizerFunction authorizer = new AuthorizerFunction(AWS.env("AuthorizerFunction"));

  @AfterAll
  static void nothingIsWrongWithWhatIsStored() {
    Checker.assertSound(AWS);
  }

  @Test
  void every_role_has_a_token_of_a_person_of_its_own_and_a_second_start_makes_new_ones() throws Exception {
    Map<String, String> tokens = FirstTokens.make(AWS.env("TokensFunction"));

    Set<String> subjects = new HashSet<>();
    for (Role role : Role.values()) {
      Caller caller = caller(tokens.getOrDefault(role.wire(), ""));
      subjects.add(caller.subject());
      assertThat(caller.permissions(caller.grants().getFirst())).isEqualTo(role.permissions());
      assertThat(caller.may(Permission.READ, "*")).isTrue();
    }
    assertThat(subjects).hasSize(Role.values().length);
    assertThat(FirstTokens.make(AWS.env("TokensFunction")).values()).doesNotContainAnyElementsOf(tokens.values());
    ApiClient client =
        ApiClient.of(new TokensFunction(AWS.env("TokensFunction")), caller(tokens.getOrDefault("viewer", "")));
    assertThat(client.get("/v1/departments/demo").is(200).text("/title")).isEqualTo("Demo");
    assertThat(client.get("/v1/whoami").is(200).text("/displayName")).isEqualTo("Local viewer");
  }

  private Caller caller(String token) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    authorizer.handleRequest(new ByteArrayInputStream(Json.write(Map.of("requestContext", Map.of(), "identitySource",
        List.of("Bearer " + token)))), out, new TestContext());
    return Json.read(Json.tree(out.toByteArray()).at("/context/principal").asString(), Caller.class);
  }
}
