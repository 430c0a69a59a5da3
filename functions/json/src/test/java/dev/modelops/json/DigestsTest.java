package dev.modelops.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class DigestsTest {
  /** The sample of RFC 8785, section 3.2.2, and its canonical form of section 3.2.3. */
  @Test
  void theSampleOfTheRfcIsCanonicalized() {
    String sample = """
        {
          "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
          "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
          "literals": [null, true, false]
        }""";
    assertThat(canonical(sample)).isEqualTo("{\"literals\":[null,true,false],\"numbers\":"
        + "[333333333.3333333,1e+30,4.5,0.002,1e-27],\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
  }

  /** RFC 8785, section 3.2.3: names are sorted as UTF-16 code units. */
  @Test
  void namesAreSortedAsTheRfcSays() {
    String sample = """
        {"\\u20ac":"Euro Sign","\\r":"Carriage Return","\\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",\
        "\\ud83d\\ude00":"Emoji: Grinning Face","\\u0080":"Control","\\u00f6":"Latin Small Letter O With Diaeresis"}""";
    assertThat(Json.read(canonical(sample), LinkedHashMap.class).values().toString())
        .isEqualTo("[Carriage Return, One, Control, Latin Small Letter O With Diaeresis, Euro Sign, "
            + "Emoji: Grinning Face, Hebrew Letter Dalet With Dagesh]");
  }

  /** RFC 8785, appendix B: IEEE 754 bits and their text. */
  @ParameterizedTest
  @CsvSource({
      "0000000000000000,0", "8000000000000000,0", "0000000000000001,5e-324", "8000000000000001,-5e-324",
      "7fefffffffffffff,1.7976931348623157e+308", "ffefffffffffffff,-1.7976931348623157e+308",
      "4340000000000000,9007199254740992", "c340000000000000,-9007199254740992",
      "4430000000000000,295147905179352830000", "44b52d02c7e14af5,9.999999999999997e+22",
      "44b52d02c7e14af6,1e+23", "44b52d02c7e14af7,1.0000000000000001e+23", "444b1ae4d6e2ef4e,999999999999999700000",
      "444b1ae4d6e2ef4f,999999999999999900000", "444b1ae4d6e2ef50,1e+21", "3eb0c6f7a0b5ed8c,9.999999999999997e-7",
      "3eb0c6f7a0b5ed8d,0.000001", "41b3de4355555553,333333333.3333332", "41b3de4355555554,333333333.33333325",
      "41b3de4355555555,333333333.3333333", "41b3de4355555556,333333333.3333334",
      "41b3de4355555557,333333333.33333343", "becbf647612f3696,-0.0000033333333333333333",
      "43143ff3c1cb0959,1424953923781206.2"
  })
  void numbersAreWrittenAsTheRfcSays(String bits, String text) {
    double number = Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16));
    assertThat(canonical(Json.text(number))).isEqualTo(text);
  }

  /** The vectors that the contract prints; computed with {@code printf … | sha256sum}. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
      "{}|44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
      "{\"b\":[1.0,2e1],\"a\":\"\\u00e9\"}|0ff68facded6b8a8fbb89a67557d3580c214a85dc9dfd836a373015b73456eb6",
      "[9007199254740991,-0,1e-7]|7a44d10ae5352ea460dff630280509e4235bc4757ba8e48d1970f33895cd93e8"
  })
  void digestsAreSha256OfTheCanonicalForm(String json, String digest) {
    assertThat(Digests.sha256(canonical(json).getBytes(UTF_8))).isEqualTo(digest);
  }

  @Property
  void theOrderOfNamesDoesNotMatter(@ForAll Map<String, Integer> map) {
    Map<String, Integer> reversed = new LinkedHashMap<>();
    List.copyOf(map.keySet()).reversed().forEach(key -> reversed.put(key, map.get(key)));
    assertThat(Digests.of(reversed)).isEqualTo(Digests.of(map));
  }

  @Property
  void doublesKeepTheirValue(@ForAll double number) {
    if (Double.isFinite(number)) {
      String canonical = canonical(Json.text(number));
      assertThat(Double.parseDouble(canonical)).isEqualTo(number == 0 ? 0.0 : number);
    }
  }

  /** Every kind of value, character and number, against an implementation by the author of the RFC. */
  @Property
  void anyTreeIsWrittenAsByTheReference(@ForAll long seed) throws IOException {
    String json = "[" + tree(new Random(seed), 4) + "]";
    assertThat(canonical(json)).isEqualTo(new JsonCanonicalizer(json).getEncodedString());
  }

  private static JsonNode tree(Random random, int deepest) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    return switch (random.nextInt(deepest == 0 ? 7 : 9)) {
      case 0 -> nodes.stringNode(text(random));
      case 1 -> nodes.numberNode(random.nextLong() >> random.nextInt(64));
      case 2 -> nodes.numberNode(new BigInteger(random.nextInt(200), random).negate());
      case 3 -> nodes.numberNode(new BigDecimal(new BigInteger(100, random), random.nextInt(-20, 40)));
      case 4 -> nodes.numberNode(finite(random));
      case 5 -> nodes.booleanNode(random.nextBoolean());
      case 6 -> nodes.nullNode();
      case 7 -> {
        ArrayNode array = nodes.arrayNode();
        random.ints(random.nextInt(4)).forEach(each -> array.add(tree(random, deepest - 1)));
        yield array;
      }
      default -> {
        ObjectNode object = nodes.objectNode();
        random.ints(random.nextInt(5)).forEach(each -> object.set(text(random), tree(random, deepest - 1)));
        yield object;
      }
    };
  }

  private static String text(Random random) {
    int highest = List.of(0x20, 0x80, 0xd800, 0x110000).get(random.nextInt(4));
    return random.ints(random.nextInt(5), 0, highest).filter(c -> c < 0xd800 || c > 0xdfff)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
  }

  private static double finite(Random random) {
    double number = Double.longBitsToDouble(random.nextLong());
    return Double.isFinite(number) ? number : random.nextDouble();
  }

  private static String canonical(String json) {
    return new String(Canonical.of(Json.read(json, JsonNode.class)), UTF_8);
  }
}
