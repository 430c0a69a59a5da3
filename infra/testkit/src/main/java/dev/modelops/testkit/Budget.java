package dev.modelops.testkit;

import dev.modelops.embedded.ReadBack;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.s3.model.S3Request;

/**
 * What calls to AWS cost, in the units of on-demand DynamoDB, computed from item sizes (DynamoDB Local miscounts):
 *
 * <ul>
 * <li>write units: 1 per started KB of the item, the same again for each index that holds it, double in a transaction;
 * an update counts its key and values, which is right for the small counters that are updated here
 * <li>read units: 1 per started 4 KB, half when eventually consistent; a query counts all its items together
 * <li>an S3 request counts as 8 write units, which is its price
 * </ul>
 *
 * <p>Item sizes as DynamoDB documents them: UTF-8 bytes of names and values, numbers by their digits.
 */
public final class Budget implements ExecutionInterceptor {

  /**
   * One call; times in nanoseconds of one clock.
   *
   * @param writtenKeys partition keys of the items that were written, as {@code table attribute:key}, of indexes too
   * @param failed whether it was refused, as by a condition: it costs nevertheless
   */
  public record Call(String operation, double writeUnits, double readUnits, List<String> writtenKeys, long began,
      long ended, boolean failed) {}

  /** The calls of one measured piece of work, in the order of their answers. */
  public record Spent(List<Call> calls) {
    public double writeUnits() {
      return calls.stream().mapToDouble(Call::writeUnits).sum();
    }

    public double readUnits() {
      return calls.stream().mapToDouble(Call::readUnits).sum();
    }

    /** How many calls had to wait for one another: the longest row in which each began after the one before ended. */
    public int steps() {
      int steps = 0;
      long free = Long.MIN_VALUE;
      for (Call call : calls.stream().sorted(Comparator.comparingLong(Call::ended)).toList()) {
        if (call.began() >= free) {
          steps++;
          free = call.ended();
        }
      }
      return steps;
    }

    /** How many calls of an operation there were, such as {@code TransactWriteItems}. */
    public long count(String operation) {
      return calls.stream().filter(call -> call.operation().equals(operation)).count();
    }

    /** How many calls of an operation were refused. */
    public long failed(String operation) {
      return calls.stream().filter(call -> call.failed() && call.operation().equals(operation)).count();
    }

    public long s3Requests() {
      return calls.stream().filter(call -> call.operation().startsWith(S3)).count();
    }
  }

  /** A measurement under way. */
  public static final class Meter implements AutoCloseable {
    private final List<Call> calls = new CopyOnWriteArrayList<>();

    /** What was spent so far, by every thread of the JVM. */
    public Spent spent() {
      return new Spent(List.copyOf(calls));
    }

    @Override
    public void close() {
      METERS.remove(this);
    }
  }

  private static final String S3 = "S3:";
  /** The index of search terms, which holds nothing but keys. */
  private static final String KEYS_ONLY = "apk";
  private static final List<String> INDEXES = List.of("g1pk", "g2pk", "g3pk", KEYS_ONLY);
  private static final ExecutionAttribute<Long> BEGAN = new ExecutionAttribute<>("BudgetBegan");
  private static final List<Meter> METERS = new CopyOnWriteArrayList<>();

  /** Starts to count. */
  public static Meter start() {
    Meter meter = new Meter();
    METERS.add(meter);
    return meter;
  }

  /** Counts what the work spends. */
  public static Spent of(Runnable work) {
    try (Meter meter = start()) {
      work.run();
      return meter.spent();
    }
  }

