package dev.modelops.domain.metrics;

import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.domain.problem.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a batch must keep, beside what a schema can say. All violations are found at once, each with its pointer.
 *
 * @param window how far back a point may lie
 * @param ahead how far ahead of our clock a point may lie
 */
public record BatchRules(Duration window, Duration ahead) {

  /** Clocks of callers may be ahead of ours by this much. */
  public static final Duration AHEAD = Duration.ofMinutes(5);

  /** Series of so many versions may share a batch; each that is new costs a read. */
  public static final int MOST_VERSIONS = 20;

  private static final int MOST_VIOLATIONS = 100;

  /** One series as it was posted, nothing of it judged yet. */
  public record Posted(int version, String metric, Map<String, String> labels, List<PostedPoint> points) {}

  /** One point as it was posted. */
  public record PostedPoint(Instant time, double value) {}

  /**
   * @param now the clock of the server
   * @throws Refused with every violation (the first 100), 422
   */
  public Batch judge(String model, String environment, List<Posted> series, Instant now) {
    List<Violation> found = new ArrayList<>();
    counts(series, found);
    Map<SeriesKey, List<Point>> points = new TreeMap<>();
    for (int i = 0; i < series.size(); i++) {
      Posted posted = series.get(i);
      String at = "/series/" + i;
      int before = found.size();
      names(posted, at, found);
      List<Point> kept = points(posted, at, now, found);
      if (found.size() == before) {
        SeriesKey key = new SeriesKey(posted.version(), new MetricName(posted.metric()), new Labels(posted.labels()));
        points.computeIfAbsent(key, none -> new ArrayList<>()).addAll(kept);
      }
    }
    if (!found.isEmpty()) {
      throw Refused.invalid(Problem.UNPROCESSABLE, found.subList(0, Math.min(found.size(), MOST_VIOLATIONS)));
    }
    return new Batch(model, environment, points);
  }

  private static void counts(List<Posted> series, List<Violation> found) {
    int points = series.stream().mapToInt(posted -> posted.points().size()).sum();
    if (series.isEmpty() || points == 0) {
      found.add(new Violation("/series", "required", "A batch holds at least one point.", null));
    }
    if (points > Batch.MOST_POINTS) {
      found.add(new Violation("/series", "too-many-points",
          "The batch holds " + points + " points over all series: split it.", "at most " + Batch.MOST_POINTS));
    }
    TreeSet<Integer> versions = new TreeSet<>();
    series.forEach(posted -> versions.add(posted.version()));
    if (versions.size() > MOST_VERSIONS) {
      found.add(new Violation("/series", "too-many-versions",
          "The batch speaks of " + versions.size() + " versions: split it.", "at most " + MOST_VERSIONS));
    }
  }

  private static void names(Posted posted, String at, List<Violation> found) {
    if (posted.version() < 1) {
      found.add(new Violation(at + "/version", "range", "Versions are numbered from 1.", "1 or more"));
    }
    if (!MetricName.legal(posted.metric())) {
      found.add(new Violation(at + "/metric", "pattern", "This is not a metric name.", MetricName.PATTERN));
    }
    if (posted.labels().size() > Labels.MOST) {
      found.add(new Violation(at + "/labels", "too-many-labels",
          "A series has at most " + Labels.MOST + " labels, not " + posted.labels().size() + ".", null));
    }
    posted.labels().forEach((name, value) -> {
      if (!Labels.legalName(name)) {
        found.add(new Violation(at + "/labels/" + escaped(name), "pattern", "This is not a label name.",
            Labels.NAME_PATTERN));
      } else if (!Labels.legalValue(value)) {
        found.add(new Violation(at + "/labels/" + name, "label-value", "This is not a label value.",
            "1 to " + Labels.LONGEST_VALUE + " characters, no control characters"));
      }
    });
    if (posted.points().isEmpty()) {
      found.add(new Violation(at + "/points", "required", "A series holds at least one point.", null));
    }
  }

  private List<Point> points(Posted posted, String at, Instant now, List<Violation> found) {
    Instant from = now.minus(window);
    Instant to = now.plus(ahead);
    List<Point> kept = new ArrayList<>(posted.points().size());
    for (int i = 0; i < posted.points().size(); i++) {
      PostedPoint point = posted.points().get(i);
      if (!Double.isFinite(point.value())) {
        found.add(new Violation(at + "/points/" + i + "/value", "not-finite",
            "The value is " + name(point.value())
                + ": leave the point out, or count such points in a metric of its own.",
            "a finite number"));
      }
      // Compared as instants: a time far outside has no milliseconds.
      if (point.time().isBefore(from) || point.time().isAfter(to)) {
        found.add(new Violation(at + "/points/" + i + "/time", "outside-window",
            "The time " + point.time() + " is outside the window in which points are taken.",
            from + " to " + to));
      } else if (Double.isFinite(point.value())) {
        kept.add(new Point(point.time().toEpochMilli(), point.value()));
      }
    }
    return kept;
  }

  private static String name(double value) {
    return Double.isNaN(value) ? "NaN" : value > 0 ? "infinite" : "negative infinite";
  }

  private static String escaped(String token) {
    return token.replace("~", "~0").replace("/", "~1");
  }
}
