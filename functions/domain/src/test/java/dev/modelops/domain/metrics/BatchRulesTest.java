package dev.modelops.domain.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelops.domain.metrics.BatchRules.Posted;
import dev.modelops.domain.metrics.BatchRules.PostedPoint;
import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.domain.problem.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchRulesTest {

  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  private static final BatchRules RULES = new BatchRules(Duration.ofDays(7), BatchRules.AHEAD);

  private static Posted series(int version, String metric, Map<String, String> labels, PostedPoint... points) {
    return new Posted(version, metric, labels, List.of(points));
  }

  private static PostedPoint point(Instant time, double value) {
    return new PostedPoint(time, value);
  }

  private static List<Violation> violations(List<Posted> series) {
    Refused refused = catchThrowableOfType(Refused.class, () -> RULES.judge("m", "dev", series, NOW));
    assertThat(refused.problem()).isEqualTo(Problem.UNPROCESSABLE);
    return refused.violations();
  }

  @Test
  void pointsAtEitherEndOfTheWindowAreTaken() {
    Batch batch = RULES.judge("m", "dev", List.of(series(1, "latency", Map.of(),
        point(NOW.minus(Duration.ofDays(7)), 1), point(NOW.plus(Duration.ofMinutes(5)), 2))), NOW);
    assertThat(batch.size()).isEqualTo(2);
    assertThat(batch.first()).isEqualTo(NOW.minus(Duration.ofDays(7)).toEpochMilli());
    assertThat(batch.last()).isEqualTo(NOW.plus(Duration.ofMinutes(5)).toEpochMilli());
  }

  @Test
  void pointsBeyondTheWindowAreNamedEvenWhenTheirTimeIsAbsurd() {
    assertThat(violations(List.of(series(1, "latency", Map.of(), point(NOW.minus(Duration.ofDays(7)).minusMillis(1), 1),
        point(NOW, 1), point(NOW.plus(Duration.ofMinutes(5)).plusMillis(1), 1), point(Instant.MAX, 1),
        point(Instant.MIN, 1))))).extracting(Violation::pointer).containsExactly("/series/0/points/0/time",
            "/series/0/points/2/time", "/series/0/points/3/time", "/series/0/points/4/time");
  }

  @Test
  void allViolationsAreFoundAtOnce() {
    Map<String, String> labels = new TreeMap<>(Map.of("a/b", "x", "good", "", "long", "y".repeat(101)));
    List<Violation> found = violations(List.of(
        series(0, "1st", labels, point(NOW, Double.NaN), point(NOW, Double.NEGATIVE_INFINITY)),
        series(1, "ok", Map.of())));
    assertThat(found).extracting(Violation::pointer).containsExactly("/series/0/version", "/series/0/metric",
        "/series/0/labels/a~1b", "/series/0/labels/good", "/series/0/labels/long", "/series/0/points/0/value",
        "/series/0/points/1/value", "/series/1/points");
    assertThat(found.get(5).message()).startsWith("The value is NaN:");
    assertThat(found.get(6).message()).startsWith("The value is negative infinite:");
  }

  /** As the contract counts them (JSON Schema): a character beyond the basic plane is one. */
  @Test
  void aHundredCharactersOfAnyScriptAreTheMostOfALabelValue() {
    for (String character : List.of("y", "\u00E9", "\u6F22", "\uD83D\uDE00")) {
      assertThat(RULES.judge("m", "dev", List.of(series(1, "a", Map.of("x", character.repeat(100)), point(NOW, 1))),
          NOW).size()).isEqualTo(1);
      assertThat(violations(List.of(series(1, "a", Map.of("x", character.repeat(101)), point(NOW, 1)))))
          .extracting(Violation::code).containsExactly("label-value");
    }
  }

  @Test
  void aThousandPointsOverAllSeriesAreTheMost() {
    PostedPoint[] half = Collections.nCopies(500, point(NOW, 1)).toArray(PostedPoint[]::new);
    assertThat(RULES.judge("m", "dev", List.of(series(1, "a", Map.of(), half), series(1, "b", Map.of(), half)), NOW)
        .size()).isEqualTo(1000);
    assertThat(violations(List.of(series(1, "a", Map.of(), half), series(1, "b", Map.of(), half),
        series(1, "c", Map.of(), point(NOW, 1))))).extracting(Violation::code).containsExactly("too-many-points");
  }

  @Test
  void twentyVersionsAreTheMost() {
    assertThat(violations(IntStream.rangeClosed(1, 21).mapToObj(i -> series(i, "a", Map.of(), point(NOW, 1))).toList()))
        .extracting(Violation::code).containsExactly("too-many-versions");
  }

  @Test
  void oneSeriesThatIsNamedTwiceIsOneSeries() {
    Batch twice = RULES.judge("m", "dev", List.of(series(1, "a", Map.of("x", "1"), point(NOW, 2)),
        series(1, "a", Map.of("x", "1"), point(NOW, 1))), NOW);
    Batch once = RULES.judge("M", "dev", List.of(series(1, "a", Map.of("x", "1"), point(NOW, 1), point(NOW, 2))), NOW);
    assertThat(twice.points()).hasSize(1);
    assertThat(twice.digest()).isEqualTo(once.digest());
  }

  @Test
  void seriesThatDifferInAnythingHaveDifferentIds() {
    SeriesKey key = new SeriesKey(1, new MetricName("a"), new Labels(Map.of("x", "1")));
    assertThat(List.of(key.id("m", "dev"), key.id("m", "prod"), key.id("n", "dev"),
        new SeriesKey(2, new MetricName("a"), new Labels(Map.of("x", "1"))).id("m", "dev"),
        new SeriesKey(1, new MetricName("b"), new Labels(Map.of("x", "1"))).id("m", "dev"),
        new SeriesKey(1, new MetricName("a"), new Labels(Map.of("x", "2"))).id("m", "dev"),
        new SeriesKey(1, new MetricName("a"), new Labels(Map.of("x", "1=y"))).id("m", "dev"),
        new SeriesKey(1, new MetricName("a"), Labels.NONE).id("m", "dev"))).doesNotHaveDuplicates();
    assertThat(key.id("M", "dev")).isEqualTo(key.id("m", "dev")).hasSize(22);
  }
}
