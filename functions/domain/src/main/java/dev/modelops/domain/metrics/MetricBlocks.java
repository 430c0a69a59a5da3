package dev.modelops.domain.metrics;

import java.util.function.Consumer;

/**
 * The blocks of metric points: written once, never changed, gone some days after no point of theirs can arrive any more.
 * Throttling and time-outs are retried inside, until the deadline of the client; then
 * {@link dev.modelops.domain.change.Unavailable}, after which the caller may send the same batch again at any time.
 */
public interface MetricBlocks {

  /** What a write found. */
  enum Outcome {
    STORED,
    /** The same batch was stored before: nothing has happened. */
    REPLAYED
  }

  /**
   * Stores the whole block with one conditional write: all points of the batch, or none. Durable when it returns, and
   * announced on the stream of blocks at least once. Equal batches have equal keys.
   */
  Outcome put(Block block);

  /**
   * Hands over every block that may hold a point of these minutes (both included), each once, in the order of keys.
   * Strongly consistent: every block stored before the call began is among them. Reads page by page: memory does not
   * grow with what is stored. Blocks may hold points of other minutes besides.
   */
  void read(String model, String environment, long fromMinute, long toMinute, Consumer<Block> each);
}
