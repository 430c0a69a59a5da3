package dev.modelops.local.contract;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * What breaks callers between two contracts, a sentence each. The promise is the contract's own: operations, optional request
 * fields, answer fields and values may come; nothing goes, and nothing that was taken is refused. openapi-diff and its like
 * do not read OpenAPI 3.1, nor our permissions and limits.
 */
final class BreakingChanges {
  private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");
  private static final int USUAL_BODY = 262_144;

  private final JsonNode before;
  private final JsonNode after;
  private final List<String> found = new ArrayList<>();

  private BreakingChanges(JsonNode before, JsonNode after) {
    this.before = before;
    this.after = after;
  }

  static List<String> between(JsonNode before, JsonNode after) {
    return new BreakingChanges(before, after).all();
  }

  private List<String> all() {
    before.path("paths").properties().forEach(path -> path.getValue().properties().forEach(operation -> {
      if (METHODS.contains(operation.getKey())) {
        JsonNode now = after.path("paths").path(path.getKey()).path(operation.getKey());
        String name = operation.getValue().path("operationId").asString();
        if (now.isMissingNode()) {
          found.add(name + ": removed");
        } else {
          operation(operation.getValue(), now, name);
        }
      }
    }));
    before.path("x-roles").properties().forEach(role -> {
      List<String> held = after.path("x-roles").path(role.getKey()).valueStream().map(JsonNode::asString).toList();
      role.getValue().valueStream().map(JsonNode::asString).filter(permission -> !held.contains(permission))
          .forEach(permission -> found.add("role " + role.getKey() + ": lost " + permission));
    });
    before.path("x-problems").propertyNames().stream().filter(problem -> !after.path("x-problems").has(problem))
        .forEach(problem -> found.add("problem " + problem + ": removed"));
    return found;
  }

  private void operation(JsonNode was, JsonNode is, String name) {
    if (!was.path("operationId").equals(is.path("operationId"))) {
      found.add(name + ": another operationId, generated clients call it by that");
    }
    if (!was.path("x-permission").equals(is.path("x-permission"))) {
      found.add(name + ": needs another permission");
    }
    if (is.path("x-max-body").asInt(USUAL_BODY) < was.path("x-max-body").asInt(USUAL_BODY)) {
      found.add(name + ": takes shorter bodies");
    }
    parameters(was, is, name);
    body(was, is, name);
    answers(was, is, name);
  }

  private void parameters(JsonNode was, JsonNode is, String name) {
    Map<String, JsonNode> old = parameters(before, was);
    Map<String, JsonNode> now = parameters(after, is);
    old.forEach((parameter, written) -> {
      JsonNode counterpart = now.get(parameter);
      if (counterpart == null) {
        found.add(name + " " + parameter + ": removed");
      } else {
        found.addAll(SchemaChanges.ofRequest(before, after, written.path("schema"), counterpart.path("schema"),
            name + " " + parameter));
      }
    });
    now.forEach((parameter, written) -> {
      JsonNode counterpart = old.get(parameter);
      boolean wasRequired = counterpart != null && counterpart.path("required").asBoolean(false);
      if (written.path("required").asBoolean(false) && !wasRequired) {
        found.add(name + " " + parameter + ": required");
      }
    });
  }

  private static Map<String, JsonNode> parameters(JsonNode document, JsonNode operation) {
    Map<String, JsonNode> all = new LinkedHashMap<>();
    for (JsonNode written : operation.path("parameters")) {
      JsonNode parameter = Documents.resolved(document, written);
      all.put(parameter.path("in").asString() + " " + parameter.path("name").asString(), parameter);
    }
    return all;
  }

  private void body(JsonNode was, JsonNode is, String name) {
    JsonNode old = Documents.resolved(before, was.path("requestBody"));
    JsonNode now = Documents.resolved(after, is.path("requestBody"));
    if (now.path("required").asBoolean(false) && !old.path("required").asBoolean(false)) {
      found.add(name + " body: required");
    }
    old.path("content").properties().forEach(content -> {
      JsonNode counterpart = now.path("content").path(content.getKey());
      if (counterpart.isMissingNode()) {
        found.add(name + " body: no longer as " + content.getKey());
      } else {
        found.addAll(SchemaChanges.ofRequest(before, after, content.getValue().path("schema"),
            counterpart.path("schema"), name + " body"));
      }
    });
  }

  /** A refusal that no longer comes is missed by nobody; what comes instead of a success is. */
  private void answers(JsonNode was, JsonNode is, String name) {
    was.path("responses").properties().forEach(answer -> {
      String where = name + " " + answer.getKey();
      JsonNode old = Documents.resolved(before, answer.getValue());
      JsonNode now = Documents.resolved(after, is.path("responses").path(answer.getKey()));
      if (!now.isMissingNode()) {
        answer(old, now, where);
      } else if (answer.getKey().startsWith("2") || answer.getKey().startsWith("3")) {
        found.add(where + ": removed");
      }
    });
  }

  private void answer(JsonNode was, JsonNode is, String where) {
    was.path("headers").propertyNames().stream().filter(header -> !is.path("headers").has(header))
        .forEach(header -> found.add(where + " header " + header + ": removed"));
    was.path("content").properties().forEach(content -> {
      JsonNode counterpart = is.path("content").path(content.getKey());
      if (counterpart.isMissingNode()) {
        found.add(where + ": no longer as " + content.getKey());
      } else {
        found.addAll(SchemaChanges.ofAnswer(before, after, content.getValue().path("schema"),
            counterpart.path("schema"), where));
      }
    });
  }
}
