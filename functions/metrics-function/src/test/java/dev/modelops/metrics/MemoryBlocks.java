package dev.modelops.metrics;

import dev.modelops.domain.metrics.Batch;
import dev.modelops.domain.metrics.Block;
import dev.modelops.domain.metrics.MetricBlocks;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;

/** Blocks in memory: as strongly consistent as the port promises. */
final class MemoryBlocks implements MetricBlocks {

  private final Map<String, Block> blocks = new ConcurrentSkipListMap<>();

  @Override
  public Outcome put(Block block) {
    return blocks.putIfAbsent(block.digest(), block) == null ? Outcome.STORED : Outcome.REPLAYED;
  }

  @Override
  public void read(String model, String environment, long fromMinute, long toMinute, Consumer<Block> each) {
    for (Block block : blocks.values()) {
      if (block.model().equals(model) && block.environment().equals(environment) && block.firstMinute() <= toMinute
          && block.lastMinute() >= fromMinute) {
        each.accept(block);
      }
    }
  }

  static Block block(Batch batch, Instant now) {
    return new Block(batch.model(), batch.environment(), Minutes.of(batch.first()), Minutes.of(batch.last()),
        batch.digest(), BlockCodec.encode(batch, Samples.places(batch)), "svc_1", "request-1", now);
  }
}
