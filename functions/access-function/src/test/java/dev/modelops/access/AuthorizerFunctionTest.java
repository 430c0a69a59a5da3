package dev.modelops.access;

import static dev.modelops.access.AuthorizerStage.caller;
import static dev.modelops.access.AuthorizerStage.event;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

class AuthorizerFunctionTest {

  @RegisterExtension private static final AuthorizerStage STAGE = new AuthorizerStage();

  @Test
  void anything_but_a_bearer_token_is_refused_with_a_reason() throws Exception {
    String token = STAGE.issued(Duration.ofDays(1)).text();

    for (String header : List.of("", "Basic dXNlcjpwYXNz", "Bearer", "Bearer ", token,
        "Bearer " + token + ",Bearer " + token,
        "Bearer " + token + " x")) {
      JsonNode answer = STAGE.answer(event(header));
      assertThat(answer.path("isAuthorized").asBoolean()).isTrue();
      assertThat(answer.path("context").path("error").asString()).as(header).isEqualTo("invalid");
      assertThat(answer.path("context").path("errorDescription").asString()).isNotBlank();
      assertThat(answer.path("context").has("principal")).isFalse();
    }
    assertThat(caller(STAGE.function, event("bEaReR " + token))).isNotNull();
  }

  @Test
  void the_weekly_call_is_answered_with_nothing_done() throws Exception {
    assertThat(STAGE.answer("{\"source\":\"modelops.weekly\"}").path("isAuthorized").asBoolean()).isFalse();
  }
}
