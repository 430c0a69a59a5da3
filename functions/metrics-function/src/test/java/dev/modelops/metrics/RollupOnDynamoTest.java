package dev.modelops.metrics;

/** The same histories on the real store, shorter ones. */
class RollupOnDynamoTest extends RollupHistories {

  private static final TestStore STORE = new Stage().store;

  RollupOnDynamoTest() {
    super(STORE.blocks(), STORE.rollups());
  }

  @Override
  int batches() {
    return 10;
  }
}
