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

  /** The last time that RFC 3339 can write, to the millisecond. */
  public static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999Z");

  private static final int LEAST = "2026-03-01T10:15:30Z".length();
  private static final int SECONDS_END = LEAST - 1;
  private static final int OFFSET = "+00:00".length();
  private static final long SECONDS_OF_DAY = 86_400;
  private static final int MOST_DIGITS = 9;

  private Times() {}

  /** In UTC with milliseconds always, so that it sorts as time does; what is finer is cut off. */
  public static String text(Instant time) {
    return MILLISECONDS.format(time);
  }

  /**
   * Reads a time of any offset (RFC 3339: up to 23:59, where java.time stops at 18:00) and any precision; what is finer
   * than nanoseconds is cut off. By hand, not by a formatter: there are a thousand in a batch of metrics.
   *
   * @return nothing when it is no RFC 3339 date and time, or none that the calendar knows, such as a leap second
   */
  public static Optional<Instant> parse(String text) {
    int zone = zone(text);
    if (zone < SECONDS_END || text.charAt(4) != '-' || text.charAt(7) != '-' || !either(text.charAt(10), 'T', 't')
        || text.charAt(13) != ':' || text.charAt(16) != ':') {
      return Optional.empty();
    }
    int year = number(text, 0, 4);
    int hour = number(text, 11, 13);
    int minute = number(text, 14, 16);
    int second = number(text, 17, SECONDS_END);
    int nanos = nanos(text, zone);
    int offset = offset(text, zone);
    if (year < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59 || nanos < 0
        || offset == Integer.MIN_VALUE) {
      return Optional.empty();
    }
    try {
      long day = LocalDate.of(year, number(text, 5, 7), number(text, 8, 10)).toEpochDay();
      return Optional.of(
          Instant.ofEpochSecond(day * SECONDS_OF_DAY + hour * 3600L + minute * 60L + second - offset, nanos));
    } catch (DateTimeException noSuchDay) {
      return Optional.empty();
    }
  }

  /** Where the offset begins. */
  private static int zone(String text) {
    boolean utc = !text.isEmpty() && either(text.charAt(text.length() - 1), 'Z', 'z');
    return text.length() - (utc ? 1 : OFFSET);
  }

  /** Of the second; −1 when there is no fraction where one should be. */
  private static int nanos(String text, int zone) {
    if (zone == SECONDS_END) {
      return 0;
    }
    int first = SECONDS_END + 1;
    if (text.charAt(SECONDS_END) != '.' || first == zone) {
      return -1;
    }
    for (int i = first + MOST_DIGITS; i < zone; i++) {
      if (number(text, i, i + 1) < 0) {
        return -1;
      }
    }
    int nanos = number(text, first, Math.min(zone, first + MOST_DIGITS));
    for (int digits = zone - first; nanos > 0 && digits < MOST_DIGITS; digits++) {
      nanos *= 10;
    }
    return nanos;
  }

  /** In seconds; {@code Integer.MIN_VALUE} when it is none. */
  private static int offset(String text, int zone) {
    if (text.length() - zone == 1) {
      return 0;
    }
    int hours = number(text, zone + 1, zone + 3);
    int minutes = number(text, zone + 4, zone + OFFSET);
    if (!either(text.charAt(zone), '+', '-') || text.charAt(zone + 3) != ':' || hours < 0 || hours > 23 || minutes < 0
        || minutes > 59) {
      return Integer.MIN_VALUE;
    }
    int seconds = hours * 3600 + minutes * 60;
    return text.charAt(zone) == '-' ? -seconds : seconds;
  }

  private static boolean either(char found, char one, char other) {
    return found == one || found == other;
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
