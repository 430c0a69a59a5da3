package dev.modelops.local.stream;

import dev.modelops.embedded.Template.StreamSource;
import dev.modelops.local.function.MountedFunction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;
import software.amazon.awssdk.services.dynamodb.model.TrimmedDataAccessException;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsClient;
import tools.jackson.databind.JsonNode;

/** Reads one shard: gathers what passes the filters into batches and has them delivered. */
final class ShardReader {
  private static final int MOST_PER_READ = 1_000;
  /** Below Lambda's limit of an event, with room for what surrounds the records. */
  private static final int BATCH_BYTES = MountedFunction.PAYLOAD_LIMIT - 64 * 1024;

  private final Setup setup;
  private final String shard;
  private final Delivery delivery;
  private final Predicate<JsonNode> filter;
  private final List<StreamRecord> gathered = new ArrayList<>();
  private Instant firstGathered = Instant.MAX;
  private int gatheredBytes;
  private @Nullable String iterator;
  private @Nullable String skipped;
  private boolean ended;

  /** What all readers of a stream share. */
  record Setup(DynamoDbStreamsClient streams, String streamArn, String region, StreamSource source,
      Checkpoint checkpoint, Function<String, Delivery> delivery) {}

  ShardReader(Setup setup, String shard) {
    this.setup = setup;
    this.shard = shard;
    this.delivery = setup.delivery().apply(shard);
    this.filter = FilterPattern.any(setup.source().filters());
    this.iterator = start();
  }

  /** Whether the shard is closed and everything in it is settled. */
  boolean ended() {
    return ended;
  }

  /**
   * Reads once and delivers what is due.
   *
   * @return whether there was anything
   */
  boolean read() throws InterruptedException {
    GetRecordsResponse page = setup.streams().getRecords(get -> get.shardIterator(iterator).limit(MOST_PER_READ));
    for (Record each : page.records()) {
      StreamRecord record = StreamRecord.of(each, setup.streamArn(), setup.region());
      if (!filter.test(record.json())) {
        skipped = record.sequence();
      } else {
        if (gatheredBytes + record.bytes() > BATCH_BYTES) {
          deliver();
        }
        gather(record);
        if (gathered.size() >= setup.source().batchSize()) {
          deliver();
        }
      }
    }
    iterator = page.nextShardIterator();
    if (iterator == null || isDue()) {
      deliver();
    }
    if (gathered.isEmpty() && skipped != null) {
      setup.checkpoint().settled(shard, skipped);
      skipped = null;
    }
    ended = iterator == null;
    return !page.records().isEmpty();
  }

  private boolean isDue() {
    return !gathered.isEmpty() && !firstGathered.plus(setup.source().batchingWindow()).isAfter(Instant.now());
  }

  private void gather(StreamRecord record) {
    if (gathered.isEmpty()) {
      firstGathered = Instant.now();
    }
    gathered.add(record);
    gatheredBytes += record.bytes();
    skipped = null;
  }

  private void deliver() throws InterruptedException {
    if (!gathered.isEmpty()) {
      delivery.deliver(List.copyOf(gathered), last -> setup.checkpoint().settled(shard, last.sequence()));
      gathered.clear();
    }
    gatheredBytes = 0;
    firstGathered = Instant.MAX;
  }

  private @Nullable String start() {
    String settled = setup.checkpoint().sequence(shard).orElse(null);
    if (settled != null) {
      try {
        return iterator(ShardIteratorType.AFTER_SEQUENCE_NUMBER, settled);
      } catch (TrimmedDataAccessException forgotten) {
        // The stream keeps a day; what is left of it comes now.
      }
    }
    return iterator(ShardIteratorType.TRIM_HORIZON, null);
  }

  private @Nullable String iterator(ShardIteratorType type, @Nullable String sequence) {
    return setup.streams().getShardIterator(get -> get.streamArn(setup.streamArn()).shardId(shard)
        .shardIteratorType(type).sequenceNumber(sequence)).shardIterator();
  }
}
