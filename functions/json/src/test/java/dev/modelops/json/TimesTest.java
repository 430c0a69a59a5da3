package dev.modelops.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {

  @Property
  void everyInstantIsReadAsItIsWritten(@ForAll @LongRange(min = 0, max = 253_402_300_799L) long second,
      @ForAll @IntRange(max = 999_999_999) int nanos) {
    Instant instant = Instant.ofEpochSecond(second, nanos);
    assertThat(Times.parse(instant.toString())).contains(instant);
  }

  @Property
  void textSortsAsTimeDoes(@ForAll @LongRange(min = 0, max = 253_402_300_799_999L) long one,
      @ForAll @LongRange(min = 0, max = 253_402_300_799_999L) long other) {
    String text = Times.text(Instant.ofEpochMilli(one));
    assertThat(Integer.signum(text.compareTo(Times.text(Instant.ofEpochMilli(other)))))
        .isEqualTo(Long.compare(one, other));
    assertThat(Times.parse(text)).contains(Instant.ofEpochMilli(one));
  }

  @ParameterizedTest
  @CsvSource({"2026-03-01T10:15:30+02:00, 2026-03-01T08:15:30Z", "2026-03-01T10:15:30.5Z, 2026-03-01T10:15:30.500Z",
      "2024-02-29T00:00:00Z, 2024-02-29T00:00:00Z", "2026-03-01t10:15:30z, 2026-03-01T10:15:30Z"})
  void otherFormsOfTheSameTimeAreReadToo(String text, Instant expected) {
    assertThat(Times.parse(text)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "now", "2026-13-01T10:15:30Z", "2026-02-29T10:15:30Z", "2026-03-01T24:15:30Z",
      "2026-03-01T10:15:60Z", "2026-03-01T10:15:30", "2026-03-01T1x:15:30Z",
      "2026-03-01T10:15:30.1234567890Z", "2026-03-01 10:15:30Z"})
  void whatIsNoTimeIsNone(String text) {
    assertThat(Times.parse(text)).isEmpty();
  }
}
