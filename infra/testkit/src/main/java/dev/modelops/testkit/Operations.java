package dev.modelops.testkit;

import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.Role;
import dev.modelops.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The operations of the contract, as it was shipped. */
public final class Operations {

  private static final JsonNode CONTRACT = contract();
  private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");
  /** Read once: tests ask for them with every request. */
  private static final List<Operation> ALL = read();
  private static final Map<String, Operation> BY_ID =
      ALL.stream().collect(Collectors.toUnmodifiableMap(Operation::id, operation -> operation));

  private Operations() {}

  /** An operation: how it is called, who serves it, what it asks. */
  public record Operation(String id, String method, String template, String function, Permission permission,
      JsonNode json) {

    /** The path with the examples of its parameters. */
    public String path() {
      return path("", "");
    }

    /** The same with another value for one of them. */
    public String path(String name, String value) {
      String path = template;
      for (JsonNode parameter : parameters("path")) {
        String own = parameter.path("name").asString();
        path = path.replace("{" + own + "}", own.equals(name) ? value : example(parameter).asString());
      }
      return path;
    }

    /** Parameters of one place, its own and those of its path, references resolved. */
    public List<JsonNode> parameters(String in) {
      return Stream.concat(stream(CONTRACT.path("paths").path(template).path("parameters")),
          stream(json.path("parameters"))).map(Operations::resolve)
          .filter(parameter -> parameter.path("in").asString().equals(in)).toList();
    }

    /** The first media type of the body, if it has one, and its example. */
    public Optional<Map.Entry<String, JsonNode>> body() {
      return resolve(json.path("requestBody")).path("content").properties().stream().findFirst()
          .map(content -> Map.entry(content.getKey(), bodyExample(content.getValue())));
    }

    private JsonNode bodyExample(JsonNode content) {
      JsonNode example = content.has("example") ? content.path("example")
          : stream(content.path("examples")).findFirst().map(first -> first.path("value")).orElse(content);
      if (example == content) {
        throw new AssertionError(id + " has no example of its body");
      }
      return example;
    }

    /** The first role that may do it. */
    public Role role() {
      return Arrays.stream(Role.values())
          .filter(role -> permission == Permission.SELF || permission == Permission.PUBLIC
              || role.permissions().contains(permission))
          .findFirst().orElseThrow(() -> new AssertionError("no role may " + permission));
    }

    /** The logical id of the function that serves it. */
    public String functionId() {
      return Character.toUpperCase(function.charAt(0)) + function.substring(1) + "Function";
    }

    @Override
    public String toString() {
      return id;
    }
  }

  /** In the contract's order. */
  public static List<Operation> all() {
    return ALL;
  }

  private static List<Operation> read() {
    List<Operation> operations = new ArrayList<>();
    CONTRACT.path("paths").properties().forEach(path -> path.getValue().properties().forEach(method -> {
      if (METHODS.contains(method.getKey())) {
        JsonNode json = method.getValue();
        operations
            .add(new Operation(json.path("operationId").asString(), method.getKey().toUpperCase(Locale.ROOT),
                path.getKey(), json.path("x-function").asString(), permission(json), json));
      }
    }));
    return List.copyOf(operations);
  }

  /** The operation with this {@code operationId}. */
  public static Operation byId(String id) {
    return Optional.ofNullable(BY_ID.get(id)).orElseThrow();
  }

  private static Permission permission(JsonNode operation) {
    String wire = operation.path("x-permission").asString();
    return Arrays.stream(Permission.values()).filter(permission -> permission.wire().equals(wire)).findFirst()
        .orElseThrow(() -> new AssertionError(operation.path("operationId") + " has the unknown permission " + wire));
  }

  /** The example of a parameter; fails when a path parameter has none. */
  public static JsonNode example(JsonNode parameter) {
    JsonNode example = parameter.has("example") ? parameter.path("example") : parameter.at("/schema/example");
    if (example.isMissingNode()) {
      throw new AssertionError("the parameter " + parameter.path("name") + " has no example");
    }
    return example;
  }

  private static JsonNode resolve(JsonNode node) {
    @Nullable JsonNode ref = node.get("$ref");
    return ref == null ? node : CONTRACT.at(ref.asString().substring(1));
  }

  private static Stream<JsonNode> stream(JsonNode node) {
    return StreamSupport.stream(node.spliterator(), false);
  }

  private static JsonNode contract() {
    try (InputStream in = Operations.class.getResourceAsStream("/dev/modelops/contract/openapi.json")) {
      return Json.read(Objects.requireNonNull(in).readAllBytes(), JsonNode.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