  @Override
  public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
    attributes.putAttribute(BEGAN, System.nanoTime());
  }

  @Override
  public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
    count(context.request(), context.response(), attributes);
  }

  @Override
  public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
    count(context.request(), null, attributes);
  }

  private static void count(SdkRequest request, @Nullable SdkResponse response, ExecutionAttributes attributes) {
    // On AWS nothing is read back.
    if (!METERS.isEmpty() && attributes.getAttribute(ReadBack.OURS) == null) {
      Long began = attributes.getAttribute(BEGAN);
      Call call = call(request, response, began == null ? System.nanoTime() : began);
      METERS.forEach(meter -> meter.calls.add(call));
    }
  }

  private static Call call(SdkRequest request, @Nullable SdkResponse response, long began) {
    String name = (request instanceof S3Request ? S3 : "")
        + request.getClass().getSimpleName().replaceAll("Request$", "");
    List<String> keys = new ArrayList<>();
    double writes = switch (request) {
      case PutItemRequest put -> writeUnits(put.tableName(), put.item(), keys);
      case UpdateItemRequest update ->
        update(update.tableName(), update.key(), update.expressionAttributeValues(), keys);
      case DeleteItemRequest delete -> writeUnits(delete.tableName(), delete.key(), keys);
      case TransactWriteItemsRequest transaction ->
        2 * transaction.transactItems().stream().mapToDouble(item -> writeUnits(item, keys)).sum();
      case S3Request s3 -> 8;
      default -> 0;
    };
    double reads = switch (request) {
      case GetItemRequest get when response instanceof GetItemResponse got ->
        readUnits(List.of(got.item()), Boolean.TRUE.equals(get.consistentRead()));
      case QueryRequest query when response instanceof QueryResponse found ->
        readUnits(found.items(), Boolean.TRUE.equals(query.consistentRead()));
      case BatchGetItemRequest batch when response instanceof BatchGetItemResponse found -> batch.requestItems()
          .entrySet().stream().mapToDouble(table -> {
            boolean consistent = Boolean.TRUE.equals(table.getValue().consistentRead());
            List<Map<String, AttributeValue>> items = found.responses().getOrDefault(table.getKey(), List.of());
            double absent = (table.getValue().keys().size() - items.size()) * (consistent ? 1 : 0.5);
            return absent + items.stream().mapToDouble(item -> readUnits(List.of(item), consistent)).sum();
          }).sum();
      default -> 0;
    };
    return new Call(name, writes, reads, List.copyOf(keys), began, System.nanoTime(), response == null);
  }

  private static double writeUnits(TransactWriteItem item, List<String> keys) {
    if (item.put() != null) {
      return writeUnits(item.put().tableName(), item.put().item(), keys);
    }
    if (item.update() != null) {
      return update(item.update().tableName(), item.update().key(), item.update().expressionAttributeValues(), keys);
    }
    return item.delete() != null ? writeUnits(item.delete().tableName(), item.delete().key(), keys) : 1;
  }

  private static double update(String table, Map<String, AttributeValue> key, Map<String, AttributeValue> values,
      List<String> keys) {
    written(table, key, "pk", keys);
    return kilobytes(size(key) + size(values));
  }

  /** An item is written to its table and to every index whose key attributes it has. */
  private static double writeUnits(String table, Map<String, AttributeValue> item, List<String> keys) {
    double units = kilobytes(size(item));
    double all = units;
    written(table, item, "pk", keys);
    for (String index : INDEXES) {
      if (written(table, item, index, keys)) {
        all += index.equals(KEYS_ONLY) ? 1 : units;
      }
    }
    return all;
  }

  private static boolean written(String table, Map<String, AttributeValue> item, String attribute,
      List<String> keys) {
    AttributeValue key = item.get(attribute);
    if (key != null) {
      keys.add(table + " " + attribute + ":" + key.s());
    }
    return key != null;
  }

  private static double readUnits(Collection<Map<String, AttributeValue>> items, boolean consistent) {
    long bytes = items.stream().mapToLong(Budget::size).sum();
    return Math.max(1, Math.ceilDiv(bytes, 4096)) * (consistent ? 1 : 0.5);
  }

  private static double kilobytes(long bytes) {
    return Math.max(1, Math.ceilDiv(bytes, 1024));
  }

  /** The size of an item in bytes. */
  public static long size(Map<String, AttributeValue> item) {
    return item.entrySet().stream().mapToLong(each -> utf8(each.getKey()) + size(each.getValue())).sum();
  }

  private static long size(AttributeValue value) {
    if (value.s() != null) {
      return utf8(value.s());
    }
    if (value.n() != null) {
      return Math.ceilDiv(value.n().length(), 2) + 1;
    }
    if (value.b() != null) {
      return value.b().asByteArrayUnsafe().length;
    }
    if (value.hasL()) {
      return 3 + value.l().stream().mapToLong(each -> 1 + size(each)).sum();
    }
    return value.hasM() ? 3 + value.m().size() + size(value.m()) : 1;
  }

  private static long utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
