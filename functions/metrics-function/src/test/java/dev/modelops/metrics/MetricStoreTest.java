package dev.modelops.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.metrics.Block;
import dev.modelops.domain.metrics.MetricBlocks;
import dev.modelops.domain.metrics.Point;
import dev.modelops.domain.metrics.Batch;
import dev.modelops.domain.metrics.RollupKey;
import dev.modelops.domain.metrics.Rollups;
import dev.modelops.domain.metrics.Rollups.Cell;
import dev.modelops.domain.metrics.SeriesCatalog;
import dev.modelops.domain.metrics.Step;
import dev.modelops.testkit.ItemSize;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class MetricStoreTest {

  private static final Stage STAGE = new Stage();
  private static final Rollups ROLLUPS = STAGE.store.rollups();
  /** The longest name that a model, and an environment, may have. */
  private static final String LONG_MODEL = "m".repeat(128);
  private static final String LONG_ENVIRONMENT = "e".repeat(63);
  private static final String SERIES = Samples.series(0).id("m", "dev");

  @Test
  void everyBlockIsFoundByEveryMinuteOfItsPointsAndByNoOther() {
    MetricBlocks blocks = STAGE.store.blocks();
    MetricBlocks expected = new MemoryBlocks();
    Random random = new Random(5);
    long now = Samples.NOW.toEpochMilli();
    List<Block> stored = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      long span = (long) Math.pow(10, random.nextDouble() * 5.7 + 3);
      long last = now - random.nextInt(7_200_000);
      Batch batch = new Batch("Levels", "dev", Map.of(Samples.series(0),
          List.of(new Point(last, i), new Point(last - random.nextLong(span), i))));
      Block block = MemoryBlocks.block(batch, Samples.NOW);
      assertThat(blocks.put(block)).isEqualTo(MetricBlocks.Outcome.STORED);
      assertThat(blocks.put(block)).isEqualTo(MetricBlocks.Outcome.REPLAYED);
      expected.put(block);
      stored.add(block);
    }
    for (Block block : stored) {
      assertThat(found(blocks, block.firstMinute(), block.firstMinute())).contains(block.digest());
      assertThat(found(blocks, block.lastMinute(), block.lastMinute())).contains(block.digest());
    }
    for (int i = 0; i < 60; i++) {
      long from = Minutes.of(now) - random.nextInt(300);
      long to = from + random.nextInt(40);
      assertThat(found(blocks, from, to)).isEqualTo(found(expected, from, to));
    }
  }

  private static TreeSet<String> found(MetricBlocks blocks, long from, long to) {
    TreeSet<String> digests = new TreeSet<>();
    blocks.read("Levels", "dev", from, to, block -> assertThat(digests.add(block.digest())).isTrue());
    return digests;
  }

  @Test
  void aCellIsWrittenOnlyByWhoeverKnowsItsRevision() {
    RollupKey key = new RollupKey.Pack("revisions", Step.MINUTE, 1);
    assertThat(ROLLUPS.put(key, 1, bytes(1), null)).isFalse();
    assertThat(ROLLUPS.put(key, 0, bytes(1), null)).isTrue();
    assertThat(ROLLUPS.put(key, 0, bytes(2), null)).isFalse();
    assertThat(ROLLUPS.put(key, 1, bytes(3), Samples.NOW)).isTrue();
    assertThat(ROLLUPS.get(key)).hasValueSatisfying(cell -> {
      assertThat(cell.rev()).isEqualTo(2);
      assertThat(cell.data()).isEqualTo(bytes(3));
    });
    assertThat(ROLLUPS.remove(key, 1)).isFalse();
    assertThat(ROLLUPS.remove(key, 2)).isTrue();
    assertThat(ROLLUPS.get(key)).isEmpty();
  }

  @Test
  void rangesBringWhatWasAskedForAndNothingElse() {
    for (long run = 10; run < 20; run++) {
      ROLLUPS.put(new RollupKey.Pack("ranges", Step.MINUTE, run), 0, bytes(1), null);
      ROLLUPS.put(new RollupKey.Pack("ranges", Step.HOUR, run), 0, bytes(1), null);
      ROLLUPS.put(new RollupKey.QuarterSketch("ranges", run), 0, bytes(1), null);
      ROLLUPS.put(new RollupKey.Open("Ranges", "dev", (int) run % 2, run), 0, bytes(1), null);
      ROLLUPS.put(new RollupKey.Listed("ranges", "dev", "id-" + run), 0, bytes(1), null);
    }
    ROLLUPS.put(new RollupKey.Placement("ranges"), 0, bytes(1), null);
    ROLLUPS.put(new RollupKey.Watermark("ranges", "dev"), 0, bytes(1), null);
    assertThat(ROLLUPS.packs("ranges", Step.MINUTE, 12, 14, false)).hasSize(3);
    assertThat(ROLLUPS.packs("ranges", Step.MINUTE, 12, 30, true)).hasSize(9)
        .anyMatch(cell -> cell.key().equals(new RollupKey.Placement("ranges")));
    assertThat(ROLLUPS.quarters("ranges", 10, 12)).hasSize(3);
    assertThat(ROLLUPS.open("ranges", "dev", 1, 11, 15)).extracting(Cell::key)
        .containsExactly(new RollupKey.Open("ranges", "dev", 1, 11), new RollupKey.Open("ranges", "dev", 1, 13),
            new RollupKey.Open("ranges", "dev", 1, 15));
    assertThat(ROLLUPS.open("ranges", "dev", 12)).hasSize(3);
    assertThat(ROLLUPS.listed("ranges", "dev", null, 4)).hasSize(4);
    assertThat(ROLLUPS.listed("ranges", "dev", "id-15", 100)).hasSize(4);
    List<RollupKey> many = new ArrayList<>();
    for (long run = 0; run < 250; run++) {
      many.add(new RollupKey.Pack("ranges", Step.HOUR, run));
    }
    assertThat(ROLLUPS.getAll(many)).hasSize(10);
    List<Cell> watermarks = new ArrayList<>();
    for (int share = 0; share < Rollups.SHARES; share++) {
      watermarks.addAll(ROLLUPS.watermarks(share));
    }
    assertThat(watermarks).extracting(Cell::key).contains(new RollupKey.Watermark("ranges", "dev"));
  }

  @Test
  void whatSurroundsTheDataOfACellIsAsLittleAsTheCostTestsAssume() {
    long minute = Minutes.of(Samples.NOW);
    List<RollupKey> perSeries = List.of(new RollupKey.Pack(SERIES, Step.MINUTE, minute),
        new RollupKey.QuarterSketch(SERIES, minute), new RollupKey.DaySketch(SERIES, minute),
        new RollupKey.Placement(SERIES), new RollupKey.Open("card-fraud-eu", "production", 99, minute));
    for (RollupKey key : perSeries) {
      assertThat(around(key)).as("%s", key).isLessThanOrEqualTo(MeasuredRollups.AROUND_THE_DATA);
    }
    assertThat(around(new RollupKey.Open(LONG_MODEL, LONG_ENVIRONMENT, 99, minute))).isLessThanOrEqualTo(260);
  }

  private static long around(RollupKey key) {
    byte[] data = new byte[500];
    new Random(key.hashCode()).nextBytes(data);
    ROLLUPS.put(key, 0, data, Samples.NOW);
    for (Map<String, AttributeValue> item : STAGE.aws.dynamo()
        .scanPaginator(s -> s.tableName(STAGE.aws.physicalName("RollupsTable"))).items()) {
      AttributeValue found = item.get("d");
      if (found != null && java.util.Arrays.equals(found.b().asByteArray(), data)) {
        return ItemSize.of(item) - data.length;
      }
    }
    throw new AssertionError(key + " was not written");
  }

  @Test
  void aPageOfTheCatalogIsReplacedOnlyByWhoeverKnowsIt() {
    SeriesCatalog catalog = STAGE.store.catalog();
    YearMonth month = YearMonth.of(2026, 11);
    assertThat(catalog.write("m", "dev", month, new SeriesCatalog.Page(0, 0, bytes(1)))).isTrue();
    assertThat(catalog.write("m", "dev", month, new SeriesCatalog.Page(0, 0, bytes(2)))).isFalse();
    assertThat(catalog.write("m", "dev", month, new SeriesCatalog.Page(1, 0, bytes(2)))).isTrue();
    assertThat(catalog.pages("m", "dev", month, 1)).singleElement()
        .satisfies(page -> assertThat(page.rev()).isEqualTo(1));
    assertThat(catalog.pages("M", "dev", month, 0)).hasSize(2);
    assertThat(catalog.pages("m", "dev", month.plusMonths(1), 0)).isEmpty();
  }

  private static byte[] bytes(int value) {
    return new byte[] {(byte) value};
  }
}
