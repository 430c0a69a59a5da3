package dev.modelops.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.edge.Things.Sent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is sent, the answer is a 2xx, a 3xx or a 4xx problem of the contract. */
class AbuseTest {
  private final Things things = new Things();

  @Provide
  Arbitrary<String> jsonish() {
    Arbitrary<String> leaf = Arbitraries.oneOf(
        Arbitraries.of("1", "-1", "1e999", "0.1", "null", "true", "\"\"", "\"a\"", "\"\\ud800\"", "NaN", "\"\u0000\"",
            "9223372036854775808", "{", "]", "\"\\u0000\""),
        Arbitraries.strings().ofMaxLength(10).map(text -> '"' + text.replace("\"", "") + '"'));
    Arbitrary<String> name = Arbitraries.of("\"name\"", "\"size\"", "\"list\"", "\"x\"", "\"\"", "\"__proto__\"");
    return Arbitraries.recursive(() -> leaf, inner -> Arbitraries.oneOf(
        inner.list().ofMaxSize(3).map(list -> "[" + String.join(",", list) + "]"),
        name.flatMap(key -> inner.map(value -> key + ":" + value)).list().ofMaxSize(3)
            .map(list -> "{" + String.join(",", list) + "}")),
        0, 4);
  }

  @Property(tries = 500)
  void anyJsonIsAnswered(@ForAll("jsonish") String body) {
    expected(things.post("/things", body));
  }

  @Property(tries = 500)
  void anyBytesAreAnswered(@ForAll byte[] body) {
    expected(things.send("POST", "/things", body));
  }

  @Property(tries = 500)
  void anyPathIsAnswered(@ForAll @StringLength(max = 60) String path) {
    expected(things.get(path));
    expected(things.get("/things/" + path));
    expected(things.get("/things?" + path));
    expected(things.get("/things?cursor=" + path));
  }

  @Provide
  Arbitrary<String> header() {
    return Arbitraries.of("Accept", "Content-Type", "Content-Encoding", "If-Match", "If-None-Match", "Idempotency-Key",
        "X-Reason", "X-Request-Id", "traceparent", "Authorization", "Content-Length", "X-Forwarded-For", "");
  }

  @Property(tries = 500)
  void anyHeaderIsAnswered(@ForAll("header") String name, @ForAll @StringLength(max = 80) String value) {
    things.have("a", 1);
    expected(things.get("/things/a", name, value));
    expected(things.put("/things/a", "{\"name\":\"b\"}", name, value));
    expected(things.post("/things", "{\"name\":\"b\"}", name, value));
    things.memory.states.clear();
  }

  @Property(tries = 200)
  void anyMethodIsAnswered(@ForAll @StringLength(max = 10) String method) {
    expected(things.send(method, "/things/a", null));
  }

  @Test
  void floodsOfHeadersAndParametersAreAnswered() {
    String[] headers = new String[2_000];
    for (int i = 0; i < headers.length; i += 2) {
      headers[i] = "x-" + i;
      headers[i + 1] = "v";
    }
    expected(things.get("/open", headers));
    Sent sent = things.get("/things?" + "a=1&".repeat(5_000));
    assertThat(sent.status()).isEqualTo(400);
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 5_000; i++) {
      many.append('p').append(i).append("=1&");
    }
    Sent bounded = things.get("/things?" + many);
    assertThat(bounded.json().path("errors").size()).isLessThanOrEqualTo(100);
  }

  @Test
  void longNamesAreAnswered() {
    for (int length : List.of(1_025, 9_000)) {
      expected(things.get("/things?" + "n".repeat(length) + "=1"));
      expected(things.get("/things", "n".repeat(length), "v"));
      expected(things.get("/things", "If-None-Match", " ".repeat(length)));
      expected(things.get("/" + "a/".repeat(length)));
    }
  }

  @Test
  void anAnswerThatLambdaWouldRefuseIsAProblem() {
    things.have("large", 1);
    Sent sent = things.get("/things/large");
    assertThat(sent.status()).isEqualTo(422);
    assertThat(sent.at("/detail")).contains("ask for less");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "{\"requestContext\":{}}", "{\"requestContext\":{\"http\":null}}",
      "{\"requestContext\":{\"http\":{}}}", "{\"requestContext\":{\"http\":{}},\"headers\":{\"accept\":null}}",
      "{\"requestContext\":{\"http\":{\"method\":\"GET\"}},\"rawPath\":\"/open\"}",
      "{\"requestContext\":{\"http\":{\"method\":\"GET\"},\"authorizer\":{\"lambda\":null}},\"rawPath\":\"/things\"}"})
  void incompleteEventsAreNoFailures(String event) {
    if (!event.equals("[]")) {
      assertThat(things.raw(event.getBytes(StandardCharsets.UTF_8)).status()).isIn(0, 200, 401, 404);
    }
  }

  @Test
  void deepBodiesAreRefused() {
    for (int depth : List.of(65, 129, 400)) {
      Sent sent = things.post("/things", "[".repeat(depth) + "]".repeat(depth));
      assertThat(sent.status()).isEqualTo(422);
    }
  }

  private static void expected(Sent sent) {
    assertThat(sent.status()).as(sent.body()).isBetween(200, 499);
    assertThat(sent.headers()).containsKey("X-Request-Id");
    if (sent.status() >= 400) {
      assertThat(sent.headers()).containsEntry("Content-Type", "application/problem+json");
      assertThat(sent.json().path("status").asInt()).isEqualTo(sent.status());
    }
  }
}
