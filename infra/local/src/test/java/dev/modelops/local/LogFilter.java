package dev.modelops.local;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * A CloudWatch filter pattern for lines of JSON, as far as infra/observability.yaml goes: comparisons of one field, joined
 * by {@code ||}.
 */
record LogFilter(List<Term> anyOf) {
  private static final Pattern TERM = Pattern.compile("\\$\\.(\\w+) (=|>=) (\"([^\"]*)\"|\\d+)");

  record Term(String field, String operator, String literal) {

    boolean matches(JsonNode line) {
      JsonNode value = line.path(field);
      if (literal.startsWith("\"")) {
        String text = literal.substring(1, literal.length() - 1);
        return value.isString() && value.asString().matches(("\\Q" + text + "\\E").replace("*", "\\E.*\\Q"));
      }
      return value.isNumber() && (operator.equals("=") ? value.asDouble() == Double.parseDouble(literal)
          : value.asDouble() >= Double.parseDouble(literal));
    }
  }

  static LogFilter parse(String pattern) {
    if (!pattern.startsWith("{ ") || !pattern.endsWith(" }")) {
      throw new IllegalArgumentException("not a pattern for JSON: " + pattern);
    }
    return new LogFilter(Arrays.stream(pattern.substring(2, pattern.length() - 2).split(" \\|\\| ", -1))
        .map(LogFilter::term).toList());
  }

  private static Term term(String text) {
    Matcher term =
        TERM.matcher(text.startsWith("(") && text.endsWith(")") ? text.substring(1, text.length() - 1) : text);
    if (!term.matches()) {
      throw new IllegalArgumentException("not a comparison that is understood here: " + text);
    }
    return new Term(term.group(1), term.group(2), term.group(3));
  }

  boolean matches(JsonNode line) {
    return anyOf.stream().anyMatch(term -> term.matches(line));
  }
}
