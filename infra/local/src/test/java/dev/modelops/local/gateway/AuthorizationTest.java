package dev.modelops.local.gateway;

import static dev.modelops.local.gateway.GatewayStage.assertOwn;
import static dev.modelops.local.gateway.GatewayStage.send;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** When the gateway asks the authorizer, and what it makes of the answer. */
final class AuthorizationTest {

  private static final GatewayStage GATEWAY = new GatewayStage();

  @AfterAll
  static void stop() {
    GATEWAY.close();
  }

  @Test
  void withoutAnAuthorizationHeaderTheAuthorizerIsNotAsked() throws Exception {
    int before = GATEWAY.authorizations.get();

    assertOwn(GATEWAY.raw("GET /secret/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), 401, "Unauthorized");
    assertOwn(GATEWAY.raw("GET /secret/x HTTP/1.1\r\nHost: x\r\nAuthorization: \r\nConnection: close\r\n\r\n"), 401,
        "Unauthorized");
    assertThat(GATEWAY.authorizations.get()).isEqualTo(before);
  }

  @Test
  void anAuthorizersAnswerIsKeptPerIdentityOverAllPaths() throws Exception {
    int before = GATEWAY.authorizations.get();

    JsonNode first = GATEWAY.json(GATEWAY.request("/secret/1").header("Authorization", "Bearer kept"));
    JsonNode second = GATEWAY.json(GATEWAY.request("/secret/2").header("Authorization", "Bearer kept"));

    assertThat(GATEWAY.authorizations.get()).isEqualTo(before + 1);
    assertThat(first.at("/requestContext/authorizer/lambda/subject").asString()).isEqualTo("Bearer kept");
    assertThat(second.at("/requestContext/authorizer/lambda/subject").asString()).isEqualTo("Bearer kept");
    assertThat(second.get("rawPath").asString()).isEqualTo("/secret/2");
  }

  @Test
  void aRefusalIs403AndAFailingAuthorizer500() throws Exception {
    assertThat(send(GATEWAY.request("/secret/1").header("Authorization", "refused")).statusCode()).isEqualTo(403);
    int before = GATEWAY.authorizations.get();
    assertThat(send(GATEWAY.request("/secret/1").header("Authorization", "broken")).statusCode()).isEqualTo(500);
    assertThat(send(GATEWAY.request("/secret/1").header("Authorization", "broken")).statusCode()).isEqualTo(500);
    assertThat(GATEWAY.authorizations.get()).as("failures are not kept").isEqualTo(before + 2);
  }
}
