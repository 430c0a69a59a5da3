package dev.modelops.whole;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/** What attackers send. */
final class Hostile {

  /** Ways out of a name, as a client writes them: encoded once, twice, overlong, in other alphabets. */
  static final List<String> WAYS_OUT = List.of("..", "%2e%2e", "..%2f..%2fetc%2fpasswd", "%2fetc%2fpasswd",
      "..%5c..%5cwindows", "%252e%252e%252f", "%25252e%25252e%25252f", "%c0%ae%c0%ae%c0%af", "%e0%80%ae%e0%80%af",
      "%f0%80%80%ae", "%ef%bc%8e%ef%bc%8e%ef%bc%8f", "....%2f%2f", "..;%2f", "a%00", "a%0d%0aSet-Cookie:b", "a%20",
      "%20", "a%3a3", "*", "%7b%7d", "%f0%9f%92%a9", "%e2%80%ae", "%ed%a0%80", "card-fr%d0%b0ud", "a".repeat(10_000));

  /** What stands for one thing and could be taken for another, where ids, numbers and references are expected. */
  static final List<String> LOOKALIKES = List.of("03", "3.0", "%2b3", "-3", "0", "3e0", "0x3", "3%20", "%d9%a3",
      "%ef%bc%93", "2147483648", "4294967299", "99999999999999999999", "null", "true", "NaN", "card-fraud", "*",
      "dep_01jq0z8k3v4w5x6y7z8a9b0c1d", "DEP_01JQ0Z8K3V4W5X6Y7Z8A9B0C1D", "dep_01jq0z8k3v4w5x6y7z8a9b0c1",
      "dep_01iloz8k3v4w5x6y7z8a9b0c1d", "tok_01kay9t3p8q2m5v7x9z1b3d5f7", "usr_7k2mq9x4v1c8n3b6z5w0d2f4h6",
      "svc_7k2mq9x4v1c8n3b6z5w0d2f4h6", "version:card-fraud:03", "version:card-fraud:0000000003",
      "version:card-fraud:3:4", "version:card-fraud",
      "model:card-fraud:3", "MODEL:card-fraud", "slot:card-fraud:production", "slot:production",
      "approval:dep_01jq0z8k3v4w5x6y7z8a9b0c1d", "department:**", "model:*");

  private Hostile() {}

  /** What a text may be that is nobody's name, and what one that is shown could do harm with. */
  static final List<String> SPECIAL = List.of("../../etc/passwd", "a\u0000b", "a\r\nSet-Cookie: b", "\u202e",
      "${jndi:x}", "<script>", "' OR '1'='1");

  /** Both, as they are in a body: decoded. */
  static List<String> texts() {
    return Stream.of(WAYS_OUT, LOOKALIKES, SPECIAL).flatMap(List::stream)
        .map(text -> text.contains("${") ? text : URLDecoder.decode(text.replace("+", "%2b"), StandardCharsets.UTF_8))
        .distinct().toList();
  }

  /** A whole number as few spell it, and what a careless reader takes for it; and whether it is that number after all. */
  static Map<String, Boolean> spellings(BigInteger number) {
    Map<String, Boolean> spellings = new LinkedHashMap<>();
    List.of(number + ".0", number + "e0").forEach(same -> spellings.put(same, true));
    List.of("\"" + number + "\"", "-0", "-" + number, number + ".5", number.add(BigInteger.TWO.pow(32)).toString(),
        number.add(BigInteger.TWO.pow(64)).toString(), number + "e400", "[" + number + "]", "true", "null")
        .forEach(other -> spellings.put(other, false));
    return spellings;
  }

  /** A body with another value in one place. */
  static JsonNode with(JsonNode body, String pointer, JsonNode value) {
    JsonNode copy = body.deepCopy();
    int last = pointer.lastIndexOf('/');
    String name = pointer.substring(last + 1);
    if (copy.at(pointer.substring(0, last)) instanceof ObjectNode object) {
      object.set(name.replace("~1", "/").replace("~0", "~"), value);
    } else {
      ((ArrayNode) copy.at(pointer.substring(0, last))).set(Integer.parseInt(name), value);
    }
    return copy;
  }

  /** The same with a value that is spelt just so. */
  static byte[] raw(JsonNode body, String pointer, String value) {
    String mark = "here it goes";
    return with(body, pointer, StringNode.valueOf(mark)).toString().replace("\"" + mark + "\"", value)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Bodies that nobody may send, by what is wrong with them, made of one that is right. */
  static Map<String, byte[]> bodies(byte @Nullable [] example) {
    String text = new String(Objects.requireNonNull(example), StandardCharsets.UTF_8);
    String name = text.substring(1, text.indexOf(':'));
    Map<String, String> bodies = new LinkedHashMap<>();
    bodies.put("6 MB", "{\"x\":\"" + "a".repeat(6_000_000) + "\"}");
    bodies.put("10,000 arrays", "[".repeat(10_000) + "]".repeat(10_000));
    bodies.put("10,000 objects", "{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000));
    bodies.put("10,000 arrays that never end", "[".repeat(10_000));
    bodies.put("a name given twice", "{" + name + ":null," + text.substring(1));
    bodies.put("a name given twice, spelt otherwise",
        "{\"\\u" + "%04x".formatted((int) name.charAt(1)) + name.substring(2)
            + ":null," + text.substring(1));
    bodies.put("a lone surrogate", "{\"x\":\"\\ud800\"}");
    bodies.put("a lone surrogate as a name", "{\"\\udc00\":1}");
    bodies.put("an unknown field", "{\"__proto__\":{\"role\":\"admin\"}," + text.substring(1));
    bodies.put("a number beyond a double", "{\"x\":1e999}");
    bodies.put("no number", "{\"x\":NaN}");
    bodies.put("two values", text + text);
    bodies.put("a comment", text + "//");
    bodies.put("nothing but a null", "null");
    bodies.put("nothing but a list", "[]");
    bodies.put("a byte order mark", "\ufeff" + text);
    Map<String, byte[]> raw = bodies.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey,
        body -> body.getValue().getBytes(StandardCharsets.UTF_8), (a, b) -> a, LinkedHashMap::new));
    raw.put("UTF-16", text.getBytes(StandardCharsets.UTF_16));
    raw.put("a broken sequence", bytes("{\"x\":\"", 0xc3, 0x28, "\"}"));
    raw.put("an overlong slash", bytes("{\"x\":\"", 0xc0, 0xaf, "\"}"));
    raw.put("a surrogate in UTF-8", bytes("{\"x\":\"", 0xed, 0xa0, 0x80, "\"}"));
    raw.put("beyond Unicode", bytes("{\"x\":\"", 0xf4, 0x90, 0x80, 0x80, "\"}"));
    return raw;
  }

  private static byte[] bytes(Object... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Object part : parts) {
      if (part instanceof Integer octet) {
        out.write(octet);
      } else {
        out.writeBytes(String.valueOf(part).getBytes(StandardCharsets.UTF_8));
      }
    }
    return out.toByteArray();
  }

  /** 20 MB of zeros, as some 20 KB of gzip. */
  static byte[] bomb() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 20; i++) {
        gzip.write(zeros);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** The text with each of its bits flipped in turn, as far as it remains printable ASCII. */
  static Stream<String> flipped(String text) {
    return IntStream.range(0, text.length() * 7).mapToObj(bit -> {
      char[] chars = text.toCharArray();
      chars[bit / 7] ^= (char) (1 << bit % 7);
      return chars[bit / 7] < ' ' || chars[bit / 7] == 0x7f ? "" : new String(chars);
    }).filter(flip -> !flip.isEmpty());
  }
}
