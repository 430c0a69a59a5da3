package dev.modelops.json;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** Times as text: RFC 3339. */
public final class Times {

  private static final DateTimeFormatter MILLISECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final int LEAST = "2026-03-01T10:15:30Z".length();
  private static final int DOT = 19;
  private static final long SECONDS_OF_DAY = 86_400;
  private static final int MOST_DIGITS = 9;

  private Times() {}

  /** In UTC with milliseconds always, so that it sorts as time does; what is finer is cut off. */
  public static String text(Instant time) {
    return MILLISECONDS.format(time);
  }

  /**
   * Reads a time of any offset. The form that nearly all callers send and everything is stored in, in UTC, is read
   * without the formatter's detours: there are a thousand in a batch of metrics.
   *
   * @return nothing when it is no RFC 3339 date and time
   */
  public static Optional<Instant> parse(String text) {
    try {
      Instant quick = quick(text);
      return Optional.of(quick.equals(Instant.MIN) ? DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text, Instant::from)
          : quick);
    } catch (DateTimeException notATime) {
      return Optional.empty();
    }
  }

  /** {@code Instant.MIN} when the text has another form. */
  private static Instant quick(String text) {
    int end = text.length() - 1;
    if (text.length() < LEAST || text.charAt(4) != '-' || text.charAt(7) != '-' || text.charAt(10) != 'T'
        || text.charAt(13) != ':' || text.charAt(16) != ':' || text.charAt(end) != 'Z'
        || end != DOT && (text.charAt(DOT) != '.' || end - DOT - 1 > MOST_DIGITS || end == DOT + 1)) {
      return Instant.MIN;
    }
    int hour = number(text, 11, 13);
    int minute = number(text, 14, 16);
    int second = number(text, 17, 19);
    int year = number(text, 0, 4);
    int nanos = end == DOT ? 0 : number(text, DOT + 1, end);
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 || year < 0 || nanos < 0) {
      return Instant.MIN;
    }
    for (int digits = Math.max(0, end - DOT - 1); digits > 0 && digits < MOST_DIGITS; digits++) {
      nanos *= 10;
    }
    long day = LocalDate.of(year, Math.max(0, number(text, 5, 7)), Math.max(0, number(text, 8, 10))).toEpochDay();
    return Instant.ofEpochSecond(day * SECONDS_OF_DAY + hour * 3600L + minute * 60L + second, nanos);
  }

  /** −1 when there is anything but digits. */
  private static int number(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      number = number * 10 + digit;
    }
    return number;
  }
}
