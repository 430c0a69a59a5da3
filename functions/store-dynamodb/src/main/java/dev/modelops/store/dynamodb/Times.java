package dev.modelops.store.dynamodb;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Instants as parts of keys: text that sorts as time does, with milliseconds always. */
final class Times {

  private static final DateTimeFormatter SORTABLE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private Times() {}

  static String sortable(Instant instant) {
    return SORTABLE.format(instant);
  }
}
