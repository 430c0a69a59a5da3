package dev.modelops.metrics;

import static dev.modelops.domain.access.Role.DATA_SCIENTIST;
import static dev.modelops.domain.access.Role.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.Faults;
import dev.modelops.testkit.Faults.Kind;
import dev.modelops.testkit.TestCallers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import tools.jackson.databind.JsonNode;

/** Every call of intake, roll-up and closing may fail, done or not; whatever comes again, every point counts once. */
class FaultsTest {

  @RegisterExtension private static final Stage STAGE = new Stage();
  private static final ApiClient POSTER = ApiClient.of(new IntakeFunction(STAGE.aws.env("IntakeFunction")),
      TestCallers.of(DATA_SCIENTIST, "credit"));
  private static final ApiClient READER =
      ApiClient.of(new SeriesFunction(STAGE.aws.env("SeriesFunction")), TestCallers.of(VIEWER, "credit"));
  /** Two sandboxes of each: when one is killed, the other is given its work. */
  private static final List<RequestStreamHandler> ROLLUPS =
      List.of(new RollupFunction(STAGE.aws.env("RollupFunction")), new RollupFunction(STAGE.aws.env("RollupFunction")));
  private static final List<RequestStreamHandler> CLOSERS = List.of(
      new MinuteCloseFunction(STAGE.aws.env("MinuteCloseFunction")),
      new MinuteCloseFunction(STAGE.aws.env("MinuteCloseFunction")));

  private static void post(String model, Instant at, double value) {
    POSTER.post("/v1/metrics", Map.of("model", model, "environment", "production", "series",
        List.of(Map.of("metric", "m", "version", 1, "points",
            List.of(Map.of("time", at.toString(), "value", value))))))
        .is(202);
  }

  private static void counts(String model, Instant at, int expected, String where) {
    for (String step : List.of("1m", "1h", "1d")) {
      long total = 0;
      for (JsonNode bucket : READER.get("/v1/models/" + model + "/metrics?environment=production&step=" + step
          + "&series=m@1&from=" + at.truncatedTo(ChronoUnit.DAYS)).is(200).json().at("/items/0/buckets")) {
        total += bucket.path("count").asLong();
      }
      assertThat(total).as("%s of %s, %s", step, model, where).isEqualTo(expected);
    }
  }

  /** Does some work of which this call fails. @return whether there was such a call */
  private static boolean fails(Kind kind, int call, Runnable work) {
    AtomicInteger before = new AtomicInteger(call);
    try (
        Faults.Armed fault = Faults.arm(kind, request -> concerns(kind, request) && before.getAndDecrement() == 0, 1)) {
      try {
        work.run();
      } catch (RuntimeException | Faults.Killed failed) {
        // Lambda gives the work again.
      }
      return fault.struck() > 0;
    }
  }

  /** A read that is refused, or whose answer is lost, is as good as not sent; whoever dies after it has done nothing. */
  private static boolean concerns(Kind kind, SdkRequest request) {
    boolean writes = request instanceof PutItemRequest || request instanceof DeleteItemRequest;
    boolean unread = kind == Kind.NOT_SENT || kind == Kind.UNPROCESSED || kind == Kind.PARTLY_PROCESSED;
    return request instanceof DynamoDbRequest && (writes || unread);
  }

  private static String model(String what, Kind kind, int call) {
    String model = what + "-" + kind.name().toLowerCase(Locale.ROOT) + "-" + call;
    STAGE.model(model, "credit", 1);
    return model;
  }

  @ParameterizedTest
  @EnumSource(names = {"NOT_SENT", "ANSWER_LOST", "THROTTLED", "CONFLICT", "UNPROCESSED", "PARTLY_PROCESSED",
      "KILLED_AFTER"})
  void a_delivery_counts_every_point_once_wherever_it_fails(Kind kind) {
    boolean struck = true;
    for (int call = 0; struck; call++) {
      String model = model("delivered", kind, call);
      String where = kind + " at call " + (call + 1);
      Instant at = Instant.now().truncatedTo(ChronoUnit.MILLIS);
      post(model, at, 1);
      post(model, at.minus(Duration.ofMinutes(20)), 2);
      List<Map<String, Object>> records = STAGE.arrived();
      struck = fails(kind, call, () -> Stage.deliver(ROLLUPS.get(0), records));
      // The batch comes again, later once more, and out of order.
      assertThat(Stage.deliver(ROLLUPS.get(1), records)).contains("[]");
      List<Map<String, Object>> reversed = new ArrayList<>(records);
      Collections.reverse(reversed);
      assertThat(Stage.deliver(ROLLUPS.get(0), reversed)).contains("[]");
      counts(model, at.minus(Duration.ofMinutes(20)), 2, where);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NOT_SENT", "ANSWER_LOST", "THROTTLED", "CONFLICT", "UNPROCESSED", "PARTLY_PROCESSED",
      "KILLED_AFTER"})
  void a_closing_loses_and_doubles_nothing_wherever_it_fails(Kind kind) {
    boolean struck = true;
    for (int call = 0; struck; call++) {
      String model = model("closed", kind, call);
      Instant at = Instant.now().minus(Duration.ofMinutes(10)).truncatedTo(ChronoUnit.MILLIS);
      post(model, at, 1);
      post(model, at.plusSeconds(60), 2);
      assertThat(Stage.deliver(ROLLUPS.get(0), STAGE.arrived())).contains("[]");
      struck = fails(kind, call, () -> tick(CLOSERS.get(0)));
      tick(CLOSERS.get(1));
      counts(model, at, 2, kind + " at call " + (call + 1));
    }
  }

  private static void tick(RequestStreamHandler closer) {
    Stage.call(closer, "{}".getBytes(StandardCharsets.UTF_8));
  }
}
