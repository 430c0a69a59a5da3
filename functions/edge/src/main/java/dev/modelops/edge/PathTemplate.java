package dev.modelops.edge;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A path with parameters, such as {@code /v1/models/{model}}. A parameter is exactly one segment that is not empty.
 * Paths are matched as they come: the gateway has decoded them once, and nobody decodes them again.
 */
record PathTemplate(String text, List<String> segments) implements Comparable<PathTemplate> {
  static PathTemplate of(String text) {
    return new PathTemplate(text, split(text));
  }

  /** The parameters' values; empty when the path is another one. */
  Optional<Map<String, String>> match(List<String> path) {
    if (path.size() != segments.size()) {
      return Optional.empty();
    }
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < path.size(); i++) {
      String wanted = segments.get(i);
      String found = path.get(i);
      if (isParameter(wanted) && !found.isEmpty()) {
        values.put(wanted.substring(1, wanted.length() - 1), found);
      } else if (!wanted.equals(found)) {
        return Optional.empty();
      }
    }
    return Optional.of(values);
  }

  static List<String> split(String path) {
    List<String> segments = new ArrayList<>();
    int from = 1;
    for (int slash = path.indexOf('/', from); slash >= 0; slash = path.indexOf('/', from)) {
      segments.add(path.substring(from, slash));
      from = slash + 1;
    }
    segments.add(from <= path.length() ? path.substring(from) : "");
    return List.copyOf(segments);
  }

  private static boolean isParameter(String segment) {
    return segment.startsWith("{");
  }

  /**
   * Fixed segments come before parameters, so that the first match is the most exact one. By length first: comparing
   * templates of different lengths by their common part alone would be no order (a &lt; b &lt; c &lt; a), and a map by it
   * would lose paths.
   */
  @Override
  public int compareTo(PathTemplate other) {
    int longer = Integer.compare(segments.size(), other.segments.size());
    if (longer != 0) {
      return longer;
    }
    for (int i = 0; i < segments.size(); i++) {
      int order = Boolean.compare(isParameter(segments.get(i)), isParameter(other.segments.get(i)));
      if (order != 0) {
        return order;
      }
    }
    return text.compareTo(other.text);
  }
}
