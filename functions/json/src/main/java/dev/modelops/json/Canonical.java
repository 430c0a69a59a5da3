package dev.modelops.json;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import org.erdtman.jcs.NumberToJSON;
import tools.jackson.databind.JsonNode;

/**
 * The canonical form of JSON (RFC 8785): no white space, names sorted by their UTF-16 code units, strings escaped where
 * they must be, numbers as ECMAScript writes a double.
 *
 * <p>Written from the tree that there is anyway: {@code JsonCanonicalizer}, which tests compare this with, takes text
 * and reads it once more, with a parser of its own.
 */
final class Canonical {
  /** Whole numbers up to here are written by a double as they are: 2^53 − 1. */
  private static final long EXACT = (1L << 53) - 1;
  private static final String ESCAPED = "\b\t\n\f\r\"\\";
  private static final String ESCAPES = "btnfr\"\\";

  private final StringBuilder text = new StringBuilder(1024);

  private Canonical() {}

  /** In UTF-8. */
  static byte[] of(JsonNode tree) {
    Canonical canonical = new Canonical();
    canonical.write(tree);
    return canonical.text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void write(JsonNode node) {
    switch (node.getNodeType()) {
      case OBJECT -> object(node);
      case ARRAY -> array(node);
      case STRING -> string(node.stringValue());
      case NUMBER -> number(node);
      case BOOLEAN, NULL -> text.append(node);
      // What is a string only once it is written.
      case BINARY, MISSING, POJO -> write(Json.read(Json.text(node), JsonNode.class));
    }
  }

  private void object(JsonNode node) {
    TreeMap<String, JsonNode> sorted = new TreeMap<>();
    node.properties().forEach(each -> sorted.put(each.getKey(), each.getValue()));
    text.append('{');
    sorted.forEach((name, value) -> {
      separate('{');
      string(name);
      text.append(':');
      write(value);
    });
    text.append('}');
  }

  private void array(JsonNode node) {
    text.append('[');
    for (JsonNode value : node) {
      separate('[');
      write(value);
    }
    text.append(']');
  }

  private void separate(char open) {
    if (text.charAt(text.length() - 1) != open) {
      text.append(',');
    }
  }

  private void number(JsonNode node) {
    if (node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= -EXACT && node.longValue() <= EXACT) {
      text.append(node.longValue());
      return;
    }
    try {
      text.append(NumberToJSON.serializeNumber(node.doubleValue()));
    } catch (IOException notFinite) {
      throw new UncheckedIOException(notFinite);
    }
  }

  private void string(String value) {
    text.append('"');
    int plain = 0;
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c < ' ' || c == '"' || c == '\\') {
        text.append(value, plain, i).append('\\');
        int known = ESCAPED.indexOf(c);
        if (known >= 0) {
          text.append(ESCAPES.charAt(known));
        } else {
          text.append(c < 0x10 ? "u000" : "u00").append(Integer.toHexString(c));
        }
        plain = i + 1;
      }
    }
    text.append(value, plain, value.length()).append('"');
  }
}
