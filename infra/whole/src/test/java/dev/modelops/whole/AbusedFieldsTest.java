package dev.modelops.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.checker.Checker;
import dev.modelops.embedded.TestAws;
import dev.modelops.json.Json;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.Functions;
import dev.modelops.testkit.Operations;
import dev.modelops.testkit.Writes;
import dev.modelops.testkit.Writes.Ask;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.StringNode;

/**
 * Every operation that writes, in a world in which it succeeds, with one thing in its request exchanged for what
 * attackers send: a field of its body, or the ETag.
 */
class AbusedFieldsTest {

  private static final TestAws AWS = TestAws.fresh();
  private static final Functions FUNCTIONS = new Functions(AWS);
  private static final Writes WRITES = new Writes(FUNCTIONS::get);
  private static final AtomicInteger WORLDS = new AtomicInteger();
  /** What says something to people or to systems of theirs, and nothing to ours: it comes back as it is. */
  private static final Pattern FREE = Pattern.compile(
      ".*/(title|description|purpose|comment|message|reason|displayName|name|owner|externalId|path|format|metric|system)"
          + "|.*/(tags|attributes|parameters|metrics|labels|people|sourceRun|datasets|claims|inputSchema|outputSchema)/.*"
          + "|/upstream/[0-9]+/model");
  /** All departments may be granted at once. */
  private static final String EVERYWHERE = "*";

  /** An operation in a world in which it succeeds; in another one after each time that it did. */
  private static final class Target {
    private final String operation;
    private Ask ask;

    Target(String operation) {
      this.operation = operation;
      this.ask = world(operation);
    }

    /** What succeeds, and the contract's example, which says more. */
    List<JsonNode> bodies() {
      return Stream.concat(Stream.ofNullable(ask.body()).map(Json::node),
          Operations.byId(operation).body().map(Map.Entry::getValue).stream()).toList();
    }

    /** Refused as the caller's mistake, unless it may be taken. */
    Answer send(byte[] body, String pointer, String value, boolean taken) {
      Answer answer = Writes.send(FUNCTIONS::get, ask.saying(body), operation);
      String said = "%s with %s at %s: %s".formatted(operation, value, pointer, answer.body());
      assertThat(answer.status()).as(said).isBetween(taken ? 200 : 400, 499).isNotIn(401, 405, 415);
      assertThat(String.join("", answer.headers().values())).as(said).doesNotContain("\r", "\n");
      if (answer.status() < 300) {
        ask = world(operation);
      }
      return answer;
    }
  }

  @AfterAll
  static void nothingIsWrongWithWhatWasTaken() {
    Checker.assertSound(AWS);
    AWS.close();
  }

  static Stream<String> writing() {
    return WRITES.operations().stream();
  }

  static Stream<String> withBody() {
    return writing().filter(id -> Operations.byId(id).body().isPresent());
  }

  static Stream<String> withETag() {
    return writing().filter(id -> Operations.byId(id).parameters("header").stream()
        .anyMatch(parameter -> parameter.path("name").asString().equals("If-Match")));
  }

  private static Ask world(String operation) {
    return WRITES.prepare(operation, "x%04dq".formatted(WORLDS.incrementAndGet()));
  }

  @ParameterizedTest
  @MethodSource("withBody")
  void noTextOfABodyPassesForAnother(String operation) {
    Target target = new Target(operation);
    leaves(target, JsonNode::isString).forEach((pointer, body) -> {
      boolean free = FREE.matcher(pointer).matches();
      for (String text : free ? Hostile.SPECIAL : Hostile.texts()) {
        byte[] sent = Json.write(Hostile.with(body, pointer, StringNode.valueOf(text)));
        Answer answer =
            target.send(sent, pointer, text, free || text.equals(EVERYWHERE) && pointer.contains("/grants/"));
        if (answer.status() < 300) {
          assertThat(answer.json().at(pointer).asString(text)).isEqualTo(text);
        }
      }
    });
  }

  @ParameterizedTest
  @MethodSource("withBody")
  void noNumberOfABodyPassesForAnother(String operation) {
    Target target = new Target(operation);
    leaves(target, JsonNode::isIntegralNumber).forEach((pointer, body) -> {
      // Of nothing, too, there may be a file.
      boolean free = FREE.matcher(pointer).matches() || pointer.endsWith("/size");
      Hostile.spellings(body.at(pointer).bigIntegerValue()).forEach((spelt, same) -> target
          .send(Hostile.raw(body, pointer, spelt), pointer, spelt, same || free));
    });
  }

  /** Pointers to all places of a kind, each with a body that has it. */
  private static Map<String, JsonNode> leaves(Target target, Predicate<JsonNode> kind) {
    Map<String, JsonNode> leaves = new LinkedHashMap<>();
    target.bodies().forEach(body -> leaves(body, "").stream().filter(pointer -> kind.test(body.at(pointer)))
        .forEach(pointer -> leaves.putIfAbsent(pointer, body)));
    return leaves;
  }

  private static List<String> leaves(JsonNode node, String pointer) {
    List<String> leaves = new ArrayList<>();
    if (node.isString() || node.isIntegralNumber()) {
      leaves.add(pointer);
    }
    node.properties().forEach(field -> leaves.addAll(leaves(field.getValue(),
        pointer + "/" + field.getKey().replace("~", "~0").replace("/", "~1"))));
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      leaves.addAll(leaves(node.get(i), pointer + "/" + i));
    }
    return leaves;
  }

  @ParameterizedTest
  @MethodSource("withETag")
  void anETagTamperedWithBitByBitChangesNothing(String operation) {
    Ask ask = world(operation);
    String etag = etag(operation, ask);
    Answer before = read(operation, ask);
    Ask other = changing(operation, ask);
    Hostile.flipped(etag).forEach(tag -> {
      Answer answer = Writes.send(FUNCTIONS::get, other.ifMatch(tag), operation);
      assertThat(answer.status()).as("%s with If-Match: %s: %s", operation, tag, answer.body()).isIn(400, 412);
    });
    assertThat(read(operation, ask).body()).isEqualTo(before.body());
    Answer right = Writes.send(FUNCTIONS::get, ask.ifMatch(etag), operation);
    assertThat(right.status()).as(right.body()).isBetween(200, 299);
  }

  /** To put what is there already changes nothing, whatever the ETag: the same with another value. */
  private static Ask changing(String operation, Ask ask) {
    JsonNode body = Json.node(Objects.requireNonNullElse(ask.body(), Map.of()));
    return switch (operation) {
      case "putDepartment", "putModel", "putEnvironment" ->
        ask.saying(Hostile.with(body, "/title", StringNode.valueOf("Another")));
      case "putIdentityProvider" -> ask.saying(Hostile.with(body, "/audience", StringNode.valueOf("another")));
      case "putAlias" -> ask.saying(Hostile.with(body, "/version", IntNode.valueOf(2)));
      default -> ask;
    };
  }

  /** Of what the request is about, made by the request itself when it is not there yet. */
  private static String etag(String operation, Ask ask) {
    String known = ask.headers().get("If-Match");
    return known != null ? known
        : operation.equals("withdrawVersion") ? read(operation, ask).etag()
            : Writes.send(FUNCTIONS::get, ask, operation).is(201).etag();
  }

  /** What the request is about, as it is now. */
  private static Answer read(String operation, Ask ask) {
    return Writes.read(FUNCTIONS::get, ask, operation).orElseThrow();
  }
}
