package dev.modelops.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import net.jqwik.api.Assume;
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

  @Property
  void everyOffsetAndEveryPrecisionIsRead(@ForAll @LongRange(min = 0, max = 253_402_300_799_999L) long millis,
      @ForAll @IntRange(min = -1439, max = 1439) int offset, @ForAll @IntRange(max = 20) int moreDigits) {
    LocalDateTime there = LocalDateTime.ofInstant(Instant.ofEpochMilli(millis).plusSeconds(offset * 60L),
        ZoneOffset.UTC);
    Assume.that(there.getYear() <= 9999);
    String text = there.format(DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS")) + "9".repeat(moreDigits)
        + (offset < 0 ? "-" : "+") + "%02d:%02d".formatted(Math.abs(offset) / 60, Math.abs(offset) % 60);
    assertThat(Times.parse(text)).hasValueSatisfying(
        time -> assertThat(time.truncatedTo(ChronoUnit.MILLIS)).isEqualTo(Instant.ofEpochMilli(millis)));
  }

  @ParameterizedTest
  @CsvSource({"2026-03-01T10:15:30+02:00, 2026-03-01T08:15:30Z", "2026-03-01T10:15:30.5Z, 2026-03-01T10:15:30.500Z",
      "2024-02-29T00:00:00Z, 2024-02-29T00:00:00Z", "2026-03-01T10:15:30-00:00, 2026-03-01T10:15:30Z",
      "2026-03-01T10:15:30.1234567899Z, 2026-03-01T10:15:30.123456789Z",
      "2026-11-28T21:35:00+23:59, 2026-11-27T21:36:00Z", "2026-11-28T21:35:00-18:01, 2026-11-29T15:36:00Z",
      "2026-03-01t10:15:30z, 2026-03-01T10:15:30Z"})
  void otherFormsOfTheSameTimeAreReadToo(String text, Instant expected) {
    assertThat(Times.parse(text)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "now", "2026-13-01T10:15:30Z", "2026-02-29T10:15:30Z", "2026-03-01T24:15:30Z",
      "2026-03-01T10:15:60Z", "2026-03-01T10:15:30", "2026-03-01T1x:15:30Z",
      "2026-03-01T10:15:30.Z", "2026-03-01T10:15:30.1x34567890Z", "2026-03-01T10:15:30.12345678901x+01:00",
      "2026-03-01 10:15:30Z", "2026-03-01T10:15Z", "2026-03-01T10:15:30+24:00", "2026-03-01T10:15:30+23:60",
      "2026-03-01T10:15:30+1:000", "2026-03-01T10:15:30+01", "2026-03-01T10:15:30+01:00:00",
      "2026-03-01T10:15:30+-1:00", "2026-03-01T10:15:30Z+01:00", "+12026-03-01T10:15:30Z", "-026-03-01T10:15:30Z"})
  void whatIsNoTimeIsNone(String text) {
    assertThat(Times.parse(text)).isEmpty();
  }
}
