package dev.modelops.local.schedule;

import java.time.LocalDate;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/**
 * The six fields of a cron expression: minutes, hours, day of month, month, day of week (1 is Sunday), year. Lists, ranges,
 * steps, names, {@code *}, {@code ?}, and {@code L} for the last day of a month; {@code W} and {@code #} are refused.
 */
record CronFields(BitSet minutes, BitSet hours, BitSet daysOfMonth, boolean lastDay, BitSet months, BitSet daysOfWeek,
    BitSet years) {
  private static final List<String> MONTHS =
      List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");
  private static final List<String> DAYS = List.of("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT");
  private static final int FIRST_YEAR = 1970;
  private static final int LAST_YEAR = 2199;

  static CronFields parse(String text) {
    String[] fields = text.strip().toUpperCase(Locale.ROOT).split("\\s+");
    if (fields.length != 6) {
      throw new IllegalArgumentException("cron(" + text + ") has " + fields.length + " fields instead of 6");
    }
    if (fields[2].equals("?") == fields[4].equals("?")) {
      throw new IllegalArgumentException("cron(" + text + ") needs ? as day of month or as day of week, not as both");
    }
    boolean lastDay = fields[2].equals("L");
    return new CronFields(
        parse(fields[0], 0, 59, List.of(), 0),
        parse(fields[1], 0, 23, List.of(), 0),
        lastDay ? new BitSet() : parse(fields[2], 1, 31, List.of(), 0),
        lastDay,
        parse(fields[3], 1, 12, MONTHS, 1),
        parse(fields[4], 1, 7, DAYS, 1),
        parse(fields[5], FIRST_YEAR, LAST_YEAR, List.of(), 0));
  }

  boolean inMinute(int minute) {
    return minutes.get(minute);
  }

  boolean inHour(int hour) {
    return hours.get(hour);
  }

  boolean onDay(LocalDate date) {
    boolean dayOfMonth = lastDay ? date.getDayOfMonth() == date.lengthOfMonth() : daysOfMonth.get(date.getDayOfMonth());
    int dayOfWeek = date.getDayOfWeek().getValue() % 7 + 1;
    return dayOfMonth && daysOfWeek.get(dayOfWeek) && months.get(date.getMonthValue()) && years.get(date.getYear());
  }

  private static BitSet parse(String field, int least, int most, List<String> names, int firstName) {
    BitSet values = new BitSet();
    for (String part : field.split(",")) {
      String[] stepped = part.split("/", 2);
      String[] ends = stepped[0].equals("*") || stepped[0].equals("?")
          ? new String[] {String.valueOf(least), String.valueOf(most)}
          : stepped[0].split("-", 2);
      int from = number(ends[0], names, firstName, field);
      int to = ends.length > 1 ? number(ends[1], names, firstName, field) : stepped.length > 1 ? most : from;
      int step = stepped.length > 1 ? number(stepped[1], List.of(), 0, field) : 1;
      if (from < least || to > most || from > to || step < 1) {
        throw new IllegalArgumentException("The cron field " + field + " is not within " + least + " and " + most);
      }
      for (int value = from; value <= to; value += step) {
        values.set(value);
      }
    }
    return values;
  }

  private static int number(String text, List<String> names, int firstName, String field) {
    if (names.contains(text)) {
      return names.indexOf(text) + firstName;
    }
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("The cron field " + field + " is not understood here", e);
    }
  }
}
