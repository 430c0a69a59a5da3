package dev.modelops.json;

import com.networknt.schema.Error;
import dev.modelops.domain.problem.Violation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Says what a validator found in words that a person can act on. */
final class Violations {
  private static final int MOST = 100;
  /** What callers send in place of the numbers that JSON does not have. */
  private static final Set<String> NO_NUMBERS =
      Set.of("NaN", "nan", "Infinity", "+Infinity", "-Infinity", "inf", "+inf", "-inf", "Inf", "+Inf", "-Inf");

  private Violations() {}

  static List<Violation> of(JsonNode document, Collection<Error> errors) {
    Set<Violation> violations = new LinkedHashSet<>();
    for (Error error : errors) {
      if (violations.size() < MOST) {
        violations.add(of(document, error));
      }
    }
    return List.copyOf(violations);
  }

  private static Violation of(JsonNode document, Error error) {
    String at = error.getInstanceLocation().toString();
    String property = error.getProperty();
    JsonNode rule = error.getSchemaNode();
    JsonNode found = error.getInstanceNode();
    String keyword = String.valueOf(error.getKeyword());
    return switch (keyword) {
      case "required", "dependentRequired" -> new Violation(child(at, property), "required",
          "`" + property + "` is required", null);
      case "additionalProperties", "unevaluatedProperties", "false" -> {
        String known = known(document, error);
        yield new Violation(child(at, property), "unknown-field", "`" + property + "` is not a field of this object",
            known.isEmpty() ? null : known);
      }
      case "type" -> words(rule).contains("number") && NO_NUMBERS.contains(text(found))
          ? new Violation(at, "not-finite", text(found) + " is no number in JSON: leave it out", "a finite number")
          : new Violation(at, "type", "must be of type " + words(rule) + ", not " + kind(found), words(rule));
      case "enum", "const" -> new Violation(at, "enum", "must be one of: " + words(rule), words(rule));
      case "pattern" -> new Violation(at, "pattern", "must match the pattern " + words(rule), words(rule));
      case "format" -> new Violation(at, "format", "must be " + format(words(rule)), format(words(rule)));
      case "minimum" -> range(at, "at least " + words(rule), found);
      case "maximum" -> range(at, "at most " + words(rule), found);
      case "exclusiveMinimum" -> range(at, "more than " + words(rule), found);
      case "exclusiveMaximum" -> range(at, "less than " + words(rule), found);
      case "multipleOf" -> range(at, "a multiple of " + words(rule), found);
      case "minLength" -> length(at, "at least " + words(rule) + " characters", found);
      case "maxLength" -> length(at, "at most " + words(rule) + " characters", found);
      case "minItems", "minProperties" -> count(at, "at least " + words(rule) + " entries", found);
      case "maxItems", "maxProperties" -> count(at, "at most " + words(rule) + " entries", found);
      case "uniqueItems" -> new Violation(at, "unique", "holds the same entry twice", null);
      case "propertyNames" -> new Violation(child(at, property), "name", "the name of a field is not allowed here",
          null);
      case "oneOf", "anyOf" -> new Violation(at, "shape", "fits none, or more than one, of the allowed shapes", null);
      default -> new Violation(at, keyword, "breaks the rule `" + keyword + "`", null);
    };
  }

  private static Violation range(String at, String allowed, @Nullable JsonNode found) {
    return new Violation(at, "range", "must be " + allowed + (found == null ? "" : ", not " + found), allowed);
  }

  private static Violation length(String at, String allowed, @Nullable JsonNode found) {
    String text = found == null ? "" : found.asString("");
    return new Violation(at, "length",
        "must have " + allowed + ", has " + text.codePointCount(0, text.length()), allowed);
  }

  private static Violation count(String at, String allowed, @Nullable JsonNode found) {
    return new Violation(at, "count", "must have " + allowed + ", has " + (found == null ? 0 : found.size()), allowed);
  }

  private static String text(@Nullable JsonNode found) {
    return found != null && found.isString() ? found.stringValue() : "";
  }

  private static String child(String at, @Nullable String property) {
    return property == null ? at : at + "/" + Pointers.escape(property);
  }

  private static String kind(@Nullable JsonNode found) {
    if (found == null) {
      return "absent";
    }
    return switch (found.getNodeType()) {
      case STRING -> "a string";
      case NUMBER -> found.isIntegralNumber() ? "an integer" : "a number";
      case BOOLEAN -> "a boolean";
      case OBJECT -> "an object";
      case ARRAY -> "an array";
      default -> "null";
    };
  }

  private static String format(String name) {
    return switch (name) {
      case "date-time" -> "an RFC 3339 date and time that the calendar knows, such as 2026-01-31T12:00:00.000Z";
      case "date" -> "a date, such as 2026-01-31";
      case "duration" -> "an ISO 8601 duration, such as PT15M";
      case "uri" -> "an absolute URI (RFC 3986)";
      case "uri-reference" -> "a URI or a relative reference (RFC 3986)";
      case "email" -> "an e-mail address";
      case "uuid" -> "a UUID";
      case "regex" -> "a regular expression";
      default -> "a valid " + name;
    };
  }

  private static String words(@Nullable JsonNode rule) {
    if (rule == null) {
      return "what the contract says";
    }
    if (rule.isArray()) {
      List<String> each = new ArrayList<>();
      rule.forEach(one -> each.add(words(one)));
      return String.join(", ", each);
    }
    return rule.isString() ? rule.stringValue() : rule.toString();
  }

  /** The fields that the object does have: beside the keyword that refused one. */
  private static String known(JsonNode document, Error error) {
    String keyword = error.getSchemaLocation().getFragment().toString();
    int slash = keyword.lastIndexOf('/');
    JsonNode properties = slash < 0 ? null : document.at(keyword.substring(0, slash)).get("properties");
    return properties == null ? ""
        : properties.propertyNames().stream().sorted().collect(Collectors.joining(", "));
  }
}
