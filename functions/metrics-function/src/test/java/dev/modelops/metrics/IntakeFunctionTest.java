package dev.modelops.metrics;

import static dev.modelops.domain.access.Role.DATA_SCIENTIST;
import static dev.modelops.metrics.Posts.batch;
import static dev.modelops.metrics.Posts.labelled;
import static dev.modelops.metrics.Posts.point;
import static dev.modelops.metrics.Posts.pointers;
import static dev.modelops.metrics.Posts.series;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.TestCallers;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is taken of a batch, and what is refused. */
class IntakeFunctionTest {

  @RegisterExtension private static final Stage STAGE = new Stage();
  private static final IntakeFunction INTAKE =
      new IntakeFunction(STAGE.aws.env("IntakeFunction", Map.of("SERIES_LIMIT", "200")));
  private static final ApiClient POSTER = ApiClient.of(INTAKE, TestCallers.of(DATA_SCIENTIST, "credit"));

  @BeforeAll
  static void models() {
    for (String model : List.of("Fraud", "replays", "limits", "times", "heavy")) {
      STAGE.model(model, "credit", 2);
    }
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  @Test
  void aReplayedBatchHasNoEffectWhateverItsOrder() {
    Instant at = now();
    Object one = point(at, 1);
    Object two = point(at.minusSeconds(1), 2);
    POSTER.post("/v1/metrics", batch("replays", series("m", 1, Map.of(), one, two))).is(202);
    for (int i = 0; i < 20; i++) {
      Answer again = POSTER.post("/v1/metrics", batch("Replays", series("m", 1, Map.of(), two, one))).is(202);
      assertThat(again.json().path("replayed").asBoolean()).isTrue();
      assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    }
    assertThat(STAGE.arrived().stream().filter(record -> record.toString().contains("b#replays#")).toList()).hasSize(1);
  }

  @Test
  void everyViolationIsNamedByItsPointer() {
    Instant at = now();
    Answer refused = POSTER.post("/v1/metrics", batch("fraud",
        series("m", 1, Map.of(), point(at, 1), point(at.minus(Duration.ofDays(8)), 1)),
        series("m", 2, Map.of(), point(at.plus(Duration.ofMinutes(6)), 1)))).is(422);
    assertThat(pointers(refused)).containsExactly("/series/0/points/1/time", "/series/1/points/0/time");
    Answer many = POSTER.post("/v1/metrics", batch("fraud",
        series("m", 1, Map.of(), IntStream.range(0, 600).mapToObj(i -> point(at, i)).toArray()),
        series("m", 2, Map.of(), IntStream.range(0, 600).mapToObj(i -> point(at, i)).toArray()))).is(422);
    assertThat(many.text("/errors/0/code")).isEqualTo("too-many-points");
    Answer shape = POSTER.post("/v1/metrics", batch("fraud",
        series("9", 1, Map.of("bad name", "x", "empty", ""), point(at, "NaN"), point(at, "-Infinity")))).is(400);
    assertThat(pointers(shape)).contains("/series/0/metric", "/series/0/labels/empty", "/series/0/points/0/value",
        "/series/0/points/1/value");
    assertThat(shape.body()).contains("NaN is no number in JSON", "-Infinity is no number in JSON");
  }

  @Test
  void numbersThatJsonDoesNotHaveAreRefused() {
    String body = "{\"model\":\"fraud\",\"environment\":\"dev\",\"series\":[{\"metric\":\"m\",\"version\":1,"
        + "\"points\":[{\"time\":\"" + now() + "\",\"value\":%s}]}]}";
    assertThat(POSTER.post("/v1/metrics", body.formatted("NaN")).is(400).text("/detail")).contains("NaN");
    POSTER.post("/v1/metrics", body.formatted("Infinity")).is(400);
    POSTER.post("/v1/metrics", body.formatted("1e999")).is(400);
    POSTER.post("/v1/metrics", body.formatted("null")).is(400);
    POSTER.post("/v1/metrics", body.formatted("1e308")).is(202);
  }

  @Test
  void whatDoesNotExistIsNamed() {
    Instant at = now();
    POSTER.post("/v1/metrics", batch("absent", series("m", 1, Map.of(), point(at, 1)))).is(404);
    assertThat(pointers(POSTER.post("/v1/metrics", Map.of("model", "fraud", "environment", "nowhere", "series",
        List.of(series("m", 1, Map.of(), point(at, 1)), series("m", 7, Map.of(), point(at, 1))))).is(422)))
        .containsExactly("/environment", "/series/1/version");
  }

  @Test
  void tooManySeriesAreRefusedByTheLabelThatHasTheMostValues() {
    Instant at = now();
    for (int from = 0; from < 200; from += 50) {
      POSTER.post("/v1/metrics", batch("limits", labelled(from, 50, at))).is(202);
    }
    Answer refused = POSTER.post("/v1/metrics", batch("limits",
        series("m", 1, Map.of("requestId", "r3", "country", "C3"), point(at, 3)), labelled(200, 1, at)[0])).is(422);
    assertThat(pointers(refused)).containsExactly("/series/1/labels/requestId");
    assertThat(refused.text("/detail")).contains("`requestId` has 201 values", "may have 200");
    POSTER.post("/v1/metrics", batch("limits", labelled(7, 3, at.minusSeconds(1)))).is(202);
  }

  /** Only hundreds of series with long labels of anything but words get there; in two halves they pass. */
  @Test
  void whatOneBlockCannotHoldIsToBeSplit() {
    Instant at = now();
    Random random = new Random(7);
    Object[] heavy = IntStream.range(0, 200).mapToObj(i -> {
      Map<String, String> labels = new TreeMap<>();
      IntStream.range(0, 10).forEach(label -> labels.put("l" + label, random.ints(100, 0x10000, 0x110000)
          .mapToObj(Character::toString).collect(Collectors.joining())));
      return series("m", 1, labels, point(at, i));
    }).toArray();
    Answer refused = POSTER.post("/v1/metrics", batch("heavy", heavy)).is(422);
    assertThat(pointers(refused)).containsExactly("/series");
    assertThat(refused.text("/detail")).contains("split it");
    POSTER.post("/v1/metrics", batch("heavy", Arrays.copyOf(heavy, 100))).is(202);
    POSTER.post("/v1/metrics", batch("heavy", Arrays.copyOfRange(heavy, 100, 200))).is(202);
  }

  @Test
  void pointsAreTakenAtTimesOfAnyOffsetAndAnyPrecision() {
    LocalDateTime at = LocalDateTime.ofInstant(now().truncatedTo(ChronoUnit.MINUTES), ZoneOffset.UTC);
    String here = at.format(DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss"));
    String ahead = at.plusHours(23).plusMinutes(59).format(DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss"));
    POSTER.post("/v1/metrics", batch("times", series("m", 1, Map.of(),
        Map.of("time", ahead + "+23:59", "value", 1), Map.of("time", here + ".123456789012345678Z", "value", 2))))
        .is(202);
    // Kept to the millisecond: the same point, and so the same batch.
    assertThat(POSTER.post("/v1/metrics", batch("times", series("m", 1, Map.of(),
        Map.of("time", here + "Z", "value", 1), Map.of("time", here + ".123Z", "value", 2)))).is(202)
        .json().path("replayed").asBoolean()).isTrue();
  }
}
