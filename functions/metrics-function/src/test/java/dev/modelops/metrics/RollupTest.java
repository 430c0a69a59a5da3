package dev.modelops.metrics;

/** Long histories on a store in memory. */
class RollupTest extends RollupHistories {

  RollupTest() {
    super(new MemoryBlocks(), new MemoryRollups());
  }

  @Override
  int batches() {
    return 250;
  }
}
