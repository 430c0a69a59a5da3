package dev.modelops.metrics;

import static dev.modelops.domain.access.Role.DATA_SCIENTIST;
import static dev.modelops.domain.access.Role.OPERATOR;
import static dev.modelops.domain.access.Role.VIEWER;
import static dev.modelops.metrics.Posts.batch;
import static dev.modelops.metrics.Posts.labelled;
import static dev.modelops.metrics.Posts.point;
import static dev.modelops.metrics.Posts.pointers;
import static dev.modelops.metrics.Posts.series;
import static dev.modelops.metrics.Posts.target;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.access.Permission;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.TestCallers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** What was posted, once it is rolled up, and what is asked about it. */
class MetricsFunctionTest {

  @RegisterExtension private static final Stage STAGE = new Stage();
  private static final IntakeFunction INTAKE = new IntakeFunction(STAGE.aws.env("IntakeFunction"));
  private static final ApiClient POSTER = ApiClient.of(INTAKE, TestCallers.of(DATA_SCIENTIST, "credit"));
  private static final SeriesFunction SERIES = new SeriesFunction(STAGE.aws.env("SeriesFunction"));
  private static final ApiClient READER = ApiClient.of(SERIES, TestCallers.of(VIEWER, "credit"));
  private static final RollupFunction ROLLUP = new RollupFunction(STAGE.aws.env("RollupFunction"));
  private static final MinuteCloseFunction CLOSE = new MinuteCloseFunction(STAGE.aws.env("MinuteCloseFunction"));

  /** The middle of a minute that is open all through a test. */
  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  @BeforeAll
  static void models() {
    for (String model : List.of("Fraud", "late", "overlaps", "listed", "monitored", "closing", "poison")) {
      STAGE.model(model, "credit", 2);
    }
    STAGE.model("foreign", "sales", 1);
  }

  private static void rollUp() {
    Stage.deliver(ROLLUP, STAGE.arrived());
  }

  private static JsonNode buckets(String model, String step, String selector) {
    return READER.get(target(model, step, selector)).is(200).json().at("/items/0/buckets");
  }

  private static long total(String model, String step, String selector) {
    long total = 0;
    for (JsonNode bucket : buckets(model, step, selector)) {
      total += bucket.path("count").asLong();
    }
    return total;
  }

  @Test
  void pointsAreSeenInTheirMinuteHourAndDay() {
    Instant at = now();
    Answer taken = POSTER.post("/v1/metrics", batch("fraud",
        series("latency_ms", 2, Map.of("country", "DE", "path", "a;b=c%d"), point(at, 12.5), point(at, 14)),
        series("score.mean", 1, Map.of(), point(at, -0.25)))).is(202);
    assertThat(taken.json().path("points").asInt()).isEqualTo(3);
    assertThat(taken.json().path("replayed").asBoolean()).isFalse();
    rollUp();
    for (String step : List.of("1m", "1h", "1d")) {
      JsonNode bucket = buckets("FRAUD", step, "latency_ms@2;country=DE;path=a%3Bb=c%25d").get(0);
      assertThat(bucket.path("count").asLong()).as(step).isEqualTo(2);
      assertThat(bucket.path("mean").asDouble()).isEqualTo(13.25);
      assertThat(bucket.path("p99").asDouble()).isEqualTo(14);
      assertThat(bucket.path("open").asBoolean()).isTrue();
      assertThat(total("fraud", step, "score.mean@1")).isEqualTo(1);
      assertThat(total("fraud", step, "score.mean@2")).isZero();
    }
  }

  @Test
  void aPollThatKnowsTheAnswerIsNotModifiedUntilMorePointsCome() {
    Instant at = now();
    POSTER.post("/v1/metrics", batch("fraud", series("polled", 1, Map.of(), point(at, 1)))).is(202);
    rollUp();
    String target = target("fraud", "1d", "polled@1");
    String etag = READER.get(target).is(200).etag();
    READER.with("If-None-Match", etag).get(target).is(304);
    POSTER.post("/v1/metrics", batch("fraud", series("polled", 1, Map.of(), point(at, 2)))).is(202);
    rollUp();
    assertThat(READER.with("If-None-Match", etag).get(target).is(200).etag()).isNotEqualTo(etag);
  }

