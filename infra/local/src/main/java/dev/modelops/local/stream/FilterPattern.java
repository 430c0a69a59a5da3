package dev.modelops.local.stream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A filter pattern of an event source mapping: every field that it names must have one of the values that it lists.
 *
 * <p>Understands values, null, {@code prefix}, {@code suffix}, {@code equals-ignore-case}, {@code anything-but},
 * {@code numeric}, {@code exists} and {@code $or}: "Filter rule syntax" in the Lambda developer guide.
 */
final class FilterPattern implements Predicate<JsonNode> {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Predicate<JsonNode> rule;

  private FilterPattern(Predicate<JsonNode> rule) {
    this.rule = rule;
  }

  /**
   * @throws IllegalArgumentException when the pattern uses what is not understood here
   */
  static FilterPattern of(String json) {
    return new FilterPattern(fields(JSON.readTree(json)));
  }

  /** Passes what any of the patterns passes, and everything when there is none. */
  static Predicate<JsonNode> any(List<String> patterns) {
    List<FilterPattern> all = patterns.stream().map(FilterPattern::of).toList();
    return event -> all.isEmpty() || all.stream().anyMatch(pattern -> pattern.test(event));
  }

  @Override
  public boolean test(JsonNode event) {
    return rule.test(event);
  }

  private static Predicate<JsonNode> fields(JsonNode pattern) {
    List<Predicate<JsonNode>> all = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : pattern.properties()) {
      String name = field.getKey();
      JsonNode wanted = field.getValue();
      if (name.equals("$or")) {
        List<Predicate<JsonNode>> branches = wanted.valueStream().map(FilterPattern::fields).toList();
        all.add(event -> branches.stream().anyMatch(branch -> branch.test(event)));
      } else if (wanted.isObject()) {
        Predicate<JsonNode> inner = fields(wanted);
        all.add(event -> inner.test(event.path(name)));
      } else if (wanted.isArray()) {
        List<Predicate<JsonNode>> values = wanted.valueStream().map(FilterPattern::value).toList();
        all.add(event -> values.stream().anyMatch(value -> anyElement(event.path(name), value)));
      } else {
        throw new IllegalArgumentException("The filter pattern has " + name + " with neither a list nor an object");
      }
    }
    return event -> all.stream().allMatch(each -> each.test(event));
  }

  /** A list in the event matches when one of its elements does. */
  private static boolean anyElement(JsonNode actual, Predicate<JsonNode> value) {
    return actual.isArray() && !actual.isEmpty() ? actual.valueStream().anyMatch(value) : value.test(actual);
  }

  private static Predicate<JsonNode> value(JsonNode wanted) {
    if (!wanted.isObject()) {
      return actual -> same(wanted, actual);
    }
    Map.Entry<String, JsonNode> operation = wanted.properties().iterator().next();
    JsonNode operand = operation.getValue();
    return switch (operation.getKey()) {
      case "exists" -> actual -> operand.asBoolean() != actual.isMissingNode();
      case "prefix" -> actual -> actual.isString() && actual.asString().startsWith(operand.asString());
      case "suffix" -> actual -> actual.isString() && actual.asString().endsWith(operand.asString());
      case "equals-ignore-case" ->
        actual -> actual.isString() && actual.asString().equalsIgnoreCase(operand.asString());
      case "anything-but" -> anythingBut(operand);
      case "numeric" -> numeric(operand);
      default -> throw new IllegalArgumentException("The filter pattern uses the unknown " + operation.getKey());
    };
  }

  private static boolean same(JsonNode wanted, JsonNode actual) {
    return wanted.isNumber() && actual.isNumber()
        ? wanted.decimalValue().compareTo(actual.decimalValue()) == 0
        : wanted.equals(actual);
  }

  private static Predicate<JsonNode> anythingBut(JsonNode operand) {
    if (operand.isObject()) {
      Predicate<JsonNode> unwanted = value(operand);
      return actual -> !actual.isMissingNode() && !unwanted.test(actual);
    }
    List<JsonNode> unwanted = operand.isArray() ? operand.valueStream().toList() : List.of(operand);
    return actual -> !actual.isMissingNode() && unwanted.stream().noneMatch(each -> same(each, actual));
  }

  private static Predicate<JsonNode> numeric(JsonNode bounds) {
    Predicate<JsonNode> all = JsonNode::isNumber;
    for (int i = 0; i + 1 < bounds.size(); i += 2) {
      double bound = bounds.get(i + 1).asDouble();
      all = all.and(switch (bounds.get(i).asString()) {
        case "=" -> actual -> actual.asDouble() == bound;
        case "<" -> actual -> actual.asDouble() < bound;
        case "<=" -> actual -> actual.asDouble() <= bound;
        case ">" -> actual -> actual.asDouble() > bound;
        case ">=" -> actual -> actual.asDouble() >= bound;
        default -> throw new IllegalArgumentException("The filter pattern compares by " + bounds.get(i));
      });
    }
    return all;
  }
}
