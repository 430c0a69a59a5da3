package dev.modelops.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.problem.Violation;
import dev.modelops.json.Json;
import dev.modelops.json.Pointers;
import dev.modelops.json.Schemas;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Holds answers against the contract. Reads the contract by itself, not through the router, so that a mistake of the
 * router's reading shows.
 */
final class ContractCheck {
  static final ContractCheck SHIPPED = new ContractCheck();

  /** On every answer, said once in the contract's introduction. */
  private static final Set<String> EVERYWHERE = Set.of("content-type", "x-request-id", "cache-control",
      "x-content-type-options");
  private static final String PROBLEM = "application/problem+json";

  private final JsonNode document;
  private final Schemas schemas;
  /** The paths of the contract, in the order in which they are asked. */
  private final Map<String, Pattern> templates = new LinkedHashMap<>();

  private ContractCheck() {
    try (InputStream in = ContractCheck.class.getResourceAsStream("/dev/modelops/contract/openapi.json")) {
      if (in == null) {
        throw new IllegalStateException("the contract is not on the class path");
      }
      this.document = Json.read(in.readAllBytes(), JsonNode.class);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
    this.schemas = new Schemas(document);
    // A name goes before a parameter in its place.
    document.path("paths").propertyNames().stream()
        .sorted(Comparator.comparing(template -> template.replaceAll("\\{[^}]*}", "\uffff")))
        .forEach(template -> templates.put(template, Pattern.compile(regex(template))));
  }

  void hold(String method, String path, Answer answer) {
    assertThat(answer.headers()).as("headers of %s %s", method, path).containsKey("X-Request-Id");
    Optional<String> template = template(path);
    JsonNode operation = template.map(at -> document.path("paths").path(at).path(method.toLowerCase(Locale.ROOT)))
        .orElse(document.path("none"));
    if (answer.status() >= 400) {
      problem(answer);
    }
    if (operation.isMissingNode()) {
      boolean options = method.equals("OPTIONS") && template.isPresent();
      assertThat(answer.status()).as("%s %s is not in the contract: %s", method, path, answer.body())
          .isEqualTo(options ? 204 : template.isPresent() ? 405 : 404);
      assertThat(answer.headers().containsKey("Allow")).isEqualTo(template.isPresent());
      return;
    }
    String pointer = "/paths/" + Pointers.escape(template.orElseThrow()) + "/" + method.toLowerCase(Locale.ROOT)
        + "/responses/";
    declared(operation.path("operationId").asString(), pointer, operation.path("responses"), answer);
  }

  private void declared(String operation, String pointer, JsonNode responses, Answer answer) {
    String status = Integer.toString(answer.status());
    boolean covered = responses.has(status) || answer.status() >= 400 && responses.has("default");
    assertThat(covered).as("%s answers %s, which the contract does not declare: %s", operation, status, answer.body())
        .isTrue();
    String key = responses.has(status) ? status : "default";
    Located response = resolve(responses.path(key), pointer + key);
    headers(operation, response, answer);
    if (response.json().path("content").isEmpty()) {
      assertThat(answer.body()).as("body of %s %s", operation, status).isEmpty();
      return;
    }
    String type = answer.header("Content-Type").split(";")[0].strip();
    assertThat(response.json().path("content").propertyNames()).as("media types of %s %s", operation, status)
        .contains(type);
    // NDJSON is a text of several values, which no schema speaks of.
    if (type.endsWith("json") && !type.endsWith("ndjson") && response.json().path("content").path(type).has("schema")) {
      List<Violation> violations = schemas.check(
          response.pointer() + "/content/" + Pointers.escape(type) + "/schema", answer.json());
      assertThat(violations).as("%s %s: %s", operation, status, answer.body()).isEmpty();
    }
  }

  private void headers(String operation, Located response, Answer answer) {
    JsonNode declared = response.json().path("headers");
    Set<String> undeclared = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    undeclared.addAll(answer.headers().keySet());
    EVERYWHERE.forEach(undeclared::remove);
    for (Map.Entry<String, JsonNode> each : declared.properties()) {
      undeclared.remove(each.getKey());
      Located header = resolve(each.getValue(), response.pointer() + "/headers/" + Pointers.escape(each.getKey()));
      String value = answer.headers().get(each.getKey());
      assertThat(value != null || !header.json().path("required").asBoolean(false))
          .as("%s %s has the header %s", operation, answer.status(), each.getKey()).isTrue();
      if (value != null) {
        assertThat(schemas.check(header.pointer() + "/schema", scalar(header.json(), value)))
            .as("%s %s: %s: %s", operation, answer.status(), each.getKey(), value).isEmpty();
      }
    }
    assertThat(undeclared).as("undeclared headers of %s %s", operation, answer.status()).isEmpty();
  }

  private static JsonNode scalar(JsonNode header, String value) {
    boolean integer = header.at("/schema/type").asString("").equals("integer") && value.matches("[0-9]{1,9}");
    return integer ? JsonNodeFactory.instance.numberNode(Integer.parseInt(value))
        : JsonNodeFactory.instance.stringNode(value);
  }

  private void problem(Answer answer) {
    assertThat(answer.header("Content-Type")).isEqualTo(PROBLEM);
    assertThat(schemas.check("/components/schemas/Problem", answer.json())).as(answer.body()).isEmpty();
    assertThat(document.path("x-problems").propertyNames()).contains(answer.text("/type").replace("/problems/", ""));
    assertThat(answer.json().path("status").asInt()).isEqualTo(answer.status());
    assertThat(answer.text("/instance")).isEqualTo(answer.header("X-Request-Id"));
  }

  /** The first media type that the operation takes. */
  String consumes(String method, String path) {
    return template(path).flatMap(at -> {
      JsonNode body = document.path("paths").path(at).path(method.toLowerCase(Locale.ROOT)).path("requestBody");
      return resolve(body, "").json().path("content").propertyNames().stream().findFirst();
    }).orElse("application/json");
  }

  private Optional<String> template(String path) {
    return templates.entrySet().stream().filter(template -> template.getValue().matcher(path).matches())
        .map(Map.Entry::getKey).findFirst();
  }

  private static String regex(String template) {
    return List.of(template.split("(?<=\\})|(?=\\{)")).stream()
        .map(part -> part.startsWith("{") ? "[^/]+" : Pattern.quote(part))
        .collect(Collectors.joining());
  }

  private record Located(JsonNode json, String pointer) {}

  private Located resolve(JsonNode json, String pointer) {
    JsonNode ref = json.get("$ref");
    if (ref == null) {
      return new Located(json, pointer);
    }
    String target = ref.asString().substring(1);
    return resolve(document.at(target), target);
  }
}
