package dev.modelops.local.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A schedule expression of EventBridge Scheduler. Both kinds are in UTC.
 *
 * <p>See "Schedule types in EventBridge Scheduler" in its user guide.
 */
sealed interface Expression {
  /** The first tick after a moment. */
  Instant next(Instant after);

  /**
   * @throws IllegalArgumentException when it is none, or uses what is not understood here
   */
  static Expression parse(String text) {
    Matcher rate = Pattern.compile("rate\\(\\s*(\\d+)\\s+(minute|hour|day)s?\\s*\\)").matcher(text.strip());
    if (rate.matches() && Long.parseLong(rate.group(1)) > 0) {
      ChronoUnit unit = ChronoUnit.valueOf(rate.group(2).toUpperCase(Locale.ROOT) + "S");
      return new Rate(Duration.of(Long.parseLong(rate.group(1)), unit));
    }
    Matcher cron = Pattern.compile("cron\\((.+)\\)").matcher(text.strip());
    if (cron.matches()) {
      return new Cron(CronFields.parse(cron.group(1)));
    }
    throw new IllegalArgumentException("The schedule expression " + text + " is neither rate(...) nor cron(...)");
  }

  /**
   * Ticks in step with the clock rather than with the start: a machine that is switched on for minutes at a time still has
   * its ticks.
   */
  record Rate(Duration every) implements Expression {
    @Override
    public Instant next(Instant after) {
      long step = every.toMillis();
      return Instant.ofEpochMilli((Math.floorDiv(after.toEpochMilli(), step) + 1) * step);
    }
  }

  /** Ticks by the calendar. */
  record Cron(CronFields fields) implements Expression {
    private static final int YEARS_AHEAD = 30;

    @Override
    public Instant next(Instant after) {
      ZonedDateTime start = after.atZone(ZoneId.of("UTC")).truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
      ZonedDateTime at = start;
      while (at.isBefore(start.plusYears(YEARS_AHEAD))) {
        if (!fields.onDay(at.toLocalDate())) {
          at = at.truncatedTo(ChronoUnit.DAYS).plusDays(1);
        } else if (!fields.inHour(at.getHour())) {
          at = at.truncatedTo(ChronoUnit.HOURS).plusHours(1);
        } else if (!fields.inMinute(at.getMinute())) {
          at = at.plusMinutes(1);
        } else {
          return at.toInstant();
        }
      }
      return Instant.MAX;
    }
  }
}
