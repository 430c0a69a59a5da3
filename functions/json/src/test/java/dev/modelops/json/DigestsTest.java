package dev.modelops.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    assertThat(new String(Digests.canonical(sample), UTF_8)).isEqualTo("{\"literals\":[null,true,false],\"numbers\":"
        + "[333333333.3333333,1e+30,4.5,0.002,1e-27],\"string\":\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
  }

  /** RFC 8785, section 3.2.3: names are sorted as UTF-16 code units. */
  @Test
  void namesAreSortedAsTheRfcSays() {
    String sample = """
        {"\\u20ac":"Euro Sign","\\r":"Carriage Return","\\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",\
        "\\ud83d\\ude00":"Emoji: Grinning Face","\\u0080":"Control","\\u00f6":"Latin Small Letter O With Diaeresis"}""";
    assertThat(Json.read(Digests.canonical(sample), Map.class).values().toString())
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
    assertThat(new String(Digests.canonical(Json.text(number)), UTF_8)).isEqualTo(text);
  }

  /** The vectors that the contract prints; computed with {@code printf … | sha256sum}. */
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
      "{}|44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",
      "{\"b\":[1.0,2e1],\"a\":\"\\u00e9\"}|0ff68facded6b8a8fbb89a67557d3580c214a85dc9dfd836a373015b73456eb6",
      "[9007199254740991,-0,1e-7]|7a44d10ae5352ea460dff630280509e4235bc4757ba8e48d1970f33895cd93e8"
  })
  void digestsAreSha256OfTheCanonicalForm(String json, String digest) {
    assertThat(Digests.sha256(Digests.canonical(json))).isEqualTo(digest);
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
      String canonical = new String(Digests.canonical(Json.text(number)), UTF_8);
      assertThat(Double.parseDouble(canonical)).isEqualTo(number == 0 ? 0.0 : number);
    }
  }
}
