package dev.modelops.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.checker.Checker;
import dev.modelops.domain.Ref;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.Role;
import dev.modelops.domain.audit.AuditEntry;
import dev.modelops.embedded.TestAws;
import dev.modelops.json.Json;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.TestCallers;
import dev.modelops.testkit.TestContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FirstAdminFunctionTest {

  private final TestAws aws = TestAws.fresh();
  private final FirstAdminFunction function = new FirstAdminFunction(aws.env("FirstAdminFunction"));

  @AfterEach
  void nothingIsWrongWithWhatIsStored() {
    Checker.assertSound(aws);
    aws.close();
  }

  @Test
  void aNewStoreGetsOneAdminWhoMayLetOthersIn() throws IOException {
    JsonNode issued = ask();

    Caller admin = caller(issued.path("token").asString());
    assertThat(admin.subject()).isEqualTo(issued.path("subject").asString());
    assertThat(admin.may(Permission.ADMINISTER, "*")).isTrue();
    ApiClient client = ApiClient.of(new TokensFunction(aws.env("TokensFunction")), admin);
    assertThat(client.get("/v1/whoami").is(200).text("/displayName")).isEqualTo("Ada");
    client.put("/v1/departments/risk", Map.of("title", "Risk")).is(201);
  }

  @Test
  void theTrailSaysWhoLetTheFirstAdminIn() {
    String token = ApiToken.parse(ask().path("token").asString()).orElseThrow().id();

    List<AuditEntry> chain = TestStore.of(aws, Clock.systemUTC()).audit().chain(Ref.token(token), 1, 10).items();
    assertThat(chain).singleElement().satisfies(entry -> {
      assertThat(entry.action()).isEqualTo("token.created");
      assertThat(entry.actor()).isEqualTo("system:first-admin");
    });
  }

  @Test
  void nobodyGetsASecondOneNotEvenAtTheSameMoment() {
    List<JsonNode> answers = IntStream.range(0, 8).parallel().mapToObj(each -> ask()).toList();

    assertThat(answers).filteredOn(answer -> answer.has("token")).hasSize(1);
    assertThat(answers).filteredOn(answer -> answer.has("refused")).hasSize(7);
    assertThat(ask().path("refused").asString()).startsWith("this store has had an admin");
  }

  @Test
  void aStoreThatHasTokensGivesNone() {
    FirstTokens.make(aws.env("TokensFunction"));

    assertThat(ask().has("token")).isFalse();
  }

  @Test
  void aStoreThatTrustsAnIdentityProviderGivesNone() {
    ApiClient admin = ApiClient.of(new TokensFunction(aws.env("TokensFunction")), TestCallers
        .of(Role.ADMIN));
    admin
        .put("/v1/identity-providers/company", Map.of("issuer", "https://id.example.com", "subjects", "person", "rules",
            List.of()))
        .is(201);

    assertThat(ask().has("token")).isFalse();
  }

  @Test
  void theWeeklyCallMakesNothing() {
    assertThat(call(Map.of("source", "modelops.weekly")).isEmpty()).isTrue();
    assertThat(ask().has("token")).isTrue();
  }

  private JsonNode ask() {
    return call(Map.of("source", FirstAdminFunction.ASKED, "name", "Ada"));
  }

  private JsonNode call(Map<String, String> event) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      function.handleRequest(new ByteArrayInputStream(Json.write(event)), out, new TestContext());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Json.tree(out.toByteArray());
  }

  private Caller caller(String token) throws IOException {
    return AuthorizerStage.caller(new AuthorizerFunction(aws.env("AuthorizerFunction")), token);
  }
}
