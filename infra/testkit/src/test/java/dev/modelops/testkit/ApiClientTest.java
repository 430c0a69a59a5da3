package dev.modelops.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.modelops.domain.access.Role;
import dev.modelops.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the contract does not declare must not pass unseen. */
class ApiClientTest {
  private static final Map<String, String> JSON = Map.of("X-Request-Id", "r", "Content-Type", "application/json");
  private static final String HEALTH = "{\"status\":\"ok\",\"version\":\"1\"}";

  private static ApiClient answering(int status, Map<String, String> headers, String body) {
    return ApiClient.anonymous((in, out, context) -> out.write(
        Json.write(Map.of("statusCode", status, "headers", headers, "body", body, "isBase64Encoded", false))));
  }

  private static Map<String, String> and(String name, String value) {
    Map<String, String> headers = new LinkedHashMap<>(JSON);
    headers.put(name, value);
    return headers;
  }

  private static void caught(ApiClient client, String... words) {
    assertThatThrownBy(() -> client.get("/health")).isInstanceOf(AssertionError.class).hasMessageContainingAll(words);
  }

  @Test
  void whatTheContractDeclaresPasses() {
    assertThat(answering(200, JSON, HEALTH).get("/health").is(200).text("/status")).isEqualTo("ok");
  }

  @Test
  void anUndeclaredStatusIsCaught() {
    caught(answering(202, JSON, HEALTH), "getHealth answers 202");
  }

  @Test
  void anUndeclaredHeaderIsCaught() {
    caught(answering(200, and("X-Powered-By", "x"), HEALTH), "undeclared headers", "X-Powered-By");
    caught(answering(200, Map.of("Content-Type", "application/json"), HEALTH), "X-Request-Id");
  }

  @Test
  void anUndeclaredBodyIsCaught() {
    caught(answering(200, JSON, "{\"status\":\"meh\"}"), "enum", "required");
    caught(answering(200, and("Content-Type", "text/plain"), HEALTH), "media types", "text/plain");
  }

  @Test
  void aProblemThatIsNoneIsCaught() {
    Map<String, String> problem = and("Content-Type", "application/problem+json");
    String body =
        "{\"type\":\"/problems/not-found\",\"title\":\"t\",\"status\":404,\"detail\":\"d\",\"instance\":\"r\"}";
    answering(404, problem, body).get("/health").isProblem("not-found");
    caught(answering(404, JSON, body), "application/problem+json");
    caught(answering(404, problem, body.replace("404", "400")), "404");
    caught(answering(404, problem, body.replace("not-found", "nonsense")), "nonsense");
    caught(answering(404, problem, body.replace("\"r\"", "\"q\"")), "q");
  }

  @Test
  void aPathThatIsNotInTheContractIsNotFound() {
    assertThatThrownBy(() -> answering(200, JSON, "{}").get("/nothing")).isInstanceOf(AssertionError.class)
        .hasMessageContaining("is not in the contract");
  }

  @Test
  void theEventIsThatOfTheGateway() {
    List<JsonNode> events = new ArrayList<>();
    RequestStreamHandler handler = (in, out, context) -> {
      events.add(Json.read(in.readAllBytes(), JsonNode.class));
      out.write(Json.write(Map.of("statusCode", 200, "headers", JSON, "body", HEALTH)));
    };
    ApiClient.of(handler, TestCallers.of(Role.VIEWER, "retail")).with("If-None-Match", "\"1\"")
        .get("/heal%74h?a=%20b");
    JsonNode event = events.getFirst();
    assertThat(event.path("rawPath").asString()).isEqualTo("/health");
    assertThat(event.path("rawQueryString").asString()).isEqualTo("a=%20b");
    assertThat(event.at("/headers/if-none-match").asString()).isEqualTo("\"1\"");
    assertThat(event.at("/requestContext/http/method").asString()).isEqualTo("GET");
    assertThat(event.at("/requestContext/authorizer/lambda/principal").asString()).contains("usr_viewer_retail");
  }
}
