package dev.modelops.local.gateway;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Selects the route of a request as HTTP APIs do: a full match before a greedy one, the more specific path first, on
 * one path the named method before {@code ANY}, and {@code $default} when nothing else matches.
 */
final class Routing {
  private static final Comparator<Candidate> MOST_SPECIFIC_FIRST = Comparator
      .<Candidate, Boolean>comparing(candidate -> candidate.route.isDefault())
      .thenComparing(Candidate::greedy)
      .thenComparing(Candidate::shape, Arrays::compare)
      .thenComparing(candidate -> candidate.route.method().equals("ANY"));

  private final List<Candidate> candidates;

  Routing(Collection<Route> routes) {
    this.candidates = routes.stream().map(Candidate::new).sorted(MOST_SPECIFIC_FIRST).toList();
  }

  /** A selected route and what its path variables caught. */
  record Match(Route route, Map<String, String> pathParameters) {}

  /**
   * @param path percent-decoded
   */
  Optional<Match> select(String method, String path) {
    String[] segments = path.substring(1).split("/", -1);
    for (Candidate candidate : candidates) {
      Optional<Match> match = candidate.match(method, segments);
      if (match.isPresent()) {
        return match;
      }
    }
    return Optional.empty();
  }

  private record Candidate(Route route, String[] segments) {
    Candidate(Route route) {
      this(route, route.isDefault() ? new String[0] : route.path().substring(1).split("/", -1));
    }

    boolean greedy() {
      return segments.length > 0 && isGreedy(segments[segments.length - 1]);
    }

    /** One digit per segment, the smaller the more specific. */
    int[] shape() {
      return Arrays.stream(segments).mapToInt(s -> isGreedy(s) ? 2 : isVariable(s) ? 1 : 0).toArray();
    }

    Optional<Match> match(String method, String[] path) {
      if (route.isDefault()) {
        return Optional.of(new Match(route, Map.of()));
      }
      if (!route.method().equals("ANY") && !route.method().equals(method)) {
        return Optional.empty();
      }
      if (greedy() ? path.length < segments.length : path.length != segments.length) {
        return Optional.empty();
      }
      Map<String, String> caught = new LinkedHashMap<>();
      for (int i = 0; i < segments.length; i++) {
        String value = isGreedy(segments[i]) ? rest(path, i) : path[i];
        boolean matches = isVariable(segments[i]) ? !value.isEmpty() : value.equals(segments[i]);
        if (!matches) {
          return Optional.empty();
        }
        if (isVariable(segments[i])) {
          caught.put(segments[i].replaceAll("[{}+]", ""), value);
        }
      }
      return Optional.of(new Match(route, caught));
    }

    private static String rest(String[] path, int from) {
      return String.join("/", new ArrayList<>(Arrays.asList(path)).subList(from, path.length));
    }

    private static boolean isVariable(String segment) {
      return segment.startsWith("{") && segment.endsWith("}");
    }

    private static boolean isGreedy(String segment) {
      return isVariable(segment) && segment.endsWith("+}");
    }
  }
}
