package dev.modelops.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.modelops.domain.metrics.Batch;
import dev.modelops.domain.metrics.Block;
import dev.modelops.domain.metrics.MetricBlocks;
import dev.modelops.domain.metrics.Point;
import dev.modelops.domain.metrics.RollupKey;
import dev.modelops.domain.metrics.Rollups;
import dev.modelops.domain.metrics.SeriesKey;
import dev.modelops.domain.metrics.Step;
import dev.modelops.domain.metrics.Summary;
import dev.modelops.testkit.MovingClock;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Everything that may happen to blocks and their roll-ups, held against all points that were stored. */
abstract class RollupHistories {

  private static final AtomicInteger MODELS = new AtomicInteger();
  private static final String ENVIRONMENT = "production";

  /** Each test has a model of its own, so that tests may share a store. */
  private final String model = "model-" + MODELS.incrementAndGet();
  private final MovingClock clock = new MovingClock(Instant.parse("2046-11-30T22:50:00Z"));
  private final MetricBlocks blocks;
  private final MeasuredRollups rollups;
  private final Retention retention = new Retention(Duration.ofDays(30), Duration.ofDays(456));
  private final RollupStep rollup;
  private final MinuteCloseStep close;
  private final SeriesReader reader;
  /** Every stored point, by series: what everything is held against. */
  private final Map<SeriesKey, List<Point>> stored = new TreeMap<>();

  RollupHistories(MetricBlocks blocks, Rollups rollups) {
    this.blocks = blocks;
    this.rollups = new MeasuredRollups(rollups);
    rollup = new RollupStep(blocks, this.rollups, retention, clock);
    close = new MinuteCloseStep(blocks, this.rollups, retention, clock);
    reader = new SeriesReader(this.rollups, clock);
  }

  /** How many batches a random history has. */
  abstract int batches();

  @Test
  void a_new_point_shows_in_its_minute_hour_and_day_at_once() {
    deliver(store(point(0, clock.instant(), 2.5)));

    for (Step step : Step.values()) {
      List<SeriesReader.Bucket> buckets = read(Samples.series(0), step, Duration.ofMinutes(1));
      assertThat(buckets).hasSize(1);
      assertThat(buckets.getFirst().summary()).isEqualTo(new Summary(1, 2.5, 2.5, 2.5, 2.5, 2.5, 2.5));
      assertThat(buckets.getFirst().open()).isTrue();
    }
  }

  @Test
  void a_minute_closes_and_keeps_its_numbers() {
    deliver(store(point(0, clock.instant(), 2.5)), store(point(0, clock.instant().plusSeconds(1), 3.5)));
    clock.advance(Duration.ofMinutes(3));
    close.run();

    List<SeriesReader.Bucket> minutes = read(Samples.series(0), Step.MINUTE, Duration.ofHours(1));
    assertThat(minutes).singleElement().satisfies(bucket -> {
      assertThat(bucket.summary()).isEqualTo(new Summary(2, 2.5, 3.5, 3, 2.5, 3.5, 3.5));
      assertThat(bucket.open()).isFalse();
    });
    assertThat(read(Samples.series(0), Step.HOUR, Duration.ofHours(1))).singleElement()
        .satisfies(bucket -> assertThat(bucket.open()).isTrue());
    assertThat(rollups.open(model, ENVIRONMENT, Long.MAX_VALUE)).isEmpty();
  }

  @Test
  void a_block_that_is_delivered_many_times_counts_once() {
    Block block = store(point(0, clock.instant(), 1));
    for (int i = 0; i < 5; i++) {
      deliver(block, block);
      clock.advance(Duration.ofMinutes(i * 7));
      close.run();
    }

    exact(false);
  }

  @Test
  void late_points_change_the_closed_minute_hour_and_day_they_belong_to() {
    deliver(store(point(0, clock.instant(), 1)));
    for (int i = 0; i < 30; i++) {
      clock.advance(Duration.ofHours(1));
      close.run();
    }
    deliver(store(point(0, clock.instant().minus(Duration.ofHours(30)), 9),
        point(0, clock.instant().minus(Duration.ofHours(40)), 7),
        point(1, clock.instant().minus(Duration.ofDays(5)), 7)));

    exact(false);
    clock.advance(Duration.ofMinutes(3));
    close.run();
    exact(true);
  }

  @Test
  void a_late_point_shows_in_a_day_that_has_points_in_a_later_hour_than_the_first_open_minute() {
    deliver(store(point(0, clock.instant(), 1)));
    clock.advance(Duration.ofMinutes(10).plusSeconds(30));
    close.run();
    deliver(store(point(0, clock.instant(), 2)));

    deliver(store(point(0, clock.instant().minus(Duration.ofMinutes(5)), 3)));
    deliver(store(point(0, clock.instant().minus(Duration.ofHours(5)), 4)));

    exact(false);
  }

