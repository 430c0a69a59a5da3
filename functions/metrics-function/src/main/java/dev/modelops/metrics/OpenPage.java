package dev.modelops.metrics;

import dev.modelops.domain.metrics.Summary;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One open minute of some series, each with the hour and the day as they are with it.
 *
 * @param entries by the first 64 bits of the series' id: enough to tell a dozen apart
 */
record OpenPage(SortedMap<Long, Entry> entries) {

  static final OpenPage EMPTY = new OpenPage(new TreeMap<>());

  private static final char KIND = 'O';
  private static final int FORMAT = 1;
  private static final int MOST = 4096;

  /** The numbers of the minute, of its hour so far, of its day so far. */
  record Entry(Summary minute, Summary hour, Summary day) {}

  static long shortId(String series) {
    return ByteBuffer.wrap(Base64.getUrlDecoder().decode(series)).getLong();
  }

  byte[] encode() {
    ByteSink out = new ByteSink().varint(entries.size());
    entries.keySet().forEach(out::fixed);
    List<Summary> all = new ArrayList<>();
    entries.values().forEach(entry -> all.addAll(List.of(entry.minute(), entry.hour(), entry.day())));
    SummaryPack.writeAll(all, out);
    return Envelope.seal(KIND, FORMAT, out.toBytes());
  }

  static OpenPage decode(byte[] bytes) {
    ByteSource in = new ByteSource(Envelope.open(KIND, FORMAT, bytes));
    long[] ids = new long[in.count(MOST)];
    for (int i = 0; i < ids.length; i++) {
      ids[i] = in.fixed();
    }
    List<Summary> all = SummaryPack.readAll(ids.length * 3, in);
    SortedMap<Long, Entry> entries = new TreeMap<>();
    for (int i = 0; i < ids.length; i++) {
      entries.put(ids[i], new Entry(all.get(3 * i), all.get(3 * i + 1), all.get(3 * i + 2)));
    }
    return new OpenPage(entries);
  }
}
