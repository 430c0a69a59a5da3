package dev.modelops.metrics;

import dev.modelops.domain.metrics.RollupKey;
import java.time.YearMonth;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * In which pages the open numbers of one series are found. A series has a place per month, given at its first arrival.
 *
 * @param places by month; the latest two are kept
 */
record Placement(SortedMap<YearMonth, Integer> places) {

  static final Placement NONE = new Placement(new TreeMap<>());

  private static final char KIND = 'L';
  private static final int FORMAT = 1;
  private static final int MONTHS = 2;

  Placement with(YearMonth month, int place) {
    SortedMap<YearMonth, Integer> more = new TreeMap<>(places);
    more.putIfAbsent(month, place);
    while (more.size() > MONTHS) {
      more.remove(more.firstKey());
    }
    return new Placement(more);
  }

  /** The page of a minute: by the place of its month, else by any (a batch across the turn of a month has but one). */
  int page(long minute) {
    Map.Entry<YearMonth, Integer> latest = places.lastEntry();
    int place = places.getOrDefault(Minutes.month(minute), latest == null ? 0 : latest.getValue());
    return place / RollupKey.SERIES_PER_PAGE;
  }

  byte[] encode() {
    ByteSink out = new ByteSink().varint(places.size());
    for (Map.Entry<YearMonth, Integer> place : places.entrySet()) {
      out.varint(place.getKey().getYear()).put(place.getKey().getMonthValue()).varint(place.getValue());
    }
    return Envelope.seal(KIND, FORMAT, out.toBytes());
  }

  static Placement decode(byte[] bytes) {
    ByteSource in = new ByteSource(Envelope.open(KIND, FORMAT, bytes));
    SortedMap<YearMonth, Integer> places = new TreeMap<>();
    for (int i = in.count(MONTHS); i > 0; i--) {
      places.put(YearMonth.of(in.count(9999), Math.clamp(in.take(), 1, 12)), in.count(Integer.MAX_VALUE));
    }
    return new Placement(places);
  }
}
