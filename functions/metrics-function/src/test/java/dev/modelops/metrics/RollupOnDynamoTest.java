package dev.modelops.metrics;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same histories on the real store, shorter ones. */
class RollupOnDynamoTest extends RollupHistories {

  private static final Stage STAGE = new Stage();

  RollupOnDynamoTest() {
    super(STAGE.store.blocks(), STAGE.store.rollups());
  }

  @Override
  int batches() {
    return 10;
  }

  /** With the minutes before some snapshots an hour ends, or a day. */
  @ParameterizedTest
  @ValueSource(strings = {"2046-11-30T22:35:00Z", "2046-11-30T22:05:00Z", "2046-11-30T00:05:00Z"})
  void closing_is_rehearsed_at_any_time(Instant now) {
    Map<String, String> env = new HashMap<>(STAGE.aws.env("MinuteCloseFunction"));
    env.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
    Clock clock = Clock.fixed(now, ZoneOffset.UTC);
    TestStore store = DaggerTestStore.factory().create(env, clock);
    new MinuteCloseStep(store.blocks(), store.rollups(), new Retention(Duration.ofDays(30), Duration.ofDays(456)),
        clock)
        .prime();
  }
}
