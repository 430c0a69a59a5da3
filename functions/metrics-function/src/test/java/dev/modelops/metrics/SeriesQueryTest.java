package dev.modelops.metrics;

import static dev.modelops.domain.access.Role.VIEWER;
import static dev.modelops.metrics.Posts.pointers;
import static dev.modelops.metrics.Posts.target;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.Budget;
import dev.modelops.testkit.Faults;
import dev.modelops.testkit.TestCallers;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;

/** What a poll may ask, and what is looked up for it. */
class SeriesQueryTest {

  @RegisterExtension private static final Stage STAGE = new Stage();
  private static final ApiClient READER = reader();

  @BeforeAll
  static void model() {
    STAGE.model("fraud", "credit", 2);
  }

  /** A sandbox that nobody has asked anything. */
  private static ApiClient reader() {
    return ApiClient.of(new SeriesFunction(STAGE.aws.env("SeriesFunction")), TestCallers.of(VIEWER, "credit"));
  }

  @Test
  void whatExistsIsLookedUpOnceAndWhatDoesNotEachTime() {
    ApiClient sandbox = reader();
    String there = target("fraud", "1h", "unposted@2");
    String absent = target("fraud", "1h", "unposted@9");
    try (Faults.Armed fault = Faults.arm(Faults.Kind.NOT_SENT, SeriesQueryTest::ofVersions, Integer.MAX_VALUE)) {
      sandbox.get(there).is(503);
      assertThat(fault.struck()).isPositive();
    }
    long first = Budget.of(() -> sandbox.get(there).is(200)).count("GetItem");
    assertThat(Budget.of(() -> sandbox.get(there).is(200)).count("GetItem")).isEqualTo(first - 1);
    for (int i = 0; i < 2; i++) {
      assertThat(Budget.of(() -> sandbox.get(absent).is(422)).count("GetItem")).isEqualTo(first);
    }
  }

  private static boolean ofVersions(SdkRequest request) {
    return request instanceof GetItemRequest get
        && get.key().getOrDefault("pk", AttributeValue.fromS("")).s().startsWith("versions#");
  }

  @Test
  void questionsThatMakeNoSenseAreRefused() {
    assertThat(pointers(READER.get(target("fraud", "1m", "no-version")).is(400))).isNotEmpty();
    READER.get(target("fraud", "2m", "m@1")).is(400);
    READER.get("/v1/models/fraud/metrics?environment=production").is(400);
    READER.get(target("fraud", "1m", "m@1") + "&from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z").is(422);
    READER.get(target("fraud", "1m", "m@1") + "&from=2026-01-01T00:00:00Z&to=2025-02-01T00:00:00Z").is(422);
    READER.get(target("fraud", "1h", "m@1;a=1;a=2")).is(400);
    for (String step : List.of("1m", "1h", "1d")) {
      READER.get(target("fraud", step, "m@1") + "&from=1960-01-01T00:00:00Z&to=1960-01-01T10:00:00Z").is(422);
      READER.get(target("fraud", step, "m@1") + "&from=3871-04-29T10:00:00Z&to=3871-04-29T12:00:00Z").is(200);
    }
    READER.get(target("fraud", "1d", "m@1") + "&from=0001-01-01T00:00:00Z&to=1990-01-01T00:00:00Z").is(200);
    READER.get(target("fraud", "1h", "m@1") + "&to=2026-03-01T10:15:60Z").is(400);
    READER.get(target("fraud", "1m", "m@1") + "&series=m@2".repeat(20)).is(422);
  }

  @ParameterizedTest
  @CsvSource({"from=2026-03-01T10:00:20Z&to=2026-03-01T10:00:10Z, query:to",
      "from=2026-03-01T10:00:20Z&to=2026-03-01T10:00:20Z, query:to",
      "from=2026-03-01T10:00:00Z&to=2026-03-01T10:00:00Z, query:to",
      "from=2026-03-01T12:00:00%2B02:00&to=2026-03-01T10:00:00Z, query:to",
      "from=9999-12-31T23:59:59Z, query:from", "to=1960-03-01T10:00:00Z, query:to",
      "to=9999-12-31T23:59:59Z, query:to", "from=9999-12-31T23:59:00Z&to=9999-12-31T23:59:59Z, query:to",
      "to=9999-12-31T23:59:59-10:00, query:to"})
  void aSpanMustEndLaterThanItBeginsAndBeforeTimesEnd(String span, String pointer) {
    for (String step : List.of("1m", "1h", "1d")) {
      assertThat(pointers(READER.get(target("fraud", step, "m@1") + "&" + span).is(422))).as(step)
          .containsExactly(pointer);
    }
  }

  @ParameterizedTest
  @CsvSource({"from=2026-03-01T10:00:10Z&to=2026-03-01T10:00:20Z, 10:00, 10:01",
      "from=2026-03-01T10:00:00.0001Z&to=2026-03-01T10:00:00.0002Z, 10:00, 10:01",
      "from=2026-03-01T10:00:00Z&to=2026-03-01T10:01:00Z, 10:00, 10:01",
      "from=2026-03-02T09:58:00%2B23:59&to=2026-02-28T10:02:00-23:59, 09:59, 10:01",
      "from=2026-03-01T10:00:00.123456789012Z&to=2026-03-01T10:01:00.000000000001Z, 10:00, 10:01"})
  void aSpanIsWidenedToWholeBuckets(String span, String first, String end) {
    Answer answer = READER.get(target("fraud", "1m", "m@1") + "&" + span).is(200);
    assertThat(answer.text("/from")).isEqualTo("2026-03-01T" + first + ":00.000Z");
    assertThat(answer.text("/to")).isEqualTo("2026-03-01T" + end + ":00.000Z");
  }

  @Test
  void theLastBucketBeforeTheYear10000CanBeAskedFor() {
    String span = "&from=9999-12-31T23:58:00Z&to=9999-12-31T23:59:00Z";
    assertThat(READER.get(target("fraud", "1m", "m@1") + span).is(200).text("/to"))
        .isEqualTo("9999-12-31T23:59:00.000Z");
  }
}
