package dev.modelops.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.problem.Refused;
import dev.modelops.edge.Things.Sent;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConditionsTest {
  private static final String BODY = "{\"name\":\"new\"}";
  private final Things things = new Things();

  @Test
  void whatExistsIsChangedOnlyByWhoHasSeenIt() {
    things.have("a", 3);
    Sent unseen = things.put("/things/a", BODY);
    assertThat(unseen.status()).isEqualTo(428);
    assertThat(unseen.headers()).containsEntry("ETag", "\"3\"");
    Sent stale = things.put("/things/a", BODY, "If-Match", "\"2\"");
    assertThat(stale.status()).isEqualTo(412);
    assertThat(stale.headers()).containsEntry("ETag", "\"3\"");
    Sent seen = things.put("/things/a", BODY, "If-Match", "\"3\"");
    assertThat(seen.status()).isEqualTo(200);
    assertThat(seen.headers()).containsEntry("ETag", "\"4\"");
  }

  @Test
  void aListOfTagsNamesOneThatIsCurrent() {
    things.have("a", 3);
    assertThat(things.put("/things/a", BODY, "If-Match", "\"1\" ,\t\"3\"").status()).isEqualTo(200);
    assertThat(things.put("/things/a", BODY, "If-Match", "\"1\",\"2\"").status()).isEqualTo(412);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"*|wildcard", "W/\"3\"|weak", "\"3\", W/\"3\"|weak",
      "3|format", "\"3|format", "'3'|format", "\"3\" \"4\"|format", "\"3\",|format", ",|format", "\"3\"x|format"})
  void whatIsNoStrongTagIsRefused(String tag, String code) {
    things.have("a", 3);
    assertThat(things.put("/things/a", BODY, "If-Match", tag).violations())
        .containsExactly("header:If-Match " + code);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"03\"", "\"+3\"", "\"3.0\"", "\"\"", "\"three\"", "\"-1\"", "\"99999999999999999999\""})
  void tagsThatWeNeverGaveMatchNothing(String tag) {
    things.have("a", 3);
    assertThat(things.put("/things/a", BODY, "If-Match", tag).status()).isEqualTo(412);
  }

  @Test
  void aTagTamperedWithBitByBitNeverPasses() {
    things.have("a", 3);
    byte[] tag = "\"3\"".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    for (int bit = 0; bit < tag.length * 8; bit++) {
      byte[] tampered = tag.clone();
      tampered[bit / 8] ^= (byte) (1 << bit % 8);
      Sent sent = things.put("/things/a", BODY, "If-Match",
          new String(tampered, java.nio.charset.StandardCharsets.ISO_8859_1));
      assertThat(sent.status()).isIn(400, 412);
    }
  }

  @Test
  void whatTheCallerKnowsIsNotSentAgain() {
    things.have("a", 3);
    for (String known : new String[] {"\"3\"", "W/\"3\"", "\"1\", \"3\"", "*"}) {
      Sent sent = things.get("/things/a", "If-None-Match", known);
      assertThat(sent.status()).isEqualTo(304);
      assertThat(sent.body()).isEmpty();
      assertThat(sent.headers()).containsEntry("ETag", "\"3\"").containsEntry("Cache-Control", "private, no-cache");
    }
    assertThat(things.get("/things/a", "If-None-Match", "\"2\"").status()).isEqualTo(200);
    assertThat(things.get("/things/a", "If-None-Match", "nonsense").status()).isEqualTo(400);
    assertThat(things.get("/things/b", "If-None-Match", "*").status()).isEqualTo(404);
  }

  @Test
  void aRaceThatIsLostBetweenReadAndWriteIsAMovedEntity() {
    things.have("a", 3);
    things.memory.before.add(() -> things.have("a", 4));
    Sent sent = things.put("/things/a", BODY, "If-Match", "\"3\"");
    assertThat(sent.status()).isEqualTo(412);
    assertThat(sent.headers()).containsEntry("ETag", "\"4\"");
  }

  @Test
  void aRaceToCreateIsDecidedAnew() {
    things.memory.before.add(() -> things.have("a", 1));
    assertThat(things.put("/things/a", BODY).status()).isEqualTo(428);
    things.memory.before.add(() -> things.have("new", 1));
    assertThat(things.post("/things", BODY).problem()).isEqualTo("already-exists");
  }

  @Property
  void everyRevisionIsReadAsItWasWritten(@ForAll @LongRange(min = 0, max = 999_999_999_999_999_999L) long rev) {
    assertThat(ETags.revisions(ETags.strong(Long.toString(rev)))).containsExactly(rev);
  }

  @Property(tries = 3_000)
  void anyTextIsTagsOrRefused(@ForAll @CharRange(from = 0, to = 0x100) String text) {
    try {
      assertThat(ETags.revisions(text)).isNotEmpty();
    } catch (Refused refused) {
      assertThat(refused.violations()).isNotEmpty();
    }
  }
}
