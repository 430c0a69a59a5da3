package dev.modelops.whole;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** What attackers send. */
final class Hostile {

  private Hostile() {}

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
