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
      for (String name : Hostile.WAYS_OUT) {
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
      Hostile.LOOKALIKES.stream()
          .filter(id -> IDS.contains(name) && !(name.equals("subject") && id.matches("(usr|svc)_.*")))
          .forEach(id -> misnamed(operation, name, id));
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void noParameterOfTheQueryPassesForAnother(Operation operation) {
    for (JsonNode parameter : operation.parameters("query")) {
      String name = parameter.path("name").asString();
      Stream.of(Hostile.WAYS_OUT, Hostile.LOOKALIKES).flatMap(List::stream).forEach(value -> {
        Answer answer = send(operation, operation.path() + "?" + query(operation, name) + name + "=" + value);
        String said = "%s with %s=%s: %s".formatted(operation, name, value, answer.body());
        assertThat(answer.status()).as(said).isBetween(200, 499);
        // Nothing here is called so; but for the model, which may be asked for.
        if (answer.status() == 200 && !value.equals("card-fraud")) {
          assertThat(answer.json().path("items").valueStream()
              .filter(item -> !item.has("buckets") || !item.path("buckets").isEmpty())).as(said).isEmpty();
        }
      });
    }
  }

  /** All that the operation needs beside one parameter. */
  private static String query(Operation operation, String without) {
    return operation.parameters("query").stream()
        .filter(parameter -> parameter.path("required").asBoolean(false)
            && !parameter.path("name").asString().equals(without))
        .map(parameter -> parameter.path("name").asString() + "=" + URLEncoder.encode(first(parameter),
            StandardCharsets.UTF_8) + "&")
        .collect(Collectors.joining())
        + (operation.id().equals("queryAudit") && !without.equals("entity") ? "entity=model:card-fraud&" : "");
  }

  /** The example, or the first of several. */
  private static String first(JsonNode parameter) {
    JsonNode example = Operations.example(parameter);
    return example.isArray() ? example.get(0).asString() : example.asString();
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
    return operation.path() + "?" + query(operation, "") + "limit=1";
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
