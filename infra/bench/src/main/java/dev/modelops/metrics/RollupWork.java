package dev.modelops.metrics;

import dev.modelops.domain.metrics.Batch;
import dev.modelops.domain.metrics.Block;
import dev.modelops.domain.metrics.Labels;
import dev.modelops.domain.metrics.MetricBlocks;
import dev.modelops.domain.metrics.MetricName;
import dev.modelops.domain.metrics.Point;
import dev.modelops.domain.metrics.SeriesKey;
import dev.modelops.domain.metrics.Summary;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the roll-up does with blocks but store them: decode, sketch, pack. Points a second. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 2, jvmArgsAppend = {"-XX:+UseSerialGC", "--enable-native-access=ALL-UNNAMED"})
@SuppressWarnings("NullAway.Init") // JMH calls prepare first
public class RollupWork {
  private static final int BLOCKS = 20;
  private static final int SERIES = 10;
  private static final int OF_SERIES = 100;

  private MetricBlocks stored;
  private long last;

  /** Twenty blocks of 1,000 points over ten series, spread over five minutes. */
  @Setup
  public void prepare() {
    List<Block> blocks = new ArrayList<>();
    Random values = new Random(1);
    for (int number = 0; number < BLOCKS; number++) {
      Map<SeriesKey, List<Point>> points = new HashMap<>();
      for (int series = 0; series < SERIES; series++) {
        List<Point> list = new ArrayList<>();
        for (int i = 0; i < OF_SERIES; i++) {
          list.add(new Point(i * 3_000L + number, Math.round(values.nextGaussian(120, 15) * 10) / 10.0));
        }
        points.put(new SeriesKey(1, new MetricName("latency_" + series), new Labels(Map.of())), list);
      }
      Batch batch = new Batch("bench", "dev", points);
      last = Minutes.of(batch.last());
      blocks.add(new Block("bench", "dev", Minutes.of(batch.first()), last, batch.digest(),
          BlockCodec.encode(batch, Map.of()), "usr_bench", "bench", Instant.EPOCH));
    }
    stored = new MetricBlocks() {
      @Override
      public Outcome put(Block block) {
        throw new UnsupportedOperationException();
      }

      @Override
      public void read(String model, String environment, long from, long to, Consumer<Block> each) {
        blocks.forEach(each);
      }
    };
  }

  @Benchmark
  @OperationsPerInvocation(BLOCKS * SERIES * OF_SERIES)
  public List<byte[]> rollup() {
    Fold fold = Fold.of(stored, "bench", "dev", 0, last, null);
    List<byte[]> cells = new ArrayList<>();
    for (SeriesKey series : fold.series()) {
      SortedMap<Long, Aggregate> minutes = fold.minutes(series);
      Sketched sketch = Sketched.empty();
      SummaryPack pack = SummaryPack.EMPTY;
      for (Map.Entry<Long, Aggregate> minute : minutes.entrySet()) {
        int part = Minutes.inQuarter(minute.getKey());
        Summary summary = minute.getValue().summary();
        cells.add(new OpenPage(new TreeMap<>(Map.of(1L, new OpenPage.Entry(summary, summary, summary)))).encode());
        pack = pack.with(part, summary);
        sketch = sketch.with(part, minute.getValue());
      }
      cells.add(sketch.encode());
      cells.add(pack.encode());
    }
    return cells;
  }
}
