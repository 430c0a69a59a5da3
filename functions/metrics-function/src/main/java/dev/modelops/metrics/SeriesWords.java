package dev.modelops.metrics;

import dev.modelops.domain.metrics.Labels;
import dev.modelops.domain.metrics.MetricName;
import dev.modelops.domain.metrics.SeriesKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A list of series as bytes: every word once, then the series as numbers of words. */
final class SeriesWords {

  private static final int MOST = 4096;

  private SeriesWords() {}

  static byte[] write(Collection<SeriesKey> series) {
    Map<String, Integer> numbers = new TreeMap<>();
    for (SeriesKey key : series) {
      numbers.put(key.metric().value(), 0);
      key.labels().values().forEach((name, value) -> {
        numbers.put(name, 0);
        numbers.put(value, 0);
      });
    }
    ByteSink out = new ByteSink().varint(numbers.size());
    int next = 0;
    for (Map.Entry<String, Integer> word : numbers.entrySet()) {
      out.string(word.getKey());
      word.setValue(next++);
    }
    out.varint(series.size());
    for (SeriesKey key : series) {
      out.varint(key.version()).varint(number(numbers, key.metric().value())).varint(key.labels().values().size());
      key.labels().values()
          .forEach((name, value) -> out.varint(number(numbers, name)).varint(number(numbers, value)));
    }
    return out.toBytes();
  }

  private static int number(Map<String, Integer> numbers, String word) {
    return numbers.getOrDefault(word, 0);
  }

  static List<SeriesKey> read(byte[] bytes) {
    ByteSource in = new ByteSource(bytes);
    List<String> words = new ArrayList<>();
    for (int i = in.count(MOST * (2 * Labels.MOST + 1)); i > 0; i--) {
      words.add(in.string());
    }
    List<SeriesKey> series = new ArrayList<>();
    for (int i = in.count(MOST); i > 0; i--) {
      series.add(series(in, words));
    }
    return series;
  }

  private static SeriesKey series(ByteSource in, List<String> words) {
    int version = in.count(Integer.MAX_VALUE);
    String metric = word(in, words);
    Map<String, String> labels = new TreeMap<>();
    for (int i = in.count(Labels.MOST); i > 0; i--) {
      labels.put(word(in, words), word(in, words));
    }
    try {
      return new SeriesKey(version, new MetricName(metric), new Labels(labels));
    } catch (IllegalArgumentException e) {
      throw new CorruptData("Not a series", e);
    }
  }

  private static String word(ByteSource in, List<String> words) {
    return words.get(in.count(words.size() - 1));
  }
}
