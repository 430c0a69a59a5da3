package dev.modelops.metrics;

import dev.modelops.domain.metrics.Block;
import dev.modelops.edge.Invocation;
import dev.modelops.edge.StreamRecord;
import dev.modelops.edge.StreamStep;
import dev.modelops.store.dynamodb.BlockImages;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** All blocks of one delivery at once, up to the first that cannot be read: that one comes again, alone in the end. */
record ArrivedBlocks(Consumer<Collection<Block>> rollup, Runnable priming) implements StreamStep {

  @Override
  public Optional<StreamRecord> handle(List<StreamRecord> records, Invocation invocation) {
    List<Block> blocks = new ArrayList<>();
    Optional<StreamRecord> unreadable = Optional.empty();
    for (StreamRecord record : records) {
      Optional<Block> block = BlockImages.read(record.key("pk"), record.key("sk"), record::number, record::bytes);
      try {
        // A record that is no block, a page of the catalog for one, is none of our business.
        block.ifPresent(found -> BlockCodec.decode(found.data()));
        block.ifPresent(blocks::add);
      } catch (CorruptData corrupt) {
        if (record == records.getFirst()) {
          throw corrupt;
        }
        unreadable = Optional.of(record);
        break;
      }
    }
    if (!blocks.isEmpty()) {
      rollup.accept(blocks);
    }
    return unreadable;
  }

  @Override
  public void prime() {
    priming.run();
  }
}
