package dev.modelops.local.events;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The contract as far as sample requests need it. */
public final class Contract {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete", "head", "options");

  private final JsonNode document;

  private Contract(JsonNode document) {
    this.document = document;
  }

  /** An operation; {@code path} still has its parameters in braces. */
  public record Operation(String id, String method, String path, String function, String permission, JsonNode json,
      List<JsonNode> parameters) {
    /** The path with the parameters' examples, not encoded: no example needs it. */
    public String examplePath() {
      String filled = path;
      for (JsonNode parameter : parameters) {
        if (parameter.path("in").asString().equals("path")) {
          filled = filled.replace("{" + parameter.get("name").asString() + "}", example(parameter));
        }
      }
      return filled;
    }

    /** The required parameters of a place ({@code query}, {@code header}). */
    public List<JsonNode> required(String in) {
      return parameters.stream().filter(parameter -> parameter.path("in").asString().equals(in)
          && parameter.path("required").asBoolean(false)).toList();
    }

    /** The values of a parameter that may be repeated. */
    static List<String> examples(JsonNode parameter) {
      JsonNode example = parameter.path("example");
      return example.isArray() ? example.valueStream().map(JsonNode::asString).toList() : List.of(example(parameter));
    }

    static String example(JsonNode parameter) {
      JsonNode example = parameter.path("example");
      if (example.isMissingNode()) {
        throw new IllegalStateException("The contract's parameter " + parameter.path("name").asString()
            + " needs an example");
      }
      return example.asString();
    }
  }

  /** The one that the functions ship. */
  public static Contract shipped() {
    try (InputStream in = Contract.class.getResourceAsStream("/dev/modelops/contract/openapi.json")) {
      if (in == null) {
        throw new IllegalStateException("The contract is not on the class path");
      }
      return new Contract(JSON.readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** In the contract's order. */
  public List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    document.get("paths").properties().forEach(path -> path.getValue().properties().forEach(each -> {
      if (METHODS.contains(each.getKey())) {
        JsonNode json = each.getValue();
        List<JsonNode> parameters = new ArrayList<>();
        path.getValue().path("parameters").forEach(parameter -> parameters.add(resolve(parameter)));
        json.path("parameters").forEach(parameter -> parameters.add(resolve(parameter)));
        operations.add(new Operation(json.get("operationId").asString(), each.getKey().toUpperCase(Locale.ROOT),
            path.getKey(), json.get("x-function").asString(), json.get("x-permission").asString(), json, parameters));
      }
    }));
    return operations;
  }

  /** The media type and the example of a request body. */
  Optional<Body> body(Operation operation) {
    JsonNode content = resolve(operation.json().path("requestBody")).path("content");
    return content.properties().stream().findFirst().map(type -> {
      JsonNode example = type.getValue().path("example");
      if (example.isMissingNode()) {
        example = type.getValue().path("examples").valueStream().findFirst()
            .map(named -> resolve(named).path("value")).orElseThrow(
                () -> new IllegalStateException("The body of " + operation.id() + " needs an example"));
      }
      return new Body(type.getKey(), example);
    });
  }

  record Body(String type, JsonNode example) {}

  /** A role whose holder may do what needs the permission. */
  String roleWith(String permission) {
    return document.get("x-roles").properties().stream()
        .filter(role -> role.getValue().valueStream().anyMatch(held -> held.asString().equals(permission)))
        .map(role -> role.getKey()).findFirst().orElse("viewer");
  }

  private JsonNode resolve(JsonNode node) {
    JsonNode ref = node.path("$ref");
    return ref.isMissingNode() ? node : resolve(document.at(ref.asString().substring(1)));
  }
}