  @Test
  void aWrongNameIsToldFromASeriesWithoutPoints() {
    assertThat(buckets("fraud", "1h", "never@1")).isEmpty();
    POSTER.post("/v1/metrics", batch("fraud", series("there", 1, Map.of(), point(now(), 1)))).is(202);
    rollUp();
    assertThat(pointers(READER.get(target("fraud", "1h", "there@1") + "&series=never@2&series=there@3").is(422)))
        .containsExactly("query:series/2");
    assertThat(pointers(READER.get("/v1/models/fraud/metrics?environment=prodution&series=m@1&series=m@9&series=n@9")
        .is(422))).containsExactly("query:environment", "query:series/1");
    assertThat(pointers(READER.get("/v1/models/fraud/metrics/series?environment=prodution").is(422)))
        .containsExactly("query:environment");
  }

  @Test
  void overlappingBatchesCountTwice() {
    Instant at = now();
    POSTER.post("/v1/metrics", batch("overlaps", series("m", 1, Map.of(), point(at, 1)))).is(202);
    POSTER.post("/v1/metrics", batch("overlaps", series("m", 1, Map.of(), point(at, 1), point(at, 2)))).is(202);
    rollUp();
    assertThat(total("overlaps", "1h", "m@1")).isEqualTo(3);
  }

  @Test
  void latePointsOverSeveralDaysChangeTheirBuckets() {
    Instant at = now();
    POSTER.post("/v1/metrics", batch("late", series("m", 1, Map.of(), point(at, 1)))).is(202);
    rollUp();
    POSTER.post("/v1/metrics", batch("late", series("m", 1, Map.of(), point(at.minus(Duration.ofDays(6)), 5),
        point(at.minus(Duration.ofHours(30)), 6), point(at.minus(Duration.ofMinutes(20)), 7)))).is(202);
    rollUp();
    assertThat(total("late", "1d", "m@1")).isEqualTo(4);
    String day = "&from=" + at.minus(Duration.ofDays(7)) + "&to=" + at.plusSeconds(60);
    assertThat(READER.get(target("late", "1h", "m@1") + day).is(200).json().at("/items/0/buckets"))
        .hasSizeBetween(3, 4);
    JsonNode old = READER.get(target("late", "1m", "m@1") + "&from=" + at.minus(Duration.ofHours(31)) + "&to="
        + at.minus(Duration.ofHours(29))).is(200).json().at("/items/0/buckets");
    assertThat(old).hasSize(1);
    assertThat(old.get(0).path("open").asBoolean()).isFalse();
  }

  @Test
  void whoMayPostAndReadIsDecidedByDepartmentAndModel() {
    Object body = batch("foreign", series("m", 1, Map.of(), point(now(), 1)));
    POSTER.post("/v1/metrics", body).is(404);
    POSTER.as(TestCallers.of(OPERATOR, "sales")).post("/v1/metrics", body).is(202);
    POSTER.as(TestCallers.of(VIEWER, "sales")).post("/v1/metrics", body).is(403);
    READER.get(target("foreign", "1m", "m@1")).is(404);
    READER.get("/v1/models/foreign/metrics/series?environment=production").is(404);
    READER.as(TestCallers.of(VIEWER, "sales")).get(target("foreign", "1m", "m@1")).is(200);
    ApiClient monitor = POSTER.as(TestCallers.person("svc_monitor",
        TestCallers.grant(OPERATOR, "credit", Set.of(Permission.POST_METRICS), Set.of("monitored"))));
    monitor.post("/v1/metrics", batch("monitored", series("m", 1, Map.of(), point(now(), 1)))).is(202);
    monitor.post("/v1/metrics", batch("fraud", series("m", 1, Map.of(), point(now(), 1)))).is(404);
  }

