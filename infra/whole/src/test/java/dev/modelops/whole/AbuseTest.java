package dev.modelops.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.checker.Checker;
import dev.modelops.embedded.TestAws;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.Budget;
import dev.modelops.testkit.Functions;
import dev.modelops.testkit.Operations;
import dev.modelops.testkit.Operations.Operation;
import dev.modelops.testkit.TestCallers;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.JsonNode;

/**
 * Every operation of the contract under attack, by a caller who may use it: each answer is a 4xx problem (the client
 * holds it against the contract) that names what is wrong, and afterwards the store is what it was. What the edge and the
 * authorizer refuse by themselves is tried at length in their own tests.
 */
class AbuseTest {

  private static final TestAws AWS = TestAws.fresh();
  private static final Functions FUNCTIONS = new Functions(AWS);
  /** 20 KB that would be 20 MB. */
  private static final byte[] BOMB = Hostile.bomb();
  private static Set<Map<String, AttributeValue>> before = Set.of();

  private static Budget.Meter spent = Budget.start();

  /** Ways out of a name, as a client writes them: encoded once, twice, overlong, in other alphabets. */
  private static final List<String> WAYS_OUT = List.of("..", "%2e%2e", "..%2f..%2fetc%2fpasswd", "%2fetc%2fpasswd",
      "..%5c..%5cwindows", "%252e%252e%252f", "%25252e%25252e%25252f", "%c0%ae%c0%ae%c0%af", "%e0%80%ae%e0%80%af",
      "%f0%80%80%ae", "%ef%bc%8e%ef%bc%8e%ef%bc%8f", "....%2f%2f", "..;%2f", "a%00", "a%0d%0aSet-Cookie:b", "a%20",
      "%20", "a%3a3", "*", "%7b%7d", "%f0%9f%92%a9", "%e2%80%ae", "%ed%a0%80", "card-fr%d0%b0ud", "a".repeat(10_000));

  /** What stands for one thing and could be taken for another, where ids, numbers and references are expected. */
  private static final List<String> LOOKALIKES = List.of("03", "3.0", "%2b3", "-3", "0", "3e0", "0x3", "3%20", "%d9%a3",
      "%ef%bc%93", "2147483648", "4294967299", "99999999999999999999", "null", "true", "NaN", "card-fraud", "*",
      "dep_01jq0z8k3v4w5x6y7z8a9b0c1d", "DEP_01JQ0Z8K3V4W5X6Y7Z8A9B0C1D", "dep_01jq0z8k3v4w5x6y7z8a9b0c1",
      "dep_01iloz8k3v4w5x6y7z8a9b0c1d", "tok_01kay9t3p8q2m5v7x9z1b3d5f7", "usr_7k2mq9x4v1c8n3b6z5w0d2f4h6",
      "svc_7k2mq9x4v1c8n3b6z5w0d2f4h6", "version:card-fraud:03", "version:card-fraud:3:4", "version:card-fraud",
      "model:card-fraud:3", "MODEL:card-fraud", "slot:card-fraud:production", "slot:production",
      "approval:dep_01jq0z8k3v4w5x6y7z8a9b0c1d", "department:*");
  private static final Set<String> IDS = Set.of("version", "deployment", "token", "subject", "entity");

  @BeforeAll
  static void haveSomethingToAttack() {
    as("putDepartment").put("/v1/departments/credit", Map.of()).is(201);
    as("putModel").put("/v1/models/card-fraud", Map.of("kind", "ml", "department", "credit")).is(201);
    for (int version = 1; version <= 3; version++) {
      as("createVersion").post("/v1/models/card-fraud/versions", Map.of()).is(201);
    }
    as("putAlias").put("/v1/models/card-fraud/aliases/champion", Map.of("version", 3)).is(201);
    as("postCheck").post("/v1/models/card-fraud/versions/3/checks", Map.of("name", "bias-audit", "status", "passed"))
        .is(201);
    before = stored();
  }

  @BeforeEach
  void count() {
    spent = Budget.start();
  }

  @AfterEach
  void nothingWasWritten() {
    spent.close();
    assertThat(spent.spent().writeUnits()).isZero();
  }

  @AfterAll
  static void nothingIsStored() {
    assertThat(stored()).isEqualTo(before);
    Checker.assertSound(AWS);
    AWS.close();
  }

  static List<Operation> all() {
    return Operations.all();
  }

  static Stream<Operation> withBody() {
    return Operations.all().stream().filter(operation -> operation.body().isPresent());
  }

  static Stream<Operation> withCursor() {
    return Operations.all().stream().filter(operation -> operation.parameters("query").stream()
        .anyMatch(parameter -> parameter.path("name").asString().equals("cursor")));
  }

