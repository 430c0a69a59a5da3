package dev.modelops.domain.metrics;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Points of one model in one environment that are taken together or not at all. Order carries no meaning: series are
 * sorted, and points within a series, so that the same points in another order are the same batch.
 *
 * @param model the model's name as its creator spelled it
 * @param points by series; no series is empty
 */
public record Batch(String model, String environment, SortedMap<SeriesKey, List<Point>> points) {

  public static final int MOST_POINTS = 1000;

  public Batch {
    SortedMap<SeriesKey, List<Point>> sorted = new TreeMap<>();
    points.forEach((series, list) -> {
      if (list.isEmpty()) {
        throw new IllegalArgumentException("A series without points");
      }
      List<Point> inOrder = new ArrayList<>(list);
      Collections.sort(inOrder);
      sorted.put(series, List.copyOf(inOrder));
    });
    if (sorted.isEmpty()) {
      throw new IllegalArgumentException("A batch without series");
    }
    points = Collections.unmodifiableSortedMap(sorted);
  }

  public Batch(String model, String environment, Map<SeriesKey, List<Point>> points) {
    this(model, environment, (SortedMap<SeriesKey, List<Point>>) new TreeMap<>(points));
  }

  public int size() {
    return points.values().stream().mapToInt(List::size).sum();
  }

  /** Milliseconds of the earliest point. */
  public long first() {
    return points.values().stream().mapToLong(list -> list.getFirst().time()).min().orElseThrow();
  }

  /** Milliseconds of the latest point. */
  public long last() {
    return points.values().stream().mapToLong(list -> list.getLast().time()).max().orElseThrow();
  }

  /** SHA-256 over the sorted content: equal for equal batches, whoever sends them and however they are encoded. */
  public String digest() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeUTF(model.toLowerCase(Locale.ROOT));
      out.writeUTF(environment);
      for (Map.Entry<SeriesKey, List<Point>> series : points.entrySet()) {
        out.writeUTF(series.getKey().canonical());
        out.writeInt(series.getValue().size());
        for (Point point : series.getValue()) {
          out.writeLong(point.time());
          out.writeLong(Double.doubleToRawLongBits(point.value()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return HexFormat.of().formatHex(SeriesKey.sha256(bytes.toByteArray()));
  }
}
