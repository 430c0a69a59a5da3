package dev.modelops.json;

import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.domain.problem.Violation;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.JsonNode;

/** What a parser lets pass and a request must not hold. */
final class StrictText {
  static final int DEEPEST = 64;
  static final int LONGEST_STRING = 65_536;
  static final int LONGEST_NAME = 1_024;
  static final int LONGEST_NUMBER = 100;
  private static final String HALF = "a string holds half of a surrogate pair, which is no character";
  private static final BigInteger LARGEST = BigInteger.TWO.pow(53).subtract(BigInteger.ONE);

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
      return deep("");
    }
    if (cause instanceof StreamConstraintsException) {
      String what = message.startsWith("Name") ? "a name is longer than " + LONGEST_NAME + " characters"
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
    check(tree, "", 1);
  }

  private static void check(JsonNode node, String pointer, int depth) {
    if (node.isString()) {
      text(node.stringValue(), pointer);
    } else if (node.isNumber()) {
      number(node, pointer);
    } else if (node.isContainer()) {
      if (depth > DEEPEST) {
        throw deep(pointer);
      }
      for (Map.Entry<String, JsonNode> property : node.properties()) {
        text(property.getKey(), pointer);
        check(property.getValue(), pointer + "/" + Pointers.escape(property.getKey()), depth + 1);
      }
      for (int i = 0; node.isArray() && i < node.size(); i++) {
        check(node.get(i), pointer + "/" + i, depth + 1);
      }
    }
  }

  private static void text(String text, String pointer) {
    if (text.length() > LONGEST_STRING) {
      throw refused(pointer, "length", "a string is longer than " + LONGEST_STRING + " characters");
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        boolean paired = Character.isHighSurrogate(c) && i + 1 < text.length()
            && Character.isLowSurrogate(text.charAt(i + 1));
        if (!paired) {
          throw refused(pointer, "encoding", HALF);
        }
        i++;
      }
    }
  }

  private static void number(JsonNode node, String pointer) {
    if (node.isIntegralNumber() ? node.bigIntegerValue().abs().compareTo(LARGEST) > 0
        : !Double.isFinite(node.doubleValue())) {
      throw refused(pointer, "range", "the number is beyond what a double holds exactly: send it as a string");
    }
  }

  private static Refused deep(String pointer) {
    return Refused.unprocessable(pointer, "depth", "nested deeper than " + DEEPEST + " levels", DEEPEST + " levels");
  }

  private static Refused refused(String pointer, String code, String message) {
    return Refused.invalid(Problem.MALFORMED_BODY, List.of(new Violation(pointer, code, message, null)));
  }
}
