package dev.modelops.metrics;

import dev.modelops.testkit.MovingClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same histories on the real store, shorter ones. */
class RollupOnDynamoTest extends RollupHistories {

  private static final Stage STAGE = new Stage();
  private static final Retention RETENTION = new Retention(Duration.ofDays(30), Duration.ofDays(456));

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
    Clock clock = Clock.fixed(now, ZoneOffset.UTC);
    TestStore store = beforeASnapshot("MinuteCloseFunction", clock);
    new MinuteCloseStep(store.blocks(), store.rollups(), RETENTION, clock).prime();
  }

  /** As many rounds as there are before a snapshot, and new pages with every minute among those that are known. */
  @Test
  void rolling_up_is_rehearsed_while_time_goes_on() {
    MovingClock clock = new MovingClock(Instant.parse("2046-11-30T22:35:50Z"));
    TestStore store = beforeASnapshot("RollupFunction", clock);
    RollupStep step = new RollupStep(store.blocks(), store.rollups(), RETENTION, clock);
    for (int round = 0; round < 10; round++) {
      step.prime();
      clock.advance(Duration.ofSeconds(20));
    }
  }

  private static TestStore beforeASnapshot(String function, Clock clock) {
    Map<String, String> env = new HashMap<>(STAGE.aws.env(function));
    env.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
    return DaggerTestStore.factory().create(env, clock);
  }
}
