package dev.modelops.metrics;

import dev.modelops.bench.WarmWork;
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
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Setup;

/** What the roll-up does with blocks but store them: decode, sketch, pack. Points a second. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls prepare first
public class RollupWork extends WarmWork {
  private static final int BLOCKS = 20;
  private static final int SERIES = 10;
  private static final int OF_SERIES = 100;

  private MetricBlocks stored;
  private long last;

  /** Twenty blocks of 1,000 points over ten series, spread over five minutes. */
  @Setup
  public void prepare() {
    stored = new MemoryBlocks();
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
      stored.put(new Block("bench", "dev", Minutes.of(batch.first()), last, batch.digest(),
          BlockCodec.encode(batch, Map.of()), "usr_bench", "bench", Instant.EPOCH));
    }
  }

  /** Holds what is put there, and reads all of it whatever is asked for. */
  private static final class MemoryBlocks implements MetricBlocks {
    private final List<Block> blocks = new ArrayList<>();

    @Override
    public Outcome put(Block block) {
      blocks.add(block);
      return Outcome.STORED;
    }

    @Override
    public void read(String model, String environment, long from, long to, Consumer<Block> each) {
      blocks.forEach(each);
    }
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
