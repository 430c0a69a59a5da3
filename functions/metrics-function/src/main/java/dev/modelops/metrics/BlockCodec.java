package dev.modelops.metrics;

import dev.modelops.domain.metrics.Batch;
import dev.modelops.domain.metrics.Point;
import dev.modelops.domain.metrics.SeriesKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A batch as the bytes of one block: the dictionary of its series, their places among the open pages, their counts,
 * times and values, each kind in a section of its own. Worst case, 1,000 arbitrary doubles at arbitrary milliseconds of
 * a week: 8,000 bytes of values and 3,500 of times.
 */
final class BlockCodec {

  private static final char KIND = 'B';
  private static final int FORMAT = 1;
  private static final int RICE = 0;
  private static final int REGULAR = 1;

  private BlockCodec() {}

  /**
   * What a block says.
   *
   * @param places of its series, in the order of the batch's series: page and slot of the open numbers
   */
  record Decoded(SortedMap<SeriesKey, List<Point>> points, Map<SeriesKey, Integer> places) {}

  /** @param places by series, see {@link dev.modelops.domain.metrics.SeriesCatalog} */
  static byte[] encode(Batch batch, Map<SeriesKey, Integer> places) {
    ByteSink numbers = new ByteSink();
    long base = batch.first();
    numbers.zigzag(base);
    Doubles.Writer values = new Doubles.Writer();
    long[] gaps = new long[batch.size()];
    ByteSink regular = new ByteSink();
    int at = 0;
    for (Map.Entry<SeriesKey, List<Point>> series : batch.points().entrySet()) {
      List<Point> points = series.getValue();
      numbers.varint(places.getOrDefault(series.getKey(), 0)).varint(points.size());
      values.add(points.stream().mapToDouble(Point::value).toArray());
      long before = base;
      long gapBefore = 0;
      for (Point point : points) {
        long gap = point.time() - before;
        gaps[at++] = gap;
        regular.zigzag(gap - gapBefore);
        gapBefore = gap;
        before = point.time();
      }
    }
    ByteSink out = new ByteSink().section(SeriesWords.write(batch.points().keySet())).section(numbers.toBytes());
    times(gaps, regular.toBytes(), out);
    values.finish(out);
    return Envelope.seal(KIND, FORMAT, out.toBytes());
  }

  private static void times(long[] gaps, byte[] regular, ByteSink out) {
    byte[] asRice = new ByteSink().put(RICE).section(Gaps.write(gaps)).toBytes();
    byte[] asRegular = new ByteSink().put(REGULAR).section(regular).toBytes();
    out.raw(asRegular.length < asRice.length ? asRegular : asRice);
  }

  /** @throws CorruptData unless the bytes are a block */
  static Decoded decode(byte[] block) {
    ByteSource in = new ByteSource(Envelope.open(KIND, FORMAT, block));
    List<SeriesKey> series = SeriesWords.read(in.section());
    ByteSource numbers = new ByteSource(in.section());
    long base = numbers.zigzag();
    int[] places = new int[series.size()];
    int[] counts = new int[series.size()];
    int total = 0;
    for (int i = 0; i < counts.length; i++) {
      places[i] = numbers.count(Integer.MAX_VALUE);
      counts[i] = numbers.count(Batch.MOST_POINTS);
      total += counts[i];
    }
    if (total > Batch.MOST_POINTS) {
      throw new CorruptData("A block of " + total + " points", null);
    }
    long[] times = times(base, counts, total, in);
    return decode(series, places, counts, times, new Doubles.Reader(in));
  }

  private static long[] times(long base, int[] counts, int total, ByteSource in) {
    int mode = in.take();
    byte[] section = in.section();
    long[] gaps = mode == RICE ? Gaps.read(total, section) : null;
    ByteSource regular = new ByteSource(section);
    long[] times = new long[total];
    int at = 0;
    for (int count : counts) {
      long time = base;
      long gap = 0;
      for (int i = 0; i < count; i++) {
        gap = gaps == null ? gap + regular.zigzag() : gaps[at];
        time += gap;
        times[at++] = time;
      }
    }
    return times;
  }

  private static Decoded decode(List<SeriesKey> series, int[] places, int[] counts, long[] times,
      Doubles.Reader values) {
    SortedMap<SeriesKey, List<Point>> points = new TreeMap<>();
    Map<SeriesKey, Integer> placeOf = new TreeMap<>();
    int at = 0;
    for (int i = 0; i < counts.length; i++) {
      double[] column = values.next(counts[i]);
      List<Point> list = new ArrayList<>(counts[i]);
      for (double value : column) {
        if (!Double.isFinite(value)) {
          throw new CorruptData("A value that is not finite", null);
        }
        list.add(new Point(times[at++], value));
      }
      points.put(series.get(i), list);
      placeOf.put(series.get(i), places[i]);
    }
    return new Decoded(points, placeOf);
  }
}
