package dev.modelops.local.contract;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * What a caller notices between two schemas. What callers send must still be taken: a request's schema may only grow wider.
 * What they read must still be there and mean the same: an answer's schema may only gain.
 */
final class SchemaChanges {
  private static final Set<String> AT_MOST =
      Set.of("maxLength", "maxItems", "maxProperties", "maximum", "exclusiveMaximum");
  private static final Set<String> AT_LEAST =
      Set.of("minLength", "minItems", "minProperties", "minimum", "exclusiveMinimum");
  private static final Set<String> SAME = Set.of("pattern", "format", "multipleOf", "default");

  private final JsonNode before;
  private final JsonNode after;
  private final boolean request;
  private final List<String> found = new ArrayList<>();
  private final Set<String> compared = new HashSet<>();

  private SchemaChanges(JsonNode before, JsonNode after, boolean request) {
    this.before = before;
    this.after = after;
    this.request = request;
  }

  /** Of what callers send; the documents are those in which references are looked up. */
  static List<String> ofRequest(JsonNode before, JsonNode after, JsonNode was, JsonNode is, String where) {
    return new SchemaChanges(before, after, true).compare(was, is, where);
  }

  /** Of what callers read. */
  static List<String> ofAnswer(JsonNode before, JsonNode after, JsonNode was, JsonNode is, String where) {
    return new SchemaChanges(before, after, false).compare(was, is, where);
  }

  private List<String> compare(JsonNode was, JsonNode is, String where) {
    schema(was, is, where);
    return found;
  }

  private void schema(JsonNode wasWritten, JsonNode isWritten, String where) {
    if (wasWritten.has("$ref") && !compared.add(wasWritten.path("$ref").asString() + " " + isWritten.path("$ref"))) {
      return; // a schema that holds itself
    }
    JsonNode was = wasWritten.has("$ref") ? Documents.resolved(before, wasWritten) : wasWritten;
    JsonNode is = isWritten.has("$ref") ? Documents.resolved(after, isWritten) : isWritten;
    types(was, is, where);
    values(was, is, where);
    if (request) {
      limits(was, is, where);
    } else if (!was.path("format").equals(is.path("format"))) {
      found.add(where + ": another format");
    }
    alternatives(was, is, "oneOf", where);
    alternatives(was, is, "anyOf", where);
    fields(was, is, where);
    within("items", was, is, where + "[]");
    within("propertyNames", was, is, where + ".*");
    extras(was, is, where);
  }

  private void types(JsonNode was, JsonNode is, String where) {
    Set<String> old = texts(was.path("type"));
    Set<String> now = texts(is.path("type"));
    Set<String> narrow = request ? old : now;
    Set<String> wide = request ? now : old;
    boolean fits = wide.isEmpty() || !narrow.isEmpty() && narrow.stream()
        .allMatch(type -> wide.contains(type) || type.equals("integer") && wide.contains("number"));
    if (!fits) {
      found.add(where + ": the type was " + (old.isEmpty() ? "any" : old) + " and is "
          + (now.isEmpty() ? "any" : now));
    }
  }

  private void values(JsonNode was, JsonNode is, String where) {
    Set<String> old = texts(was.path("enum"));
    Set<String> now = texts(is.path("enum"));
    if (request && old.isEmpty() && !now.isEmpty()) {
      found.add(where + ": only some values are taken");
    }
    if (!old.isEmpty() && !now.isEmpty()) {
      old.stream().filter(value -> !now.contains(value)).forEach(value -> found.add(where + ": no value " + value));
    }
    if (!was.path("const").equals(is.path("const"))) {
      found.add(where + ": another constant");
    }
  }

  private void limits(JsonNode was, JsonNode is, String where) {
    for (String limit : AT_MOST) {
      if (is.has(limit) && (!was.has(limit) || is.get(limit).asDouble() < was.get(limit).asDouble())) {
        found.add(where + ": " + limit + " is lower");
      }
    }
    for (String limit : AT_LEAST) {
      if (is.has(limit) && (!was.has(limit) || is.get(limit).asDouble() > was.get(limit).asDouble())) {
        found.add(where + ": " + limit + " is higher");
      }
    }
    for (String rule : SAME) {
      boolean lifted = !is.has(rule) && !rule.equals("default");
      if (!lifted && !was.path(rule).equals(is.path(rule))) {
        found.add(where + ": another " + rule);
      }
    }
    if (is.path("uniqueItems").asBoolean(false) && !was.path("uniqueItems").asBoolean(false)) {
      found.add(where + ": items must differ");
    }
  }

