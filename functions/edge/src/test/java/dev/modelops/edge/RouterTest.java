package dev.modelops.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelops.domain.access.Role;
import dev.modelops.domain.change.Unavailable;
import dev.modelops.edge.Things.Sent;
import dev.modelops.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class RouterTest {
  private final Things things = new Things();

  @Test
  void aFunctionThatDoesNotAgreeWithTheContractDoesNotStart() {
    Routes none = new Routes();
    assertThatThrownBy(() -> things.router(none)).hasMessageContaining("unbound [createThing, deleteThing");
    Routes more = new Routes().bind("nonsense", request -> Reply.noContent());
    assertThatThrownBy(() -> things.router(more)).hasMessageContaining("not in the contract [nonsense]");
    assertThatThrownBy(() -> new Routes().bind("x", request -> Reply.noContent())
        .bind("x", request -> Reply.noContent())).hasMessageContaining("bound twice");
    Routes noReplay = new Routes().bind("createThing", request -> Reply.noContent());
    assertThatThrownBy(() -> things.router(noReplay)).hasMessageContaining("bind it with a Replay");
  }

  @Test
  void anOperationWithoutPermissionDoesNotExist() {
    assertThatThrownBy(() -> Contract.of("""
        {"paths": {"/x": {"get": {"operationId": "x", "x-function": "f", "responses": {}}}}}"""))
        .hasMessageContaining("no x-permission at x");
    assertThatThrownBy(() -> Contract.of("""
        {"paths": {"/x": {"get": {"operationId": "x", "x-function": "f", "x-permission": "all", "responses": {}}}}}"""))
        .hasMessageContaining("unknown permission: all");
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void everyRoleMayDoWhatItsPermissionsSay(Role role) {
    things.as("usr_2", role).have("a", 1);
    assertThat(things.get("/things/a").status()).isEqualTo(200);
    boolean writes = role == Role.DATA_SCIENTIST || role == Role.ML_ENGINEER;
    assertThat(things.post("/things", "{\"name\":\"n\"}").status()).isEqualTo(writes ? 201 : 403);
    assertThat(things.send("DELETE", "/things/a", null).status()).isEqualTo(role == Role.ADMIN ? 204 : 403);
  }

  @ParameterizedTest
  @CsvSource({"expired", "revoked", "invalid", "unknown-issuer", "wrong-audience"})
  void whyACredentialIsRefusedIsSaid(String error) {
    Sent sent = things.principal(Map.of("error", error, "errorDescription", "it is \"" + error + "\"\n"))
        .get("/things");
    assertThat(sent.status()).isEqualTo(401);
    assertThat(sent.headers().get("WWW-Authenticate")).isEqualTo(
        "Bearer realm=\"modelops\", error=\"invalid_token\", error_description=\"" + error + ": it is _" + error
            + "__\"");
    assertThat(sent.violations()).containsExactly("header:Authorization " + error);
  }

  @Test
  void withoutACredentialOnlyWhatIsPublicIsAnswered() {
    things.principal(Map.of());
    assertThat(things.get("/open").status()).isEqualTo(200);
    assertThat(things.get("/things").headers().get("WWW-Authenticate")).isEqualTo("Bearer realm=\"modelops\"");
    things.principal(Map.of("principal", "{broken"));
    assertThat(things.get("/things").status()).isEqualTo(401);
    things.principal(Map.of("principal", 7));
    assertThat(things.get("/things").status()).isEqualTo(401);
  }

  @Test
  void aCredentialThatEndedSinceTheAuthorizerLookedIsRefused() {
    String caller = Json.text(Things.caller("usr_1", Role.VIEWER));
    things.principal(Map.of("principal", caller.replace("}],", "}],\"expiresAt\":\"2026-05-01T12:00:00.000Z\",")));
    assertThat(things.get("/things").violations()).containsExactly("header:Authorization expired");
    things.principal(Map.of("principal", caller.replace("}],", "}],\"expiresAt\":\"2026-05-01T12:00:01.000Z\",")));
    assertThat(things.get("/things").status()).isEqualTo(200);
  }

  @Test
  void deniedAttemptsAreLoggedWithPrincipalRouteAndRequest() {
    things.as("usr_7", Role.VIEWER).post("/things", "{\"name\":\"secret\"}", "X-Request-Id", "r-1");
    JsonNode line = Json.read(things.log.getLast(), JsonNode.class);
    assertThat(line.path("denied").asString()).isEqualTo("POST /things");
    assertThat(line.path("principal").asString()).isEqualTo("usr_7");
    assertThat(line.path("requestId").asString()).isEqualTo("r-1");
    assertThat(line.path("level").asString()).isEqualTo("warn");
  }

  @Test
  void logsHoldNeitherPathsNorQueriesNorHeadersNorBodies() {
    things.have("secret1", 1);
    things.get("/things/secret1?secret2=1", "Authorization", "Bearer secret3", "X-Request-Id", "secret 4");
    things.post("/things", "{\"name\":\"secret5\"}", "X-Reason", "secret6");
    things.failure = new IllegalStateException("GET https://s3/x?X-Amz-Signature=secret7 with Bearer secret8");
    things.get("/things/secret1");
    assertThat(things.log).hasSize(4).noneMatch(line -> line.contains("secret"));
  }

  @Test
  void theRequestIdIsTheCallersWhenItIsWellFormed() {
    assertThat(things.get("/open", "X-Request-Id", "Run-4711_3.x").headers().get("X-Request-Id"))
        .isEqualTo("Run-4711_3.x");
    for (String bad : new String[] {"", "a b", "x".repeat(65), "é", "a\nb"}) {
      assertThat(things.get("/open", "X-Request-Id", bad).headers().get("X-Request-Id")).isEqualTo("gw-1");
    }
    Sent problem = things.get("/nothing", "X-Request-Id", "mine");
    assertThat(problem.at("/instance")).isEqualTo("mine");
  }

  @Test
  void theTraceGoesIntoTheLog() {
    String trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    things.get("/open", "traceparent", trace);
    things.get("/open", "traceparent", "nonsense");
    assertThat(things.log.get(0)).contains(trace);
    assertThat(things.log.get(1)).doesNotContain("traceparent");
  }

  @Test
  void aFailureOfOursTellsNothingOfItself() {
    things.failure = new IllegalStateException("table records-prod");
    Sent sent = things.get("/things/a");
    assertThat(sent.status()).isEqualTo(500);
    assertThat(sent.problem()).isEqualTo("internal-error");
    assertThat(sent.body()).doesNotContain("records-prod").doesNotContain("IllegalState");
    assertThat(things.log.getFirst()).contains("records-prod").contains("IllegalStateException");
  }

  @Test
  void aStoreThatDoesNotAnswerIsToBeAskedAgain() {
    things.memory.failure = new Unavailable("time-out", new RuntimeException());
    Sent sent = things.post("/things", "{\"name\":\"a\"}");
    assertThat(sent.status()).isEqualTo(503);
    assertThat(sent.headers()).containsEntry("Retry-After", "2");
  }

  @Test
  void knownPathsKnowTheirMethods() {
    Sent sent = things.send("PATCH", "/things/a", null);
    assertThat(sent.status()).isEqualTo(405);
    assertThat(sent.headers()).containsEntry("Allow", "DELETE, GET, OPTIONS, PUT");
    assertThat(things.send("HEAD", "/things/a", null).status()).isEqualTo(405);
    assertThat(things.send("get", "/things/a", null).status()).isEqualTo(405);
    assertThat(things.send("OPTIONS", "/things/a", null).headers()).containsEntry("Allow", "DELETE, GET, OPTIONS, PUT");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "things", "/Things", "/things/", "/things//", "/things/a/b", "/things/../things",
      "/elsewhere", "//things", "/things\0"})
  void otherPathsAreNotFound(String path) {
    assertThat(things.get(path).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/things/..", "/things/.", "/things/%2e%2e", "/things/..%2f..", "/things/%252e",
      "/things/a%2Fb",
      "/things/\u00e9", "/things/a b", "/things/a\0", "/things/a\\b", "/things/\uff0e\uff0e", "/things/\u0000",
      "/things/a\n", "/things/%c0%ae%c0%ae", "/things/a;b", "/things/\ud800"})
  void pathsAreNeverDecodedAgainAndThenValidated(String path) {
    Sent sent = things.get(path);
    assertThat(sent.status()).isEqualTo(400);
    assertThat(sent.violations()).containsExactly("path:thing pattern");
  }

  @Test
  void theAnswerIsInAMediaTypeThatTheCallerTakes() {
    assertThat(things.get("/open", "Accept", "text/html").at("/type")).isEqualTo("text/html");
    assertThat(things.get("/open", "Accept", "text/*;q=0.9, application/json;q=0.5").at("/type"))
        .isEqualTo("text/html");
    assertThat(things.get("/open", "Accept", "application/json, text/html;q=0").at("/type"))
        .isEqualTo("application/json");
    assertThat(things.get("/open", "Accept", "").status()).isEqualTo(200);
    assertThat(things.get("/open", "Accept", "image/png, */*;q=0").status()).isEqualTo(406);
    assertThat(things.get("/open", "Accept", ";;;,,").status()).isEqualTo(200);
  }

  @Test
  void bodiesComeInTheMediaTypeOfTheContract() {
    String body = "{\"name\":\"a\"}";
    for (String type : new String[] {"", "text/plain", "application/x-www-form-urlencoded", "application/jsonx",
        "application/json; charset=latin1"}) {
      assertThat(things.post("/things", body, "Content-Type", type).status()).isEqualTo(415);
    }
    for (String encoding : new String[] {"gzip", "br", "identity, gzip"}) {
      assertThat(things.post("/things", body, "Content-Encoding", encoding).status()).isEqualTo(415);
    }
    assertThat(things.post("/things", body, "Content-Type", "Application/JSON; charset=\"UTF-8\"").status())
        .isEqualTo(201);
    // The gateway adds a type to empty bodies.
    things.have("a", 1);
    assertThat(things.send("GET", "/things/a", new byte[0], "Content-Type", "text/plain").status()).isEqualTo(200);
  }

  @Test
  void bodiesAreBoundedWantedAndWhole() {
    Sent large = things.post("/things", "{\"name\":\"" + "x".repeat(2_000) + "\"}");
    assertThat(large.status()).isEqualTo(413);
    assertThat(large.at("/detail")).isEqualTo("the body has 2011 bytes and may have 1000");
    assertThat(things.post("/things", "").problem()).isEqualTo("malformed-body");
    assertThat(things.send("GET", "/things", "{}".getBytes(StandardCharsets.UTF_8)).at("/detail"))
        .isEqualTo("this operation takes no body");
    Sent broken = things.raw("""
        {"rawPath":"/things","rawQueryString":"","headers":{"content-type":"application/json"},"body":"***",
        "isBase64Encoded":true,"requestContext":{"http":{"method":"POST"},"requestId":"x",
        "authorizer":{"lambda":{"principal":"{\\"subject\\":\\"s\\",\\"type\\":\\"person\\",\\"credential\\":\\"c\\",\
        \\"grants\\":[{\\"role\\":\\"ml-engineer\\",\\"department\\":\\"*\\",\\"grantedBy\\":\\"x\\"}]}"}}}}
        """.getBytes(StandardCharsets.UTF_8));
    assertThat(broken.problem()).isEqualTo("malformed-body");
  }

  @Test
  void everyViolationIsNamedAtOnce() {
    Sent sent = things.get("/things?limit=0&limit2=1&kind=c&deep=maybe&tag=a&tag=B");
    assertThat(sent.status()).isEqualTo(400);
    assertThat(sent.violations()).containsExactlyInAnyOrder("query:limit range", "query:limit2 unknown-parameter",
        "query:kind enum", "query:deep type", "query:tag/1 pattern");
    assertThat(things.post("/things", "{\"nam\":1,\"size\":-1}").violations()).containsExactlyInAnyOrder(
        "/name required", "/nam unknown-field", "/size range");
  }

  @ParameterizedTest
  @ValueSource(strings = {"limit=1e1", "limit=01", "limit=+5", "limit=", "limit=99999999999999999999", "limit=0x10",
      "limit=%D9%A1"})
  void numbersAreDecimal(String query) {
    assertThat(things.get("/things?" + query).violations()).containsExactly("query:limit type");
  }

  @Test
  void aSingleParameterIsGivenOnce() {
    assertThat(things.get("/things?limit=1&limit=2").violations()).containsExactly("query:limit repeated");
    assertThat(things.get("/things?tag=a&tag=b").status()).isEqualTo(200);
    assertThat(things.get("/things?tag=a&tag=b&tag=c").status()).isEqualTo(422);
  }

  @ParameterizedTest
  @ValueSource(strings = {"kind=%", "kind=%2", "kind=%zz", "kind=%ff", "kind=%c0%af", "kind=%ed%a0%80", "k\u00e9=1",
      "%=1", "kind=a b"})
  void queriesArePercentEncodedUtf8(String query) {
    assertThat(things.get("/things?" + query).violations()).containsExactly("query: encoding");
  }

  @Test
  void countsAreNotProcessed() {
    assertThat(things.post("/things", "{\"name\":\"a\",\"list\":[\"a\",\"b\",\"c\",\"d\"]}").status()).isEqualTo(422);
  }

  @Test
  void reasonsAreBoundedInBytes() {
    assertThat(things.put("/things/a", "{\"name\":\"a\"}", "X-Reason", "ä".repeat(129)).violations())
        .containsExactly("header:X-Reason length");
    things.put("/things/a", "{\"name\":\"a\"}", "X-Reason", "ä".repeat(128));
    assertThat(things.memory.origins.getFirst().reason()).hasSize(128);
  }

  @Test
  void whatIsNoRequestIsAnsweredWithNothing() {
    assertThat(things.raw("{\"source\":\"modelops.weekly\"}".getBytes(StandardCharsets.UTF_8)).status()).isZero();
    assertThat(things.log).isEmpty();
  }
}
