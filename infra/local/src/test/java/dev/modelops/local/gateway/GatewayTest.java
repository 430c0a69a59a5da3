package dev.modelops.local.gateway;

import static dev.modelops.local.gateway.GatewayStage.assertOwn;
import static dev.modelops.local.gateway.GatewayStage.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.BindException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The gateway over a real connection: events, answers and failures. */
final class GatewayTest {

  private static final GatewayStage GATEWAY = new GatewayStage(new Gateway.Limits(
      Gateway.Limits.USUAL.idle(), Gateway.Limits.USUAL.headers(), Gateway.Limits.USUAL.body(), Duration.ofSeconds(5)));

  @AfterAll
  static void stop() {
    GATEWAY.close();
  }

  @Test
  void functionsGetTheRequestAsAnEvent() throws Exception {
    JsonNode event = GATEWAY.json(GATEWAY.request("/v1/a%20b%2Fc?x=%20y").header("X-Two", "1").header("X-Two", "2")
        .header("Cookie", "a=1; b=2").header("Content-Type", "application/json")
        .method("PATCH", BodyPublishers.ofString("{\"ü\":1}")));

    assertThat(event.get("rawPath").asString()).isEqualTo("/v1/a b/c");
    assertThat(event.get("rawQueryString").asString()).isEqualTo("x=%20y");
    assertThat(event.at("/headers/x-two").asString()).isEqualTo("1,2");
    assertThat(event.get("cookies")).isEqualTo(GatewayStage.JSON.readTree("[\"a=1\", \"b=2\"]"));
    assertThat(event.at("/headers/cookie").isMissingNode()).isTrue();
    assertThat(event.get("body").asString()).isEqualTo("{\"ü\":1}");
    assertThat(event.at("/requestContext/http/sourceIp").asString()).isEqualTo("127.0.0.1");
    assertThat(event.at("/requestContext/http/method").asString()).isEqualTo("PATCH");
  }

  @Test
  void theSourceAddressIsNotTakenFromAHeader() throws Exception {
    JsonNode event = GATEWAY.json(GATEWAY.request("/x").header("X-Forwarded-For", "203.0.113.9"));

    assertThat(event.at("/requestContext/http/sourceIp").asString()).isEqualTo("127.0.0.1");
    assertThat(event.at("/headers/x-forwarded-for").asString()).isEqualTo("203.0.113.9, 127.0.0.1");
  }

  @Test
  void headersAreUtf8() throws Exception {
    assertThat(GATEWAY.raw("GET /x HTTP/1.1\r\nHost: x\r\nX-Reason: Grüße ☃\r\nConnection: close\r\n\r\n"))
        .contains("\"Grüße ☃\"");
  }

  @Test
  void answersCarryStatusHeadersCookiesAndDecodedBodies() throws Exception {
    HttpResponse<String> answer = send(GATEWAY.request("/cookies"));

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.headers().firstValue("etag")).hasValue("\"1\"");
    assertThat(answer.headers().allValues("set-cookie")).containsExactly("a=1; Path=/", "b=2");
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(answer.headers().firstValue("apigw-requestid")).isPresent();
    assertThat(answer.headers().firstValue("server")).isEmpty();
    assertThat(answer.body()).isEqualTo("{}");
  }

  @ParameterizedTest
  @CsvSource({
      "/throws,  500, Internal Server Error",
      "/large,   500, Internal Server Error",
      "/held,    503, Service Unavailable",
      "/bad%zz,  400, Bad Request",
  })
  void failuresAreAnsweredInTheGatewaysWords(String path, int status, String message) throws Exception {
    assertOwn(GATEWAY.raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), status, message);
  }

  @Test
  void anAnswerThatIsNoJsonObjectWithAStatusIsABody() throws Exception {
    assertThat(send(GATEWAY.request("/garbage")).statusCode()).isEqualTo(500);
  }

  @Test
  void aTakenPortIsRefusedAtOnce() {
    assertThatExceptionOfType(BindException.class)
        .isThrownBy(() -> new Gateway("127.0.0.1", GATEWAY.port(), Gateway.Limits.USUAL));
  }
}
