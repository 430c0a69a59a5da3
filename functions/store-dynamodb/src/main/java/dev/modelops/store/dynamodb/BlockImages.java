package dev.modelops.store.dynamodb;

import dev.modelops.domain.metrics.Block;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Reads blocks from the stream of their table. */
public final class BlockImages {

  private BlockImages() {}

  /**
   * The block of an item that the stream shows; empty when the item is none. Who sent it is not told.
   *
   * @param number a number of the item by its attribute
   * @param bytes bytes of the item by their attribute
   */
  public static Optional<Block> read(String pk, String sk, Function<String, OptionalLong> number,
      Function<String, Optional<byte[]>> bytes) {
    Optional<byte[]> data = bytes.apply(DynamoMetricBlocks.DATA);
    String[] place = pk.split("#", 3);
    if (!pk.startsWith(DynamoMetricBlocks.PREFIX) || place.length < 3 || data.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new Block(place[1], place[2], number.apply(DynamoMetricBlocks.FIRST).orElse(0),
        number.apply(DynamoMetricBlocks.LAST).orElse(0), sk.substring(sk.indexOf('#') + 1), data.get(), "", "",
        Instant.EPOCH));
  }
}
