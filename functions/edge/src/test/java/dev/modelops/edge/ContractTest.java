package dev.modelops.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.Role;
import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Violation;
import dev.modelops.json.Digests;
import dev.modelops.json.Json;
import dev.modelops.json.Pointers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The contract that ships: it says what the code does, and keeps its own rules. */
class ContractTest {
  private static final Set<String> FUNCTIONS =
      Set.of("tokens", "registry", "deployment", "intake", "series", "audit", "front");
  private final Contract contract = Contract.shipped();
  private final JsonNode document = contract.document();

  @Test
  void itsRolesAreThoseOfTheCode() {
    Map<String, Set<String>> said = new TreeMap<>();
    document.path("x-roles").properties().forEach(role -> said.put(role.getKey(), texts(role.getValue())));
    Map<String, Set<String>> meant = new TreeMap<>();
    for (Role role : Role.values()) {
      meant.put(role.wire(), role.permissions().stream().map(Permission::wire).collect(Collectors.toSet()));
    }
    assertThat(said).isEqualTo(meant);
  }

  @Test
  void itsTableForPeopleSaysTheSame() {
    List<String[]> rows = document.at("/info/description").asString().lines()
        .filter(line -> line.startsWith("| ")).map(line -> line.split("\\|")).toList();
    String[] roles = rows.getFirst();
    Map<String, Set<String>> said = new TreeMap<>();
    for (String[] row : rows.subList(1, rows.size())) {
      for (int i = 2; i < roles.length; i++) {
        if (i < row.length && row[i].strip().equals("x")) {
          said.computeIfAbsent(roles[i].strip(), role -> new TreeSet<>()).add(row[1].strip());
        }
      }
    }
    Map<String, Set<String>> meant = new TreeMap<>();
    document.path("x-roles").properties()
        .forEach(role -> meant.put(role.getKey(), new TreeSet<>(texts(role.getValue()))));
    assertThat(said).isEqualTo(meant);
  }

  @Test
  void everyProblemHasItsText() {
    assertThat(document.path("x-problems").propertyNames())
        .containsExactlyElementsOf(Arrays.stream(Problem.values()).map(Problem::wire).toList());
  }

  @Test
  void itsDigestVectorsHold() {
    for (JsonNode vector : document.path("x-digest-vectors")) {
      byte[] canonical = Digests.canonical(Json.read(vector.path("json").asString(), JsonNode.class));
      if (vector.has("canonical")) {
        assertThat(new String(canonical, StandardCharsets.UTF_8)).isEqualTo(vector.path("canonical").asString());
      }
      assertThat(Digests.sha256(canonical)).isEqualTo(vector.path("sha256").asString());
    }
  }

  @Test
  void everyOperationIsServedAndDescribed() {
    List<String> wrong = new ArrayList<>();
    each((operation, json, pointer) -> {
      if (!FUNCTIONS.contains(operation.function())) {
        wrong.add(operation.id() + ": x-function " + operation.function());
      }
      for (String field : List.of("summary", "description", "tags")) {
        if (!json.has(field)) {
          wrong.add(operation.id() + ": no " + field);
        }
      }
      JsonNode responses = json.path("responses");
      List<String> wanted = new ArrayList<>(List.of("default"));
      if (operation.permission() != Permission.PUBLIC) {
        wanted.addAll(List.of("401", "403"));
      }
      if (!operation.parameters().isEmpty() || operation.consumes() != null) {
        wanted.add("400");
      }
      if (operation.parameters().stream().anyMatch(each -> each.name().equals("If-Match") && each.required())) {
        wanted.addAll(List.of("412", "428"));
      }
      if (operation.path().text().contains("{") && !operation.method().equals("PUT")) {
        wanted.add("404");
      }
      wanted.stream().filter(status -> !responses.has(status) && !(operation.permission() == Permission.PUBLIC
          && status.equals("400"))).forEach(status -> wrong.add(operation.id() + ": no answer " + status));
      boolean publicly = operation.permission() == Permission.PUBLIC;
      if (publicly != (json.has("security") && json.path("security").isEmpty())) {
        wrong.add(operation.id() + ": `security: []` belongs to public operations alone");
      }
    });
    assertThat(wrong).isEmpty();
  }

  @Test
  void bodiesAreClosedAndBounded() {
    List<String> wrong = new ArrayList<>();
    each((operation, json, pointer) -> {
      Operation.Body body = operation.consumes();
      if (body != null) {
        open(document.at(body.schema()), body.schema(), wrong, new TreeSet<>());
      }
    });
    assertThat(wrong).isEmpty();
  }

