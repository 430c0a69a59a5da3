package dev.modelops.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class StrictTextTest {
  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
      "{\"a\":1,\"a\":2}|a name occurs twice in one object",
      "{\"a\":1,\"\\u0061\":2}|a name occurs twice in one object",
      "{} {}|something follows the JSON value",
      "{\"a\":NaN}|NaN and infinities are no JSON numbers",
      "[-Infinity]|NaN and infinities are no JSON numbers",
      "{\"a\":1e999}|a double does not hold this number exactly",
      "[9007199254740993]|a double does not hold this number exactly",
      "[100000000000000000001]|a double does not hold this number exactly",
      "[\"\\ud800\"]|a string holds half of a surrogate pair, which is no character",
      "{\"\\udc00x\":1}|a string holds half of a surrogate pair, which is no character",
      "{'a':1}|not well-formed JSON",
      "[01]|not well-formed JSON",
      "[1,]|not well-formed JSON",
      "// x|not well-formed JSON",
      "{|not well-formed JSON",
  })
  void whatReadersUnderstandDifferentlyIsRefused(String body, String detail) {
    assertThatThrownBy(() -> Json.tree(body.getBytes(UTF_8))).isInstanceOfSatisfying(Refused.class, refused -> {
      assertThat(refused.problem()).isEqualTo(Problem.MALFORMED_BODY);
      assertThat(refused.detail()).startsWith(detail);
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"9007199254740992", "-9223372036854775808", "18446744073709551616", "100000000000000000000"})
  void wholeNumbersAreReadAsLongAsADoubleHoldsThem(String number) {
    JsonNode read = Json.tree(("[" + number + "]").getBytes(UTF_8));
    assertThat(Digests.of(read)).isEqualTo(Digests.of(Json.tree(("[" + number + ".0]").getBytes(UTF_8))));
    assertThat(Json.text(read)).contains(number);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"\u00c0\u00af\"", "\"\u00ed\u00a0\u0080\"", "\"\u00ff\"", "\"\u00c3", "\u00fe\u00ff\0{\0}"})
  void whatIsNotUtf8IsRefused(String bytes) {
    assertThatThrownBy(() -> Json.tree(bytes.getBytes(ISO_8859_1))).hasMessage("the body is not valid UTF-8");
  }

  @Test
  void anEmptyBodyIsNoJson() {
    assertThatThrownBy(() -> Json.tree(new byte[0])).hasMessageContaining("empty");
    assertThatThrownBy(() -> Json.tree(" \n".getBytes(UTF_8))).hasMessageContaining("empty");
  }

  @Test
  void depthIsBounded() {
    assertThat(Json.tree(("[".repeat(64) + "]".repeat(64)).getBytes(UTF_8)).isArray()).isTrue();
    for (int depth : new int[] {65, 200, 10_000, 1_000_000}) {
      String body = "[".repeat(depth) + "]".repeat(depth);
      assertThatThrownBy(() -> Json.tree(body.getBytes(UTF_8))).hasMessageContaining("deeper than 64 levels");
    }
  }

  @Test
  void namesStringsAndNumbersAreBounded() {
    assertThatThrownBy(() -> Json.tree(("{\"" + "n".repeat(2_000) + "\":1}").getBytes(UTF_8)))
        .hasMessageContaining("name is longer");
    assertThatThrownBy(() -> Json.tree(("[\"" + "s".repeat(70_000) + "\"]").getBytes(UTF_8)))
        .hasMessageContaining("string is longer");
    assertThatThrownBy(() -> Json.tree(("[" + "1".repeat(200) + "]").getBytes(UTF_8)))
        .hasMessageContaining("number is longer");
  }

  @Test
  void boundsCountCharactersOfAnyScriptAlike() {
    String character = "\uD83D\uDE00";
    assertThat(Json.tree(("{\"" + character.repeat(1_024) + "\":1}").getBytes(UTF_8)).size()).isEqualTo(1);
    assertThatThrownBy(() -> Json.tree(("{\"" + character.repeat(1_025) + "\":1}").getBytes(UTF_8)))
        .hasMessageContaining("name is longer");
    assertThat(Json.tree(("[\"" + character.repeat(65_536) + "\"]").getBytes(UTF_8)).size()).isEqualTo(1);
    assertThatThrownBy(() -> Json.tree(("[\"" + character.repeat(65_537) + "\"]").getBytes(UTF_8)))
        .hasMessageContaining("string is longer");
  }

  @Test
  void pairedSurrogatesAreCharacters() {
    assertThat(Json.tree("[\"\\ud83d\\ude00\"]".getBytes(UTF_8)).get(0).stringValue()).isEqualTo("😀");
  }

  @Property(tries = 2_000)
  void anyBytesAreReadOrRefused(@ForAll byte[] body) {
    try {
      assertThat(Json.tree(body)).isNotNull();
    } catch (Refused refused) {
      assertThat(refused.problem()).isEqualTo(Problem.MALFORMED_BODY);
    }
  }

  @Property(tries = 2_000)
  void anyTextInsideAStringIsReadOrRefused(@ForAll String text) {
    anyBytesAreReadOrRefused(("{\"a\":\"" + text + "\"}").getBytes(UTF_8));
  }
}
