package dev.modelops.local.stream;

import dev.modelops.embedded.LocalAws;
import dev.modelops.embedded.Template.StreamSource;
import dev.modelops.local.function.MountedFunction;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.model.DescribeStreamResponse;
import software.amazon.awssdk.services.dynamodb.model.Shard;

/**
 * Reads a table's stream for a function: parents before their children, one batch at a time per shard, from where it
 * stopped before.
 */
public final class StreamDriver implements AutoCloseable {
  private static final Duration LOOK_FOR_SHARDS = Duration.ofSeconds(30);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  /** DynamoDB Local does one thing after the other: every look keeps somebody waiting. */
  private static final long BUSY_PAUSE_MILLIS = 100;
  private static final long IDLE_PAUSE_MILLIS = 300;
  private static final long TROUBLE_PAUSE_MILLIS = 500;
  private static final Duration STAYS_BUSY = Duration.ofSeconds(1);

  private final LocalAws aws;
  private final StreamSource source;
  private final String streamArn;
  private final Checkpoint checkpoint;
  private final ShardReader.Setup setup;
  private final Map<String, ShardReader> readers = new HashMap<>();
  private final Thread thread;
  private List<Shard> shards = List.of();
  private Instant looked = Instant.MIN;

  /**
   * Starts reading.
   *
   * @param state folder for its position in the stream
   */
  public static StreamDriver start(LocalAws aws, StreamSource source, MountedFunction function, Path state) {
    return start(aws, source, function, state, FIRST_PAUSE);
  }

  /**
   * Starts reading.
   *
   * @param state folder for its position in the stream
   * @param firstPause before a failed batch is brought for the second time; doubled before every further time
   */
  public static StreamDriver start(LocalAws aws, StreamSource source, MountedFunction function, Path state,
      Duration firstPause) {
    StreamDriver driver = new StreamDriver(aws, source, function, state, firstPause);
    driver.thread.start();
    return driver;
  }

  private StreamDriver(LocalAws aws, StreamSource source, MountedFunction function, Path state, Duration firstPause) {
    this.aws = aws;
    this.source = source;
    String table = aws.physicalName(source.table());
    this.streamArn = aws.dynamo().describeTable(describe -> describe.tableName(table)).table().latestStreamArn();
    String name = function.name() + "." + source.name();
    this.checkpoint = Checkpoint.load(state.resolve(name + ".json"), streamArn);
    this.setup = new ShardReader.Setup(aws.streams(), streamArn, LocalAws.REGION, source, checkpoint,
        shard -> new Delivery(function, source, givenUp(function, shard), firstPause, InstantSource.system()));
    this.thread = Thread.ofVirtual().name("stream " + name).unstarted(this::run);
  }

  private Delivery.GivenUp givenUp(MountedFunction function, String shard) {
    if (source.failureBucket().isEmpty()) {
      return (records, condition, attempts, error) -> {};
    }
    FailureBucket bucket = new FailureBucket(aws.s3(), aws.physicalName(source.failureBucket().get()), function.name(),
        function.name() + "-" + source.name(), streamArn);
    return (records, condition, attempts, error) -> bucket.keep(shard, records, condition, attempts, error);
  }

  private void run() {
    Instant lastRecord = Instant.MIN;
    while (!Thread.currentThread().isInterrupted()) {
      try {
        if (readAll()) {
          lastRecord = Instant.now();
        }
        boolean busy = lastRecord.plus(STAYS_BUSY).isAfter(Instant.now());
        Thread.sleep(busy ? BUSY_PAUSE_MILLIS : IDLE_PAUSE_MILLIS);
      } catch (InterruptedException stop) {
        return;
      } catch (SdkException trouble) {
        if (!recover()) {
          return;
        }
      }
    }
  }

  /** DynamoDB did not answer or forgot an iterator: begin again behind what is settled. */
  private boolean recover() {
    readers.clear();
    looked = Instant.MIN;
    try {
      Thread.sleep(TROUBLE_PAUSE_MILLIS);
      return true;
    } catch (InterruptedException stop) {
      return false;
    }
  }

  private boolean readAll() throws InterruptedException {
    if (looked.plus(LOOK_FOR_SHARDS).isBefore(Instant.now())) {
      look();
    }
    boolean any = false;
    for (Shard shard : shards) {
      String id = shard.shardId();
      if (checkpoint.ended(id) || waitsForParent(shard)) {
        continue;
      }
      ShardReader reader = readers.computeIfAbsent(id, key -> new ShardReader(setup, key));
      any |= reader.read();
      if (reader.ended()) {
        readers.remove(id);
        look();
        checkpoint.ended(id, shards.stream().map(Shard::shardId).toList());
        return true;
      }
    }
    return any;
  }

  /** A parent that is not listed any more has nothing left to read. */
  private boolean waitsForParent(Shard shard) {
    Set<String> listed = new HashSet<>();
    shards.forEach(each -> listed.add(each.shardId()));
    String parent = shard.parentShardId();
    return parent != null && listed.contains(parent) && !checkpoint.ended(parent);
  }

  private void look() {
    List<Shard> found = new ArrayList<>();
    String[] last = new String[1];
    do {
      DescribeStreamResponse page = aws.streams().describeStream(
          describe -> describe.streamArn(streamArn).exclusiveStartShardId(last[0]));
      found.addAll(page.streamDescription().shards());
      last[0] = page.streamDescription().lastEvaluatedShardId();
    } while (last[0] != null);
    shards = found;
    looked = Instant.now();
  }

  /** Stops; a running call is interrupted, and its records are brought again at the next start. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(3));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
