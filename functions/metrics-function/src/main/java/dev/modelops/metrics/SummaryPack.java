package dev.modelops.metrics;

import dev.modelops.domain.metrics.Summary;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The numbers of a run of buckets of one series. A pack of minutes also carries the hour and the day that its minutes
 * belong to, as they were when one of its minutes was last written: until the hour closes they stand nowhere else.
 *
 * @param buckets by their offset within the run
 * @param hour of a pack of minutes
 * @param day of a pack of minutes
 */
record SummaryPack(SortedMap<Integer, Summary> buckets, @Nullable Summary hour, @Nullable Summary day) {

  static final SummaryPack EMPTY = new SummaryPack(new TreeMap<>(), null, null);

  private static final char KIND = 'P';
  private static final int FORMAT = 1;
  private static final int MOST = 64;
  private static final int HOUR = 1;
  private static final int DAY = 2;

  SummaryPack with(int offset, Summary summary) {
    SortedMap<Integer, Summary> more = new TreeMap<>(buckets);
    more.put(offset, summary);
    return new SummaryPack(more, hour, day);
  }

  /** Of two states of an hour or a day the one with more points is the later: points are never taken back. */
  SummaryPack carrying(@Nullable Summary otherHour, @Nullable Summary otherDay) {
    return new SummaryPack(buckets, later(hour, otherHour), later(day, otherDay));
  }

  static @Nullable Summary later(@Nullable Summary one, @Nullable Summary other) {
    return one == null || other != null && other.count() > one.count() ? other : one;
  }

  byte[] encode() {
    ByteSink out = new ByteSink().put((hour == null ? 0 : HOUR) + (day == null ? 0 : DAY)).varint(buckets.size());
    buckets.keySet().forEach(out::put);
    List<Summary> all = new ArrayList<>(buckets.values());
    if (hour != null) {
      all.add(hour);
    }
    if (day != null) {
      all.add(day);
    }
    writeAll(all, out);
    return Envelope.seal(KIND, FORMAT, out.toBytes());
  }

  static SummaryPack decode(byte[] bytes) {
    ByteSource in = new ByteSource(Envelope.open(KIND, FORMAT, bytes));
    int tail = in.take();
    int[] offsets = new int[in.count(MOST)];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = in.take();
    }
    List<Summary> all = readAll(offsets.length + Integer.bitCount(tail & (HOUR | DAY)), in);
    SortedMap<Integer, Summary> buckets = new TreeMap<>();
    for (int i = 0; i < offsets.length; i++) {
      buckets.put(offsets[i], all.get(i));
    }
    int at = offsets.length;
    Summary hour = (tail & HOUR) == 0 ? null : all.get(at++);
    Summary day = (tail & DAY) == 0 ? null : all.get(at);
    return new SummaryPack(buckets, hour, day);
  }

  static void writeAll(Collection<Summary> summaries, ByteSink out) {
    Doubles.Writer numbers = new Doubles.Writer();
    summaries.forEach(summary -> out.varint(summary.count()));
    numbers.add(summaries.stream().mapToDouble(Summary::min).toArray());
    numbers.add(summaries.stream().mapToDouble(Summary::max).toArray());
    numbers.add(summaries.stream().mapToDouble(Summary::mean).toArray());
    numbers.add(summaries.stream().mapToDouble(Summary::p50).toArray());
    numbers.add(summaries.stream().mapToDouble(Summary::p95).toArray());
    numbers.add(summaries.stream().mapToDouble(Summary::p99).toArray());
    numbers.finish(out);
  }

  static List<Summary> readAll(int count, ByteSource in) {
    long[] counts = new long[count];
    for (int i = 0; i < count; i++) {
      counts[i] = in.varint();
    }
    Doubles.Reader numbers = new Doubles.Reader(in);
    double[][] columns = new double[6][];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = numbers.next(count);
    }
    List<Summary> summaries = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      summaries.add(new Summary(counts[i], columns[0][i], columns[1][i], columns[2][i], columns[3][i], columns[4][i],
          columns[5][i]));
    }
    return summaries;
  }
}
