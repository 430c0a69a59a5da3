package dev.modelops.store.dynamodb;

import dev.modelops.domain.Ref;
import dev.modelops.domain.metrics.Block;
import dev.modelops.domain.metrics.MetricBlocks;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * Blocks, one item each. A block stands on the level that its span in time fits, in the slot of its first minute, and so
 * reaches into the next slot at most: whoever looks for a minute asks each level for two slots. A batch is one item
 * whatever hours it spans, and equal batches have equal keys.
 */
final class DynamoMetricBlocks implements MetricBlocks {

  static final String PREFIX = "b#";
  static final String FIRST = "f";
  static final String LAST = "l";
  static final String DATA = "d";
  private static final String SUBJECT = "by";
  private static final String REQUEST = "req";
  private static final String RECEIVED = "at";
  /** Minutes of a slot on each level: a minute, ten, an hour, eight days. No batch spans more. */
  private static final long[] SLOTS = {1, 10, 60, 8 * 1440};

  private final Dynamo dynamo;
  private final Tables tables;
  private final Duration retention;

  DynamoMetricBlocks(Dynamo dynamo, Tables tables, Duration retention) {
    this.dynamo = dynamo;
    this.tables = tables;
    this.retention = retention;
  }

  static String partition(String model, String environment) {
    return PREFIX + Ref.fold(model) + "#" + environment;
  }

  private static String slot(int level, long minute) {
    return level + Items.padded(Math.floorDiv(minute, SLOTS[level]), 10);
  }

  private static int level(long first, long last) {
    for (int level = 0; level < SLOTS.length; level++) {
      if (last - first <= SLOTS[level]) {
        return level;
      }
    }
    throw new IllegalArgumentException("a block of " + (last - first) + " minutes");
  }

  @Override
  public Outcome put(Block block) {
    Map<String, AttributeValue> item = item(block);
    return Writes.put(dynamo,
        p -> p.tableName(tables.metrics()).item(item).conditionExpression("attribute_not_exists(pk)"))
            ? Outcome.STORED
            : Outcome.REPLAYED;
  }

  static Map<String, AttributeValue> key(String model, String environment, long first, long last, String digest) {
    return Items.key(partition(model, environment), slot(level(first, last), first) + "#" + digest);
  }

  Map<String, AttributeValue> item(Block block) {
    Map<String, AttributeValue> item = new HashMap<>(
        key(block.model(), block.environment(), block.firstMinute(), block.lastMinute(), block.digest()));
    item.put(FIRST, Items.n(block.firstMinute()));
    item.put(LAST, Items.n(block.lastMinute()));
    item.put(DATA, Items.b(block.data()));
    item.put(SUBJECT, Items.s(block.subject()));
    item.put(REQUEST, Items.s(block.requestId()));
    item.put(RECEIVED, Items.n(block.receivedAt().toEpochMilli()));
    item.put(Items.TTL, Items.n(block.receivedAt().plus(retention).getEpochSecond()));
    return item;
  }

  @Override
  public void read(String model, String environment, long fromMinute, long toMinute, Consumer<Block> each) {
    for (int level = 0; level < SLOTS.length; level++) {
      String from = slot(level, fromMinute - SLOTS[level]);
      String to = slot(level, toMinute) + "~";
      @Nullable Map<String, AttributeValue> start = null;
      do {
        QueryRequest.Builder query = QueryRequest.builder().tableName(tables.metrics()).consistentRead(true)
            .keyConditionExpression("pk = :pk AND sk BETWEEN :from AND :to")
            .filterExpression("#l >= :first AND #f <= :last")
            .expressionAttributeNames(Map.of("#f", FIRST, "#l", LAST))
            .expressionAttributeValues(Map.of(":pk", Items.s(partition(model, environment)), ":from", Items.s(from),
                ":to", Items.s(to), ":first", Items.n(fromMinute), ":last", Items.n(toMinute)));
        if (start != null) {
          query.exclusiveStartKey(start);
        }
        QueryResponse page = Reads.query(dynamo, query.build());
        page.items().forEach(item -> each.accept(block(item)));
        start = page.hasLastEvaluatedKey() ? page.lastEvaluatedKey() : null;
      } while (start != null);
    }
  }

  private static Block block(Map<String, AttributeValue> item) {
    String[] place = Items.text(item, Items.PK).substring(PREFIX.length()).split("#", 2);
    String sk = Items.text(item, Items.SK);
    return new Block(place[0], place[1], Items.number(item, FIRST), Items.number(item, LAST),
        sk.substring(sk.indexOf('#') + 1), Items.bytes(item, DATA), Items.text(item, SUBJECT),
        Items.text(item, REQUEST), Instant.ofEpochMilli(Items.number(item, RECEIVED)));
  }
}
