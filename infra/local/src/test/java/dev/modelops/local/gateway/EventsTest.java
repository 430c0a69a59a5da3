package dev.modelops.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.modelops.local.function.MountedFunction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Against the structures of "AWS Lambda proxy integrations for HTTP APIs" in the API Gateway developer guide. */
final class EventsTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final MountedFunction NOTHING =
      new MountedFunction("Nothing", (in, out, context) -> {}, Duration.ofSeconds(1), 128);
  private static final Routing.Match MATCH =
      new Routing.Match(new Route("ANY", "/my/{proxy+}", NOTHING, true), Map.of("proxy", "path"));

  @Test
  void looksLikeTheEventInTheGuide() {
    Incoming incoming = incoming("POST", "/my/path", "parameter1=value1&parameter1=value2&parameter2=value",
        Map.of("header1", "value1", "header2", "value1,value2", "content-type", "text/plain", "user-agent", "agent",
            "host", "id.execute-api.us-east-1.amazonaws.com"),
        List.of("cookie1", "cookie2"), "Hello from Lambda".getBytes(StandardCharsets.UTF_8));
    JsonNode authorizer = JSON.readTree("{\"key\": \"value\"}");

    assertThat(read(Events.request(incoming, MATCH, authorizer))).isEqualTo(JSON.readTree("""
        {
          "version": "2.0",
          "routeKey": "ANY /my/{proxy+}",
          "rawPath": "/my/path",
          "rawQueryString": "parameter1=value1&parameter1=value2&parameter2=value",
          "cookies": ["cookie1", "cookie2"],
          "headers": {"header1": "value1", "header2": "value1,value2", "content-type": "text/plain",
            "user-agent": "agent", "host": "id.execute-api.us-east-1.amazonaws.com"},
          "queryStringParameters": {"parameter1": "value1,value2", "parameter2": "value"},
          "pathParameters": {"proxy": "path"},
          "requestContext": {
            "accountId": "000000000000",
            "apiId": "local",
            "authorizer": {"lambda": {"key": "value"}},
            "domainName": "id.execute-api.us-east-1.amazonaws.com",
            "domainPrefix": "local",
            "http": {"method": "POST", "path": "/my/path", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1",
              "userAgent": "agent"},
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": "ANY /my/{proxy+}",
            "stage": "$default",
            "time": "12/Mar/2020:19:03:58 +0000",
            "timeEpoch": 1584039838000
          },
          "body": "Hello from Lambda",
          "isBase64Encoded": false
        }"""));
  }

  @Test
  void anAuthorizerIsToldTheIdentitySourceAndNoBody() {
    Incoming incoming = incoming("GET", "/my/path", "", Map.of("authorization", "Bearer x"), List.of(), null);

    JsonNode event = read(Events.authorizer(incoming, MATCH, "Bearer x"));

    assertThat(event.get("version").asString()).isEqualTo("2.0");
    assertThat(event.get("type").asString()).isEqualTo("REQUEST");
    assertThat(event.get("identitySource")).isEqualTo(JSON.readTree("[\"Bearer x\"]"));
    assertThat(event.get("routeArn").asString()).endsWith("/$default/GET/my/path");
    assertThat(event.at("/requestContext/http/sourceIp").asString()).isEqualTo("192.0.2.1");
    assertThat(event.has("body")).isFalse();
    assertThat(event.at("/requestContext/authorizer").isMissingNode()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
      "application/json,                    false",
      "application/json;charset=utf-8,      false",
      "application/merge-patch+json,        false",
      "TEXT/CSV,                            false",
      "application/octet-stream,            true",
      "application/x-www-form-urlencoded,   true",
      "'',                                  true",
  })
  void bodiesOfTypesThatAreNoTextTravelInBase64(String type, boolean encoded) {
    JsonNode event = bodyOf(type, Map.of(), "{}".getBytes(StandardCharsets.UTF_8));

    assertThat(event.get("isBase64Encoded").asBoolean()).isEqualTo(encoded);
    assertThat(event.get("body").asString()).isEqualTo(encoded ? "e30=" : "{}");
  }

  @Test
  void compressedBodiesAndTextThatIsNoneTravelInBase64() {
    assertThat(bodyOf("application/json", Map.of("content-encoding", "gzip"), new byte[] {31}).get("body").asString())
        .isEqualTo("Hw==");
    assertThat(bodyOf("application/json", Map.of(), new byte[] {(byte) 0xff}).get("isBase64Encoded").asBoolean())
        .isTrue();
  }

  @ParameterizedTest
  @CsvSource({
      "/v1/models/a%20b,            /v1/models/a b",
      "/v1/models/a+b,              /v1/models/a+b",
      "/v1/models/a%2Fb,            /v1/models/a/b",
      "/v1/models/a%252Fb,          /v1/models/a%2Fb",
      "/v1/models/a%3Fb=c,          /v1/models/a",
      "/v1/models/%E2%82%AC,        /v1/models/€",
      "/v1/models/%2e%2e/x,         /v1/models/../x",
      "/v1/models/a;b=c,            /v1/models/a;b=c",
      "/v1/models/a%00,             '/v1/models/a\u0000'",
      "/v1//models,                 /v1//models",
      "/v1/models/%c0%af,           /v1/models/\ufffd\ufffd",
  })
  void pathsAreDecodedOnceAndCutAtADecodedQuestionMark(String raw, String decoded) {
    assertThat(Incoming.decodePath(raw)).isEqualTo(decoded);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a%", "/a%2", "/a%zz", "*", "", "a"})
  void whatIsNoPathIsRefused(String raw) {
    assertThatIllegalArgumentException().isThrownBy(() -> Incoming.decodePath(raw));
  }

  @Test
  void queryParametersAreDecodedAndJoined() {
    assertThat(Events.queryParameters("a=1&a=2&b=x%20y+z&c&d=&&e=%3D%26&f=1=2")).isEqualTo(Map.of(
        "a", "1,2", "b", "x y z", "c", "", "d", "", "e", "=&", "f", "1=2"));
  }

  private static JsonNode bodyOf(String type, Map<String, String> more, byte[] body) {
    Map<String, String> headers = new HashMap<>(more);
    headers.put("content-type", type);
    return read(Events.request(incoming("POST", "/my/path", "", headers, List.of(), body), MATCH, null));
  }

  private static Incoming incoming(String method, String path, String query, Map<String, String> headers,
      List<String> cookies, byte @Nullable [] body) {
    return new Incoming("JKJaXmPLvHcESHA=", Instant.parse("2020-03-12T19:03:58Z"), method, path, query, "HTTP/1.1",
        "192.0.2.1", headers, cookies, body);
  }

  private static JsonNode read(byte[] event) {
    return JSON.readTree(event);
  }
}
