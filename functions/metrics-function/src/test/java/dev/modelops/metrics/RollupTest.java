package dev.modelops.metrics;

import java.util.stream.LongStream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Long histories on a store in memory. */
// It calls nothing outside: no fault or count of others can meet it.
@Execution(ExecutionMode.CONCURRENT)
class RollupTest extends RollupHistories {

  RollupTest() {
    super(new MemoryBlocks(), new MemoryRollups());
  }

  @Override
  int batches() {
    return 250;
  }

  /** In one thread, so that a seed that fails fails again; <code>-Dhistories=1000</code> looks further. */
  @ParameterizedTest
  @MethodSource("seeds")
  void the_same_in_one_order_of_steps(long seed) {
    ScopedValue.where(Repeat.AT_ONCE, 1).run(() -> history(seed));
  }

  static LongStream seeds() {
    return LongStream.rangeClosed(1, Long.getLong("histories", 8));
  }
}