  /** Each alternative of the narrower side must be one of the wider side. */
  private void alternatives(JsonNode was, JsonNode is, String keyword, String where) {
    JsonNode narrow = (request ? was : is).path(keyword);
    JsonNode wide = (request ? is : was).path(keyword);
    if (wide.isEmpty() && narrow.isEmpty()) {
      return;
    }
    boolean fits = wide.isEmpty() || !narrow.isEmpty() && narrow.valueStream().allMatch(one -> wide.valueStream()
        .anyMatch(other -> new SchemaChanges(before, after, request)
            .compare(request ? one : other, request ? other : one, where).isEmpty()));
    if (!fits) {
      found.add(where + ": " + keyword + (request ? " lost an alternative" : " has an alternative more"));
    }
  }

  private void fields(JsonNode was, JsonNode is, String where) {
    Map<String, JsonNode> old = properties(before, was);
    Map<String, JsonNode> now = properties(after, is);
    Set<String> oldRequired = required(before, was);
    Set<String> nowRequired = required(after, is);
    old.forEach((name, schema) -> {
      JsonNode counterpart = now.get(name);
      if (counterpart == null) {
        found.add(where + "." + name + ": removed");
      } else {
        schema(schema, counterpart, where + "." + name);
      }
    });
    Set<String> demanded = new TreeSet<>(request ? nowRequired : oldRequired);
    demanded.removeAll(request ? oldRequired : nowRequired);
    demanded.stream().filter(name -> request || now.containsKey(name)).forEach(
        name -> found.add(where + "." + name + (request ? ": required" : ": not always there")));
  }

  private void within(String keyword, JsonNode was, JsonNode is, String where) {
    JsonNode old = was.path(keyword);
    JsonNode now = is.path(keyword);
    if (old.isObject() && now.isObject()) {
      schema(old, now, where);
    } else if (request ? now.isObject() && !now.isEmpty() : old.isObject() && !old.isEmpty()) {
      found.add(where + (request ? ": is limited" : ": may be anything"));
    }
  }

  private void extras(JsonNode was, JsonNode is, String where) {
    JsonNode old = was.path("additionalProperties");
    JsonNode now = is.path("additionalProperties");
    if (old.isObject() && now.isObject()) {
      schema(old, now, where + ".*");
    } else if (request && now.isBoolean() && !now.asBoolean() && !(old.isBoolean() && !old.asBoolean())) {
      found.add(where + ": other fields are refused");
    } else if (request && now.isObject() && !old.isBoolean()) {
      found.add(where + ".*: is limited");
    }
  }

  /** The fields of a schema and of all that it is made of. */
  private static Map<String, JsonNode> properties(JsonNode document, JsonNode schema) {
    Map<String, JsonNode> all = new LinkedHashMap<>();
    for (JsonNode part : schema.path("allOf")) {
      all.putAll(properties(document, Documents.resolved(document, part)));
    }
    schema.path("properties").properties().forEach(field -> all.put(field.getKey(), field.getValue()));
    return all;
  }

  private static Set<String> required(JsonNode document, JsonNode schema) {
    Set<String> all = texts(schema.path("required"));
    for (JsonNode part : schema.path("allOf")) {
      all.addAll(required(document, Documents.resolved(document, part)));
    }
    return all;
  }

  private static Set<String> texts(JsonNode oneOrMany) {
    Set<String> texts = new TreeSet<>();
    if (oneOrMany.isArray()) {
      oneOrMany.forEach(each -> texts.add(each.asString()));
    } else if (!(oneOrMany instanceof MissingNode)) {
      texts.add(oneOrMany.asString());
    }
    return texts;
  }
}
