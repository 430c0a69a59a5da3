package dev.modelops.json;

import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.domain.problem.Violation;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.JsonNode;

/** What a parser lets pass and a request must not hold. */
final class StrictText {
  static final int DEEPEST = 64;
  static final int LONGEST_STRING = 65_536;
  static final int LONGEST_NAME = 1_024;
  static final int LONGEST_NUMBER = 100;
  private static final String LONG_NAME = "a name is longer than " + LONGEST_NAME + " characters";
  private static final String HALF = "a string holds half of a surrogate pair, which is no character";

  private StrictText() {}

  /** A decoder that refuses overlong forms, encoded surrogates and cut characters; a parser's own is more lenient. */
  static String decode(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException invalid) {
      throw Refused.of(Problem.MALFORMED_BODY, "the body is not valid UTF-8");
    }
  }

  static Refused malformed(JacksonException cause) {
    String where = cause.getLocation() == null ? ""
        : " (line " + cause.getLocation().getLineNr() + ", column " + cause.getLocation().getColumnNr() + ")";
    String message = String.valueOf(cause.getOriginalMessage());
    if (cause instanceof StreamConstraintsException && message.contains("depth")) {
      return tooDeep("");
    }
    if (cause instanceof StreamConstraintsException) {
      String what = message.startsWith("Name") ? LONG_NAME
          : "a number is longer than " + LONGEST_NUMBER + " characters";
      return Refused.of(Problem.MALFORMED_BODY, what + where);
    }
    if (message.startsWith("Duplicate")) {
      return Refused.of(Problem.MALFORMED_BODY, "a name occurs twice in one object" + where);
    }
    if (message.startsWith("Trailing token")) {
      return Refused.of(Problem.MALFORMED_BODY, "something follows the JSON value" + where);
    }
    if (message.contains("NaN") || message.contains("INF") || message.contains("Infinity")) {
      return Refused.of(Problem.MALFORMED_BODY, "NaN and infinities are no JSON numbers" + where);
    }
    if (message.contains("surrogate")) {
      return Refused.of(Problem.MALFORMED_BODY, HALF + where);
    }
    return Refused.of(Problem.MALFORMED_BODY, "not well-formed JSON" + where);
  }

  static void check(JsonNode tree) {
    check(tree, new ArrayList<>());
  }

  /** @param path the steps to the node; made a pointer only when there is something to say */
  private static void check(JsonNode node, List<Object> path) {
    switch (node.getNodeType()) {
      case STRING -> text(node.stringValue(), path);
      case NUMBER -> number(node, path);
      case OBJECT -> {
        deep(path);
        for (Map.Entry<String, JsonNode> property : node.properties()) {
          name(property.getKey(), path);
          path.addLast(property.getKey());
          check(property.getValue(), path);
          path.removeLast();
        }
      }
      case ARRAY -> {
        deep(path);
        for (int i = 0; i < node.size(); i++) {
          path.addLast(i);
          check(node.get(i), path);
          path.removeLast();
        }
      }
      default -> {
      }
    }
  }

  private static void deep(List<Object> path) {
    if (path.size() >= DEEPEST) {
      throw tooDeep(pointer(path));
    }
  }

  private static void name(String name, List<Object> path) {
    if (longer(name, LONGEST_NAME)) {
      throw refused(path, "length", LONG_NAME);
    }
    text(name, path);
  }

  /** In characters: one beyond the basic plane is one, though it takes two places of a string. */
  private static boolean longer(String text, int limit) {
    return text.length() > limit && text.codePointCount(0, text.length()) > limit;
  }

  private static void text(String text, List<Object> path) {
    if (longer(text, LONGEST_STRING)) {
      throw refused(path, "length", "a string is longer than " + LONGEST_STRING + " characters");
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean paired = Character.isHighSurrogate(c) && i + 1 < text.length()
            && Character.isLowSurrogate(text.charAt(i + 1));
        if (!paired) {
          throw refused(path, "encoding", HALF);
        }
        i++;
      }
    }
  }

  /** Every double passes in full, as ECMAScript writes it: 10^20 as 100000000000000000000. */
  private static void number(JsonNode node, List<Object> path) {
    double nearest = node.doubleValue();
    if (!Double.isFinite(nearest)
        || node.isIntegralNumber() && new BigDecimal(nearest).compareTo(node.decimalValue()) != 0) {
      throw refused(path, "range", "a double does not hold this number exactly");
    }
  }

  private static String pointer(List<Object> path) {
    return path.stream().map(step -> "/" + Pointers.escape(step.toString())).collect(Collectors.joining());
  }

  private static Refused tooDeep(String pointer) {
    return Refused.unprocessable(pointer, "depth", "nested deeper than " + DEEPEST + " levels", DEEPEST + " levels");
  }

  private static Refused refused(List<Object> path, String code, String message) {
    return Refused.invalid(Problem.MALFORMED_BODY, List.of(new Violation(pointer(path), code, message, null)));
  }
}
