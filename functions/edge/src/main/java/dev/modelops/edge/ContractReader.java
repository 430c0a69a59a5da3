package dev.modelops.edge;

import dev.modelops.domain.access.Permission;
import dev.modelops.json.Json;
import dev.modelops.json.Pointers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads operations out of an OpenAPI document. */
final class ContractReader {
  private static final int MAX_BODY = 262_144;
  private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");

  private final JsonNode document;

  ContractReader(JsonNode document) {
    this.document = document;
  }

  List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    Set<String> ids = new LinkedHashSet<>();
    for (Map.Entry<String, JsonNode> path : document.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        if (METHODS.contains(method.getKey())) {
          Operation operation = operation(path.getKey(), path.getValue(), method.getKey(), method.getValue());
          if (!ids.add(operation.id())) {
            throw new IllegalStateException("the contract names the operation " + operation.id() + " twice");
          }
          operations.add(operation);
        }
      }
    }
    return operations;
  }

  private Operation operation(String path, JsonNode item, String method, JsonNode json) {
    String id = text(json, "operationId", method + " " + path);
    String pointer = "/paths/" + Pointers.escape(path);
    String own = pointer + "/" + method;
    Map<String, Operation.Parameter> parameters = new LinkedHashMap<>();
    parameters(item.path("parameters"), pointer + "/parameters", parameters);
    parameters(json.path("parameters"), own + "/parameters", parameters);
    return new Operation(id, method.toUpperCase(Locale.ROOT), PathTemplate.of(path), text(json, "x-function", id),
        permission(id, text(json, "x-permission", id)), json.path("x-max-body").asInt(MAX_BODY),
        List.copyOf(parameters.values()), produces(json), body(json.path("requestBody"), own + "/requestBody"),
        createdStatus(json));
  }

  private void parameters(JsonNode list, String pointer, Map<String, Operation.Parameter> into) {
    for (int i = 0; i < list.size(); i++) {
      Located each = resolve(list.get(i), pointer + "/" + i);
      Operation.In in = Operation.In.valueOf(text(each.json(), "in", each.pointer()).toUpperCase(Locale.ROOT));
      String name = text(each.json(), "name", each.pointer());
      JsonNode schema = resolve(each.json().path("schema"), each.pointer() + "/schema").json();
      boolean many = schema.path("type").asString("").equals("array");
      JsonNode single = many ? resolve(schema.path("items"), "").json() : schema;
      JsonNode preset = schema.get("default");
      into.put(in + " " + name, new Operation.Parameter(name, in, each.json().path("required").asBoolean(false),
          type(single.path("type").asString("string")), many,
          many && each.json().has("explode") && !each.json().path("explode").asBoolean(true),
          preset == null ? null : preset.asString(), example(each.json(), schema), each.pointer() + "/schema"));
    }
  }

  private static @Nullable String example(JsonNode parameter, JsonNode schema) {
    JsonNode example = parameter.has("example") ? parameter.get("example") : schema.get("example");
    return example == null ? null : example.isArray() ? example.path(0).asString("") : example.asString("");
  }

  private static Operation.Type type(String name) {
    return switch (name) {
      case "integer" -> Operation.Type.INTEGER;
      case "number" -> Operation.Type.NUMBER;
      case "boolean" -> Operation.Type.BOOLEAN;
      default -> Operation.Type.STRING;
    };
  }

  private Operation.@Nullable Body body(JsonNode json, String pointer) {
    if (json.isMissingNode()) {
      return null;
    }
    Located body = resolve(json, pointer);
    Map<String, JsonNode> content = new LinkedHashMap<>();
    body.json().path("content").properties().forEach(each -> content.put(each.getKey(), each.getValue()));
    Map.Entry<String, JsonNode> first = content.entrySet().iterator().next();
    JsonNode example = first.getValue().get("example");
    return new Operation.Body(body.json().path("required").asBoolean(false), Set.copyOf(content.keySet()),
        body.pointer() + "/content/" + Pointers.escape(first.getKey()) + "/schema",
        example == null ? null : Json.text(example));
  }

  private List<String> produces(JsonNode json) {
    Set<String> types = new LinkedHashSet<>();
    for (Map.Entry<String, JsonNode> response : json.path("responses").properties()) {
      if (response.getKey().startsWith("2") || response.getKey().startsWith("3")) {
        types.addAll(resolve(response.getValue(), "").json().path("content").propertyNames());
      }
    }
    json.path("x-accepts").forEach(type -> types.add(type.asString()));
    return List.copyOf(types);
  }

  private static int createdStatus(JsonNode json) {
    JsonNode responses = json.path("responses");
    return responses.has("201") ? 201
        : responses.propertyNames().stream().filter(status -> status.startsWith("2")).mapToInt(Integer::parseInt).min()
            .orElse(200);
  }

  private static Permission permission(String id, String wire) {
    for (Permission permission : Permission.values()) {
      if (permission.wire().equals(wire)) {
        return permission;
      }
    }
    throw new IllegalStateException("the operation " + id + " asks for an unknown permission: " + wire);
  }

  private record Located(JsonNode json, String pointer) {}

  private Located resolve(JsonNode json, String pointer) {
    JsonNode ref = json.get("$ref");
    if (ref == null) {
      return new Located(json, pointer);
    }
    String target = ref.asString().substring(1);
    JsonNode found = document.at(target);
    if (found.isMissingNode()) {
      throw new IllegalStateException("the contract refers to " + target + ", which is not there");
    }
    return resolve(found, target);
  }

  private static String text(JsonNode json, String name, String where) {
    JsonNode value = json.get(name);
    if (value == null) {
      throw new IllegalStateException("the contract has no " + name + " at " + where);
    }
    return value.asString();
  }
}
