package dev.modelops.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.access.Role;
import dev.modelops.domain.metrics.Batch;
import dev.modelops.domain.metrics.Block;
import dev.modelops.domain.metrics.Labels;
import dev.modelops.domain.metrics.MetricName;
import dev.modelops.domain.metrics.Point;
import dev.modelops.domain.metrics.SeriesKey;
import dev.modelops.domain.metrics.Step;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.Budget;
import dev.modelops.testkit.Budget.Spent;
import dev.modelops.testkit.ItemSize;
import dev.modelops.testkit.MovingClock;
import dev.modelops.testkit.TestCallers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What things cost, reckoned from the weights of items: DynamoDB Local miscounts units. */
class CostTest {

  private static final Stage STAGE = new Stage();
  private static final long WEEK = Duration.ofDays(7).toMillis();
  private static final int FLUSHES_A_MINUTE = 20;

  /**
   * Durations of requests in milliseconds, as a function logged them: numbers as people post them.
   *
   * @param hosts one for a single series, else one series per host and operation
   */
  private static Batch reference(int hosts) throws IOException {
    Map<SeriesKey, List<Point>> points = new TreeMap<>();
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(
        Objects.requireNonNull(CostTest.class.getResourceAsStream("/reference-points.csv")), StandardCharsets.UTF_8))) {
      lines.readLine();
      int row = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine(), row++) {
        String[] fields = line.split(",");
        SeriesKey key = hosts == 1
            ? new SeriesKey(1, new MetricName("request_duration_ms"), Labels.NONE)
            : new SeriesKey(1, new MetricName("request_duration_ms"),
                new Labels(Map.of("operation", fields[1], "host", "ip-10-0-3-" + row % hosts)));
        points.computeIfAbsent(key, none -> new ArrayList<>()).add(
            new Point(Samples.NOW.toEpochMilli() + Long.parseLong(fields[0]), Double.parseDouble(fields[2])));
      }
    }
    return new Batch("card-fraud-eu", "production", points);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aThousandPointsOfTheReferenceSetFitEightWriteUnits(int hosts) throws IOException {
    Batch batch = reference(hosts);
    assertThat(batch.size()).isEqualTo(1000);
    assertThat(batch.points().size()).matches(series -> hosts == 1 ? series == 1 : series >= 100);
    assertThat(intake(batch)).isLessThanOrEqualTo(8);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100})
  void aThousandArbitraryPointsOfAWeekFitThirteenWriteUnits(int series) {
    Random random = new Random(series);
    Batch worst =
        Samples.batch(series, 1000, () -> Samples.NOW.toEpochMilli() - random.nextLong(WEEK), anyBits(random));
    assertThat(intake(worst)).isLessThanOrEqualTo(13);
  }

  /** Posts the batch to real tables and weighs the one item that it makes. */
  private static long intake(Batch batch) {
    STAGE.store.blocks().put(new Block(batch.model(), batch.environment(), Minutes.of(batch.first()),
        Minutes.of(batch.last()), batch.digest(), BlockCodec.encode(batch, Samples.places(batch)),
        "svc_01jq0z8k3v4w5x6y7z8a9b0c1d", "Zk1x9hQ2IAMEPZw=", Samples.NOW));
    List<Map<String, AttributeValue>> items = STAGE.aws.dynamo()
        .scan(s -> s.tableName(STAGE.aws.physicalName("MetricsTable"))).items().stream()
        .filter(item -> item.toString().contains(batch.digest())).toList();
    assertThat(items).hasSize(1);
    return ItemSize.writeUnits(ItemSize.of(items.getFirst()));
  }

  @Test
  void theFirstBatchOfAMonthCostsItsSeriesMore() {
    STAGE.model("worst", "credit", 2);
    ApiClient monitor = ApiClient.of(new IntakeFunction(STAGE.aws.env("IntakeFunction")),
        TestCallers.of(Role.DATA_SCIENTIST, "credit"));
    Spent first = Budget.of(() -> monitor.post("/v1/metrics", posted(1)).is(202));
    Spent next = Budget.of(() -> monitor.post("/v1/metrics", posted(2)).is(202));
    assertThat(next.writeUnits()).isLessThanOrEqualTo(13);
    assertThat(first.writeUnits() - next.writeUnits()).isBetween(1.0, 4.0);
    assertThat(first.readUnits()).isLessThanOrEqualTo(5);
  }

  /** A thousand arbitrary points of the last week over a hundred series, as they are posted. */
  private static Map<String, Object> posted(int seed) {
    Random random = new Random(seed);
    long now = Instant.now().toEpochMilli();
    Batch batch = Samples.batch(100, 1000, () -> now - random.nextLong(WEEK - 60_000), anyBits(random));
    List<Object> series = new ArrayList<>();
    batch.points().forEach((key, points) -> series.add(Map.of("metric", key.metric().value(), "version", key.version(),
        "labels", key.labels().values(), "points", points.stream().map(point -> Map.of("time",
            Instant.ofEpochMilli(point.time()).toString(), "value", point.value())).toList())));
    return Map.of("model", "worst", "environment", "production", "series", series);
  }

  private static DoubleSupplier anyBits(Random random) {
    return () -> {
      double value = Double.NaN;
      while (!Double.isFinite(value)) {
        value = Double.longBitsToDouble(random.nextLong());
      }
      return value;
    };
  }

  @Test
  void oneSeriesPostedOnceAMinuteCostsAtMostEightWriteUnitsAMinute() {
    assertThat(perSeriesMinute(1, 1, 1000)).isLessThanOrEqualTo(8);
  }

  @Test
  void aHundredSeriesPostedAllTheTimeCostAtMostEightWriteUnitsPerSeriesAndMinute() {
    assertThat(perSeriesMinute(100, FLUSHES_A_MINUTE, 10)).isLessThanOrEqualTo(8);
  }

  /**
   * Whatever is to be seen within five seconds is written every five seconds, and a series that is alone in its page
   * shares that with none.
   */
  @Test
  void aLoneSeriesPostedAllTheTimeCostsAUnitForEachFlushMore() {
    double once = perSeriesMinute(1, 1, 1000);
    double allTheTime = perSeriesMinute(1, FLUSHES_A_MINUTE, 1000 / FLUSHES_A_MINUTE);
    assertThat(allTheTime - once).isBetween(FLUSHES_A_MINUTE - 2.0, FLUSHES_A_MINUTE + 1.0);
    assertThat(allTheTime).isLessThanOrEqualTo(27);
  }

  /** By the first part of keys: watermarks, open pages, packs and sketches, active and listed series. */
  @Test
  void noKeyTakesAllWritesOfAMinutesRollUps() {
    MovingClock clock = new MovingClock(Instant.parse("2046-11-20T10:56:59Z"));
    Retention retention = new Retention(Duration.ofDays(30), Duration.ofDays(456));
    RollupStep rollup = new RollupStep(STAGE.store.blocks(), STAGE.store.rollups(), retention, clock);
    MinuteCloseStep close = new MinuteCloseStep(STAGE.store.blocks(), STAGE.store.rollups(), retention, clock);
    Spent spent = Budget.of(() -> {
      for (int i = 0; i < 24; i++) {
        Batch batch = Samples.batch(2, 2, () -> clock.instant().toEpochMilli(), () -> 1);
        Block block = MemoryBlocks.block(new Batch("spread-" + i, "production", batch.points()), clock.instant());
        STAGE.store.blocks().put(block);
        rollup.apply(List.of(block));
      }
      clock.advance(Duration.ofMinutes(2));
      close.run();
      clock.advance(Duration.ofMinutes(3));
      close.run();
    });
    Map<String, Map<String, Integer>> writes = new TreeMap<>();
    spent.calls().stream().flatMap(call -> call.writtenKeys().stream())
        .forEach(key -> writes.computeIfAbsent(key.replaceAll("#.*", ""), none -> new TreeMap<>())
            .merge(key, 1, Integer::sum));
    assertThat(writes).hasSizeGreaterThanOrEqualTo(5);
    writes.forEach((purpose, keys) -> {
      int all = keys.values().stream().mapToInt(Integer::intValue).sum();
      assertThat(keys.values()).as("writes of one key of %s", purpose).allMatch(one -> one <= all / 2);
    });
  }

  /**
   * Writes per series and minute over the minutes before the end of an hour, the closing of that hour spread over it.
   *
   * @param points of each series in each flush, random numbers
   */
  private static double perSeriesMinute(int series, int flushes, int points) {
    int minutes = 3;
    MovingClock clock = new MovingClock(Instant.parse("2046-11-20T10:56:59Z"));
    MemoryBlocks blocks = new MemoryBlocks();
    MeasuredRollups rollups = new MeasuredRollups(new MemoryRollups());
    Retention retention = new Retention(Duration.ofDays(30), Duration.ofDays(456));
    RollupStep rollup = new RollupStep(blocks, rollups, retention, clock);
    MinuteCloseStep close = new MinuteCloseStep(blocks, rollups, retention, clock);
    Random random = new Random(9);
    long begun = 0;
    for (int minute = -1; minute < minutes; minute++) {
      if (minute == 0) {
        // The first minute finds out which series there are, once a month.
        begun = rollups.writeUnits.get();
      }
      for (int flush = 0; flush < flushes; flush++) {
        clock.advance(Duration.ofMinutes(1).dividedBy(flushes));
        Block block = MemoryBlocks.block(Samples.batch(series, Math.min(1000, series * points),
            () -> Minutes.start(Minutes.of(clock.instant())).toEpochMilli() + random.nextInt(60_000),
            random::nextGaussian), clock.instant());
        blocks.put(block);
        rollup.apply(List.of(block));
      }
      close.run();
    }
    double steady = (double) (rollups.writeUnits.get() - begun) / minutes / series;
    long before = rollups.writeUnits.get();
    clock.advance(Duration.ofMinutes(3));
    close.run();
    double hour = (double) (rollups.writeUnits.get() - before) / 60 / series;
    return steady + hour;
  }

  @Test
  void aPollOfTheLastHourByMinuteCostsAtMostThreeReadUnitsWhateverWasIngested() {
    MovingClock clock = new MovingClock(Instant.parse("2046-11-20T10:07:30Z"));
    MemoryBlocks blocks = new MemoryBlocks();
    MeasuredRollups rollups = new MeasuredRollups(new MemoryRollups());
    Retention retention = new Retention(Duration.ofDays(30), Duration.ofDays(456));
    RollupStep rollup = new RollupStep(blocks, rollups, retention, clock);
    MinuteCloseStep close = new MinuteCloseStep(blocks, rollups, retention, clock);
    Random random = new Random(10);
    // All the series that share an open page, arbitrary numbers, every minute of more than an hour.
    DoubleSupplier values = anyBits(random);
    for (int minute = 0; minute < 75; minute++) {
      clock.advance(Duration.ofMinutes(1));
      Block block = MemoryBlocks.block(Samples.batch(12, 48,
          () -> Minutes.start(Minutes.of(clock.instant())).toEpochMilli() + random.nextInt(60_000), values),
          clock.instant());
      blocks.put(block);
      rollup.apply(List.of(block));
      if (minute < 74) {
        close.run();
      }
    }
    String series = Samples.series(3).id("card-fraud-eu", "production");
    long before = rollups.halfReadUnits.get();
    long last = Minutes.of(clock.instant());
    List<SeriesReader.Bucket> buckets =
        new SeriesReader(rollups, clock).read("card-fraud-eu", "production", series, Step.MINUTE, last - 59, last);
    assertThat(buckets).hasSize(60);
    // One more for the model's head, which is read strongly.
    double units = 1 + (rollups.halfReadUnits.get() - before) / 2.0;
    assertThat(units).isLessThanOrEqualTo(3);
  }
}