  @Test
  void aModelOfAnotherDepartmentIsAnsweredLikeOneThatDoesNotExist() {
    Instant at = now();
    alike(READER.get(target("foreign", "1m", "m@1")), READER.get(target("absent", "1m", "m@1")));
    alike(READER.get("/v1/models/foreign/metrics/series?environment=production"),
        READER.get("/v1/models/absent/metrics/series?environment=production"));
    alike(POSTER.post("/v1/metrics", batch("foreign", series("m", 1, Map.of(), point(at, 1)))),
        POSTER.post("/v1/metrics", batch("absent", series("m", 1, Map.of(), point(at, 1)))));
  }

  private static void alike(Answer hidden, Answer absent) {
    assertThat(hidden.is(404).body().replace(hidden.text("/instance"), ""))
        .isEqualTo(absent.is(404).body().replace(absent.text("/instance"), ""));
    assertThat(hidden.headers().keySet()).isEqualTo(absent.headers().keySet());
  }

  @Test
  void labelsAreMeasuredInCharactersAndNotInHalves() {
    Map<String, String> labels = Map.of("mood", "\uD83D\uDE00".repeat(100));
    POSTER.post("/v1/metrics", batch("fraud", series("moods", 1, labels, point(now(), 1)))).is(202);
    rollUp();
    assertThat(total("fraud", "1m", "moods@1;mood=" + labels.get("mood"))).isEqualTo(1);
    POSTER.post("/v1/metrics", batch("fraud", series("moods", 1,
        Map.of("mood", "\uD83D\uDE00".repeat(101)), point(now(), 1)))).is(400);
  }

  @Test
  void seriesAreListedPageByPageEachOnce() {
    POSTER.post("/v1/metrics", batch("listed", labelled(0, 55, now()))).is(202);
    rollUp();
    Set<String> seen = new HashSet<>();
    String target = "/v1/models/listed/metrics/series?environment=production&limit=20";
    Answer page = READER.get(target).is(200);
    while (true) {
      for (JsonNode item : page.json().path("items")) {
        assertThat(seen.add(item.path("selector").asString())).isTrue();
      }
      if (page.text("/next").isEmpty()) {
        break;
      }
      page = READER.get(target + "&cursor=" + page.text("/next")).is(200);
    }
    assertThat(seen).hasSize(55).contains("m@1;country=C4;requestId=r54");
    assertThat(total("listed", "1h", "m@1;country=C4;requestId=r54")).isEqualTo(1);
  }

  @Test
  void anUnreadableBlockIsReportedAndWhatCameBeforeItIsRolledUp() {
    POSTER.post("/v1/metrics", batch("poison", series("m", 1, Map.of(), point(now(), 1)))).is(202);
    List<Map<String, Object>> records = new ArrayList<>(STAGE.arrived());
    Map<String, Object> bad = Map.of("eventID", "bad", "eventName", "INSERT", "dynamodb",
        Map.of("Keys", Map.of("pk", Map.of("S", "b#poison#production"), "sk", Map.of("S", "00#x")), "NewImage",
            Map.of("d", Map.of("B", "AAAA"), "f", Map.of("N", "1"), "l", Map.of("N", "1")), "SequenceNumber", "999"));
    records.add(bad);
    assertThat(Stage.deliver(ROLLUP, records)).contains("999");
    assertThat(total("poison", "1m", "m@1")).isEqualTo(1);
    assertThat(Stage.deliver(ROLLUP, List.of(bad))).contains("999");
  }

  @Test
  void closingRunsOnItsScheduleAndLosesNothing() {
    Instant at = now();
    POSTER.post("/v1/metrics", batch("closing", series("m", 1, Map.of(), point(at, 1)))).is(202);
    rollUp();
    Stage.call(CLOSE, "{}".getBytes(StandardCharsets.UTF_8));
    assertThat(total("closing", "1h", "m@1")).isEqualTo(1);
  }
}