  @Test
  void buckets_whose_blocks_may_be_gone_stay_as_they_are() {
    Block block = store(point(0, clock.instant(), 1));
    deliver(block);
    clock.advance(Duration.ofHours(2));
    close.run();
    clock.advance(Duration.ofDays(30));
    Block replayed =
        MemoryBlocks.block(batch(point(0, clock.instant().minus(Duration.ofDays(30)), 5)), clock.instant());
    blocks.put(replayed);
    deliver(replayed);

    exact(false);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void whatever_the_order_of_arrivals_repeats_and_closings_the_numbers_are_exact(long seed) {
    history(seed);
  }

  void history(long seed) {
    Random random = new Random(seed);
    List<Block> undelivered = new ArrayList<>();
    boolean[] inside = new boolean[1];
    rollups.before(() -> {
      // Now and then minutes are closed, or another delivery runs, in the middle of whatever is going on.
      if (!inside[0] && random.nextInt(250) == 0) {
        inside[0] = true;
        if (random.nextBoolean()) {
          close.run();
        } else if (!undelivered.isEmpty()) {
          deliver(undelivered.get(random.nextInt(undelivered.size())));
        }
        inside[0] = false;
      }
    });
    for (int i = 0; i < batches(); i++) {
      clock.advance(Duration.ofSeconds(random.nextInt(i % 50 == 0 ? 4000 : 40)));
      undelivered.add(store(randomPoints(random)));
      while (random.nextInt(3) > 0 && !undelivered.isEmpty()) {
        Block block = undelivered.get(random.nextInt(undelivered.size()));
        deliver(block);
        if (random.nextInt(4) > 0) {
          undelivered.remove(block);
        }
      }
      if (random.nextInt(3) == 0) {
        close.run();
      }
    }
    deliver(undelivered.toArray(Block[]::new));
    rollups.before(() -> {});
    exact(false);
    for (int i = 0; i < 4; i++) {
      clock.advance(Duration.ofMinutes(50));
      close.run();
    }
    exact(true);
    assertThat(rollups.open(model, ENVIRONMENT, Long.MAX_VALUE)).isEmpty();
    assertThat(rollups.get(new RollupKey.Watermark(model, ENVIRONMENT))).isEmpty();
  }

  private Sample[] randomPoints(Random random) {
    Sample[] points = new Sample[1 + random.nextInt(6)];
    for (int i = 0; i < points.length; i++) {
      long seconds = switch (random.nextInt(10)) {
        case 0 -> -random.nextInt(290);
        case 1 -> random.nextInt(7200);
        case 2 -> random.nextInt(3 * 86_400);
        default -> random.nextInt(100);
      };
      points[i] = point(random.nextInt(20), clock.instant().minusSeconds(seconds), random.nextGaussian());
    }
    return points;
  }

  /** Holds every bucket of every series against all stored points. */
  private void exact(boolean closed) {
    stored.forEach((series, points) -> {
      for (Step step : Step.values()) {
        SortedMap<Long, List<Double>> expected = new TreeMap<>();
        points.forEach(point -> expected.computeIfAbsent(step.bucket(point.time()), none -> new ArrayList<>())
            .add(point.value()));
        Map<Long, Summary> found = new HashMap<>();
        for (SeriesReader.Bucket bucket : read(series, step, Duration.ofDays(40))) {
          found.put(bucket.bucket(), bucket.summary());
          assertThat(closed && bucket.open() && step == Step.MINUTE).as("%s %s", step, bucket).isFalse();
        }
        assertThat(found.keySet()).as("%s %s", step, series).isEqualTo(expected.keySet());
        expected.forEach((bucket, values) -> same(found.get(bucket), values, step + " " + bucket + " " + series));
      }
    });
  }

  private static void same(@org.jspecify.annotations.Nullable Summary found, List<Double> values, String what) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double mean = values.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add)
        .divide(BigDecimal.valueOf(sorted.length), new MathContext(400)).doubleValue();
    assertThat(found).as(what).isNotNull();
    if (found != null) {
      assertThat(found.count()).as(what).isEqualTo(sorted.length);
      assertThat(found.min()).as(what).isEqualTo(sorted[0]);
      assertThat(found.max()).as(what).isEqualTo(sorted[sorted.length - 1]);
      assertThat(found.mean()).as(what).isEqualTo(mean);
      if (sorted.length <= Aggregate.K) {
        assertThat(found.p50()).as(what).isEqualTo(sorted[(50 * sorted.length + 99) / 100 - 1], within(0.0));
        assertThat(found.p99()).as(what).isEqualTo(sorted[(99 * sorted.length + 99) / 100 - 1], within(0.0));
      }
    }
  }

  private List<SeriesReader.Bucket> read(SeriesKey series, Step step, Duration back) {
    return reader.read(model, ENVIRONMENT, series.id(model, ENVIRONMENT), step,
        step.bucket(clock.millis() - back.toMillis()), step.bucket(clock.millis() + Duration.ofMinutes(6).toMillis()));
  }

  private record Sample(int series, Point point) {}

  private static Sample point(int series, Instant time, double value) {
    return new Sample(series, new Point(time.toEpochMilli(), value));
  }

  private Batch batch(Sample... samples) {
    Map<SeriesKey, List<Point>> points = new TreeMap<>();
    for (Sample sample : samples) {
      points.computeIfAbsent(Samples.series(sample.series()), none -> new ArrayList<>()).add(sample.point());
    }
    return new Batch(model, ENVIRONMENT, points);
  }

  private Block store(Sample... samples) {
    Block block = MemoryBlocks.block(batch(samples), clock.instant());
    blocks.put(block);
    for (Sample sample : samples) {
      stored.computeIfAbsent(Samples.series(sample.series()), none -> new ArrayList<>()).add(sample.point());
    }
    return block;
  }

  private void deliver(Block... some) {
    rollup.apply(List.of(some));
  }
}
