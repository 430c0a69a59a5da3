package dev.modelops.domain.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {

  @ParameterizedTest
  @CsvSource({
      "Café, CAFE", "Café, café", "ΟΔΟΣ, οδοσ", "ΟΔΟΣ, οδος", "οδός, ΟΔΟΣ", "İstanbul, istanbul", "ISTANBUL, İstanbul",
      "Straße, STRASSE", "ﬁnance, finance", "Ａ１, a1", "Łódź, ŁÓDŹ"})
  void wordsAreTheSameHoweverTheyAreWritten(String one, String other) {
    assertThat(Words.of(one)).isEqualTo(Words.of(other)).hasSize(1);
    assertThat(Words.of(Normalizer.normalize(one, Normalizer.Form.NFD)))
        .isEqualTo(Words.of(Normalizer.normalize(other, Normalizer.Form.NFC)));
  }

  @Test
  void beginningsOfWordsAreTheirBeginnings() {
    assertThat(Words.of("οδοσήμανση").iterator().next()).startsWith(Words.of("ΟΔΟΣ").iterator().next());
  }

  @Test
  void lettersAndDigitsOfAnyScriptMakeWords() {
    assertThat(Words.of("card-fraud_eu 2.1", null, "不正検知 Eu")).containsExactly("card", "fraud", "eu", "2", "1", "不正検知");
    assertThat(Words.of("a b c d e f g h i j k l m n")).hasSize(Words.MOST);
  }

  @Test
  void longWordsAreCutBetweenCharacters() {
    String letter = "𠀀";
    assertThat(Words.of("x".repeat(100))).containsExactly("x".repeat(64));
    assertThat(Words.of("a" + letter.repeat(63))).containsExactly("a" + letter.repeat(63));
    assertThat(Words.of("a" + letter.repeat(64))).containsExactly("a" + letter.repeat(63));
  }
}
