package dev.modelops.edge;

import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.domain.problem.Violation;
import dev.modelops.edge.Operation.Body;
import dev.modelops.edge.Operation.In;
import dev.modelops.edge.Operation.Parameter;
import dev.modelops.json.Json;
import dev.modelops.json.Schemas;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Checks a request against its operation of the contract, before the action sees it. */
final class Checks {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int LONGEST_REASON = 256;
  private static final int MOST_VIOLATIONS = 100;

  private final Schemas schemas;

  Checks(Schemas schemas) {
    this.schemas = schemas;
  }

  /** What passed: parameters by name, and the body's tree. */
  record Passed(Map<String, List<String>> query, byte[] body, @Nullable JsonNode tree, @Nullable String mediaType) {}

  /** @throws Refused with all violations at once */
  Passed check(Operation operation, HttpEvent event, Map<String, String> path) {
    String mediaType = accept(operation, event);
    byte[] body = event.bytes();
    bodyForm(operation, event, body);
    Map<String, List<String>> query = QueryString.parse(event.query());
    JsonNode tree = operation.consumes() == null || body.length == 0 ? null : Json.tree(body);

    List<Violation> violations = new ArrayList<>();
    parameters(operation, event, path, query, violations);
    unknown(operation, query, violations);
    if (tree != null && operation.consumes() != null) {
      violations.addAll(schemas.check(operation.consumes().schema(), tree));
    }
    if (!violations.isEmpty()) {
      boolean tooMany = violations.stream().allMatch(each -> each.code().equals("count"));
      throw Refused.invalid(tooMany ? Problem.UNPROCESSABLE : Problem.INVALID_REQUEST, violations);
    }
    return new Passed(query, body, tree, mediaType);
  }

  private static @Nullable String accept(Operation operation, HttpEvent event) {
    List<String> offered = operation.produces();
    if (offered.isEmpty()) {
      return null;
    }
    return MediaTypes.choose(event.header("Accept").orElse("*/*"), offered)
        .orElseThrow(() -> Refused.of(Problem.NOT_ACCEPTABLE, "can give " + String.join(", ", offered)));
  }

  private static void bodyForm(Operation operation, HttpEvent event, byte[] body) {
    Body declared = operation.consumes();
    if (body.length == 0) {
      if (declared != null && declared.required()) {
        throw Refused.of(Problem.MALFORMED_BODY, "a body is required");
      }
      return;
    }
    if (body.length > operation.maxBody()) {
      throw Refused.of(Problem.BODY_TOO_LARGE,
          "the body has " + body.length + " bytes and may have " + operation.maxBody());
    }
    if (declared == null) {
      throw Refused.of(Problem.INVALID_REQUEST, "this operation takes no body");
    }
    String encoding = event.header("Content-Encoding").orElse("identity").strip();
    if (!encoding.equalsIgnoreCase("identity")) {
      throw Refused.of(Problem.UNSUPPORTED_MEDIA_TYPE, "send the body without Content-Encoding");
    }
    String type = event.header("Content-Type").orElse("");
    if (!declared.mediaTypes().contains(MediaTypes.bare(type)) || !MediaTypes.utf8(type)) {
      throw Refused.of(Problem.UNSUPPORTED_MEDIA_TYPE,
          "send Content-Type: " + String.join(" or ", new TreeSet<>(declared.mediaTypes())) + ", in UTF-8");
    }
  }

  private void parameters(Operation operation, HttpEvent event, Map<String, String> path,
      Map<String, List<String>> query, List<Violation> violations) {
    for (Parameter parameter : operation.parameters()) {
      switch (parameter.in()) {
        case PATH -> value(parameter, List.of(path.getOrDefault(parameter.name(), "")), violations);
        case QUERY -> value(parameter, query.getOrDefault(parameter.name(), List.of()), violations);
        case HEADER -> {
          // An own request id that is not taken is replaced, never refused.
          if (!parameter.name().equalsIgnoreCase(Headers.REQUEST_ID)) {
            value(parameter, event.header(parameter.name()).map(List::of).orElse(List.of()), violations);
          }
        }
      }
    }
    String reason = event.header(Headers.REASON).orElse("");
    if (reason.getBytes(StandardCharsets.UTF_8).length > LONGEST_REASON) {
      violations.add(new Violation("header:" + Headers.REASON, "length", "must have at most 256 bytes in UTF-8",
          "at most 256 bytes"));
    }
  }

  private void value(Parameter parameter, List<String> values, List<Violation> violations) {
    String at = parameter.in().name().toLowerCase(Locale.ROOT) + ":" + parameter.name();
    if (values.isEmpty()) {
      // A missing If-Match is a problem of its own, and whether it is missing is known only when the entity is read.
      if (parameter.required() && !parameter.name().equalsIgnoreCase(Headers.IF_MATCH)) {
        violations.add(new Violation(at, "required", "`" + parameter.name() + "` is required", null));
      }
      return;
    }
    if (values.size() > 1 && (!parameter.many() || parameter.commas())) {
      violations.add(new Violation(at, "repeated", "`" + parameter.name() + "` may be given once", "one value"));
      return;
    }
    for (Violation each : schemas.check(parameter.schema(), node(parameter, values))) {
      violations.add(new Violation(at + each.pointer(), each.code(), each.message(), each.allowed()));
    }
  }

  private static JsonNode node(Parameter parameter, List<String> values) {
    if (!parameter.many()) {
      return node(parameter.type(), values.getFirst());
    }
    ArrayNode array = NODES.arrayNode();
    split(parameter, values).forEach(value -> array.add(node(parameter.type(), value)));
    return array;
  }

  static List<String> split(Parameter parameter, List<String> values) {
    return parameter.commas() && !values.isEmpty() ? List.of(values.getFirst().split(",", -1)) : values;
  }

  /** The value as the type that the schema asks for; when it is none, as a string, which the schema then refuses. */
  private static JsonNode node(Operation.Type type, String text) {
    return switch (type) {
      case INTEGER -> text.matches("-?(0|[1-9][0-9]{0,15})") ? NODES.numberNode(Long.parseLong(text))
          : NODES.stringNode(text);
      case NUMBER -> text.matches("-?[0-9]{1,16}(\\.[0-9]{1,16})?") ? NODES.numberNode(Double.parseDouble(text))
          : NODES.stringNode(text);
      case BOOLEAN -> text.equals("true") || text.equals("false") ? NODES.booleanNode(text.equals("true"))
          : NODES.stringNode(text);
      case STRING -> NODES.stringNode(text);
    };
  }

  private static void unknown(Operation operation, Map<String, List<String>> query, List<Violation> violations) {
    for (String name : query.keySet()) {
      if (violations.size() < MOST_VIOLATIONS && operation.parameter(In.QUERY, name).isEmpty()) {
        List<String> known = operation.parameters().stream()
            .filter(parameter -> parameter.in() == In.QUERY)
            .map(Parameter::name)
            .sorted()
            .toList();
        violations.add(new Violation("query:" + name, "unknown-parameter",
            "`" + name + "` is not a parameter of this operation", known.isEmpty() ? null : String.join(", ", known)));
      }
    }
  }
}
