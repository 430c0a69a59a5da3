package dev.modelops.metrics;

import dev.modelops.testkit.Answer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Batches as callers post them, how they ask for their series, and what answers find wrong with either. */
final class Posts {

  private Posts() {}

  static Map<String, Object> series(String metric, int version, Map<String, String> labels, Object... points) {
    return Map.of("metric", metric, "version", version, "labels", labels, "points", List.of(points));
  }

  static Map<String, Object> point(Instant time, Object value) {
    return Map.of("time", time.toString(), "value", value);
  }

  static Map<String, Object> batch(String model, Object... series) {
    return Map.of("model", model, "environment", "production", "series", List.of(series));
  }

  static Object[] labelled(int from, int count, Instant at) {
    return IntStream.range(from, from + count)
        .mapToObj(i -> series("m", 1, Map.of("requestId", "r" + i, "country", "C" + i % 5), point(at, i))).toArray();
  }

  static String target(String model, String step, String selector) {
    return "/v1/models/" + model + "/metrics?environment=production&step=" + step + "&series="
        + URLEncoder.encode(selector, StandardCharsets.UTF_8);
  }

  static List<String> pointers(Answer answer) {
    List<String> pointers = new ArrayList<>();
    answer.json().path("errors").forEach(error -> pointers.add(error.path("pointer").asString()));
    return pointers;
  }
}