  /** Finds objects that take any field, and lists, maps and texts without an end. */
  private void open(JsonNode schema, String at, List<String> wrong, Set<String> seen) {
    if (schema.has("$ref")) {
      String target = schema.path("$ref").asString().substring(1);
      if (seen.add(target)) {
        open(document.at(target), target, wrong, seen);
      }
      return;
    }
    if (texts(schema.path("type")).size() > 2) {
      // Any JSON: the bounds are those of the body.
      return;
    }
    Set<String> types = schema.path("type").isArray() ? texts(schema.path("type"))
        : Set.of(schema.path("type").asString(""));
    JsonNode more = schema.path("additionalProperties");
    boolean free = !schema.has("properties") && more.isMissingNode();
    boolean closed = more.isBoolean() && !more.asBoolean() || schema.path("unevaluatedProperties").isBoolean();
    if (types.contains("object") && !free && !closed && !schema.has("maxProperties")) {
      wrong.add(at + ": neither closed nor bounded");
    }
    if (types.contains("array") && !schema.has("maxItems")) {
      wrong.add(at + ": no maxItems");
    }
    if (types.contains("string") && !schema.has("maxLength") && !schema.has("enum") && !schema.has("const")
        && !schema.has("pattern") && !Set.of("date-time", "date").contains(schema.path("format").asString(""))) {
      wrong.add(at + ": no maxLength");
    }
    schema.path("properties").properties()
        .forEach(each -> open(each.getValue(), at + "/properties/" + each.getKey(), wrong, seen));
    for (String inner : List.of("items", "additionalProperties")) {
      if (schema.path(inner).isObject()) {
        open(schema.path(inner), at + "/" + inner, wrong, seen);
      }
    }
    for (String choice : List.of("oneOf", "anyOf", "allOf")) {
      schema.path(choice).forEach(each -> open(each, at + "/" + choice, wrong, seen));
    }
  }

  @Test
  void everyExampleIsValid() {
    List<String> wrong = new ArrayList<>();
    each((operation, json, pointer) -> {
      if (operation.consumes() != null) {
        content(json.path("requestBody"), pointer + "/requestBody", operation.id() + " request", wrong);
      }
      json.path("responses").properties().forEach(response -> content(response.getValue(),
          pointer + "/responses/" + response.getKey(), operation.id() + " " + response.getKey(), wrong));
    });
    assertThat(wrong).isEmpty();
  }

  private void content(JsonNode json, String pointer, String what, List<String> wrong) {
    String at = json.has("$ref") ? json.path("$ref").asString().substring(1) : pointer;
    document.at(at).path("content").properties().forEach(each -> {
      JsonNode example = each.getValue().get("example");
      if (example == null && !each.getValue().has("examples")) {
        wrong.add(what + ": no example of " + each.getKey());
      }
      List<JsonNode> all = new ArrayList<>();
      if (example != null) {
        all.add(example);
      }
      each.getValue().path("examples").forEach(one -> all.add(one.path("value")));
      for (JsonNode one : all) {
        boolean text = !each.getKey().endsWith("json");
        if (each.getValue().has("schema") && !(text && one.isObject())) {
          List<Violation> violations = contract.schemas()
              .check(at + "/content/" + Pointers.escape(each.getKey()) + "/schema", one);
          violations.forEach(violation -> wrong.add(what + ": " + violation));
        }
      }
    });
  }

  @Test
  void operationsReadTheirBodiesInPriming() {
    each((operation, json, pointer) -> {
      Operation.Body body = operation.consumes();
      if (body != null && body.example() != null) {
        Json.tree(body.example().getBytes(StandardCharsets.UTF_8));
      }
    });
  }

  private interface Each {
    void see(Operation operation, JsonNode json, String pointer);
  }

  private void each(Each each) {
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        if (method.getValue().has("operationId")) {
          each.see(contract.operation(method.getValue().path("operationId").asString()).orElseThrow(),
              method.getValue(), "/paths/" + Pointers.escape(path.getKey()) + "/" + method.getKey());
        }
      }
    }
  }

  private static Set<String> texts(JsonNode list) {
    Set<String> texts = new TreeSet<>();
    list.forEach(each -> texts.add(each.asString()));
    return texts;
  }
}