  @ParameterizedTest
  @MethodSource("all")
  void noNameLeadsOutOfItsPlace(Operation operation) {
    for (JsonNode parameter : operation.parameters("path")) {
      for (String name : WAYS_OUT) {
        misnamed(operation, parameter.path("name").asString(), name);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void noIdPassesForAnother(Operation operation) {
    for (JsonNode parameter : operation.parameters("path")) {
      String name = parameter.path("name").asString();
      // Subjects have no list to be on: any id of theirs is one.
      LOOKALIKES.stream().filter(id -> IDS.contains(name) && !(name.equals("subject") && id.matches("(usr|svc)_.*")))
          .forEach(id -> misnamed(operation, name, id));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void noParameterOfTheQueryBreaksAnything(Operation operation) {
    for (JsonNode parameter : operation.parameters("query")) {
      for (String value : WAYS_OUT) {
        Answer answer = send(operation, operation.path() + "?" + parameter.path("name").asString() + "=" + value);
        assertThat(answer.status()).as("%s: %s", operation, answer.body()).isBetween(200, 499);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("withBody")
  void noBodyBreaksAnything(Operation operation) {
    Hostile.bodies(example(operation)).forEach((how, body) -> {
      Answer answer = as(operation).send(operation.method(), operation.path(), body);
      assertThat(answer.status()).as("%s of %s: %s", how, operation, answer.body()).isIn(400, 413, 422);
      refused(operation, answer);
    });
  }

  @ParameterizedTest
  @MethodSource("withBody")
  void noCompressedBodyIsUnpacked(Operation operation) {
    for (String coding : List.of("gzip", "deflate", "br", "zstd", "identity, gzip", "GZIP")) {
      Answer answer = as(operation).with("Content-Encoding", coding).send(operation.method(), operation.path(), BOMB);
      assertThat(answer.status()).as("%s of %s: %s", coding, operation, answer.body()).isIn(413, 415);
    }
  }

  @ParameterizedTest
  @MethodSource("withCursor")
  void aCursorOpensNoOtherList(Operation operation) {
    String cursor = cursor();
    // Of a thing that does not exist there is no list.
    Answer answer = send(operation, list(operation) + "&cursor=" + cursor + "x");
    assertThat(answer.status()).as("%s: %s", operation, answer.body()).isIn(400, 404);
    if (!operation.id().equals("listVersions")) {
      Answer other = send(operation, list(operation) + "&cursor=" + cursor);
      assertThat(other.status()).as("%s: %s", operation, other.body()).isIn(400, 404);
      assertThat(other.text("/type")).isIn("/problems/invalid-cursor", "/problems/not-found");
    }
  }

  @Test
  void aCursorTamperedWithBitByBitOpensNothing() {
    Operation operation = Operations.byId("listVersions");
    Hostile.flipped(cursor()).forEach(cursor -> send(operation,
        list(operation) + "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8)).is(400));
  }

  @Test
  void anETagTamperedWithBitByBitChangesNothing() {
    Map.of("patchModel", "/v1/models/card-fraud", "patchVersion", "/v1/models/card-fraud/versions/3", "deleteAlias",
        "/v1/models/card-fraud/aliases/champion").forEach((id, path) -> {
          Operation operation = Operations.byId(id);
          Hostile.flipped(as(operation).get(path).is(200).etag()).forEach(tag -> {
            Answer answer = as(operation).ifMatch(tag).send(operation.method(), path, example(operation));
            assertThat(answer.status()).as("%s with If-Match: %s: %s", id, tag, answer.body()).isIn(400, 412);
          });
        });
  }

  // How it is sent.

  private static ApiClient as(Operation operation) {
    return ApiClient.of(FUNCTIONS.get(operation.functionId()), TestCallers.of(operation.role()));
  }

  private static ApiClient as(String operation) {
    return as(Operations.byId(operation));
  }

  private static Answer send(Operation operation, String target) {
    return as(operation).send(operation.method(), target, example(operation));
  }

  private static byte @Nullable [] example(Operation operation) {
    return operation.body().map(content -> content.getValue().toString().getBytes(StandardCharsets.UTF_8))
        .orElse(null);
  }

  private static String cursor() {
    return as("listVersions").get("/v1/models/card-fraud/versions?limit=1").is(200).text("/next");
  }

  /** The list with all that it needs. */
  private static String list(Operation operation) {
    return operation.path() + "?limit=1" + operation.parameters("query").stream()
        .filter(parameter -> parameter.path("required").asBoolean(false))
        .map(parameter -> "&" + parameter.path("name").asString() + "=" + Operations.example(parameter).asString())
        .collect(Collectors.joining()) + (operation.id().equals("queryAudit") ? "&entity=model:card-fraud" : "");
  }

  // What must come back.

  /** The answer names the parameter, or knows no such thing. */
  private static void misnamed(Operation operation, String parameter, String value) {
    Answer answer = send(operation, operation.path(parameter, value));
    refused(operation, answer);
    if (answer.status() != 404 && answer.status() != 405) {
      assertThat(answer.json().path("errors").valueStream().map(error -> error.path("pointer").asString()))
          .as("%s with %s: %s", operation, value, answer.body()).contains("path:" + parameter);
    }
  }

  private static void refused(Operation operation, Answer answer) {
    assertThat(answer.status()).as("%s: %s", operation, answer.body()).isBetween(400, 499);
    if (answer.text("/type").equals("/problems/invalid-request")) {
      assertThat(answer.json().path("errors")).as(answer.body()).isNotEmpty()
          .allSatisfy(error -> assertThat(error.path("pointer").asString()).isNotNull());
    }
  }

  /** All that is in the tables. */
  private static Set<Map<String, AttributeValue>> stored() {
    return Functions.TEMPLATE.tables().keySet().stream()
        .flatMap(table -> AWS.dynamo().scanPaginator(scan -> scan.tableName(AWS.physicalName(table))).items().stream())
        .collect(Collectors.toSet());
  }
}
