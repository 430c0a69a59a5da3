package dev.modelops.testkit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.s3.model.S3Request;

/**
 * What calls to AWS cost, in the units of on-demand DynamoDB, computed from item sizes (DynamoDB Local miscounts):
 *
 * <ul>
 * <li>write units: 1 per started KB of the larger of the item before and after, and of each index entry that is written
 * by that, double in a transaction ({@link ItemWrite}); for that, every item is read before it is written
 * <li>read units: 1 per started 4 KB, half when eventually consistent; a query counts all its items together
 * <li>an S3 request counts as 8 write units, which is its price
 * </ul>
 */
public final class Budget implements ExecutionInterceptor {

  /**
   * One call; times in nanoseconds of one clock.
   *
   * @param writtenKeys partition keys of the items that were written or checked, as {@code table attribute:key}, of
   *        indexes too
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
  private static final ExecutionAttribute<Long> BEGAN = new ExecutionAttribute<>("BudgetBegan");
  private static final ExecutionAttribute<List<Old>> BEFORE = new ExecutionAttribute<>("BudgetBefore");
  private static final ExecutionAttribute<Boolean> COUNTED = new ExecutionAttribute<>("BudgetCounted");
  private static final List<Meter> METERS = new CopyOnWriteArrayList<>();
  private static final OwnReads READS = new OwnReads();

  /** An item that is about to be written, as it was before. */
  private record Old(ItemWrite write, OwnReads.Caller caller, TableDescription table,
      Map<String, AttributeValue> item) {

    /** One read per table, since it is made within the time that the call itself has. */
    static List<Old> of(SdkRequest request, SdkHttpRequest http) {
      List<ItemWrite> writes = ItemWrite.of(request);
      if (writes.isEmpty()) {
        return List.of();
      }
      OwnReads.Caller caller = OwnReads.caller(http);
      List<Old> all = new ArrayList<>();
      writes.stream().collect(Collectors.groupingBy(ItemWrite::table)).forEach((name, ofTable) -> {
        TableDescription table = READS.table(caller, name);
        var items = READS.items(caller, name, ofTable.stream().map(write -> write.key(table)).toList());
        ofTable.forEach(write -> all.add(
            new Old(write, caller, table, items.getOrDefault(write.key(table), Map.of()))));
      });
      return all;
    }

    ItemWrite.Cost done() {
      return write.done(table, item, write.after(item, key -> READS.item(caller, write.table(), key)));
    }

    ItemWrite.Cost refused() {
      return write.refused(table, item);
    }
  }

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
  public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
    // Before the first attempt: another may find what the first has written.
    if (counts(attributes) && attributes.getAttribute(BEFORE) == null) {
      attributes.putAttribute(BEFORE, Old.of(context.request(), context.httpRequest()));
    }
  }

  @Override
  public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
    count(context.request(), context.response(), attributes);
  }

  @Override
  public void onExecutionFailure(Context.FailedExecution context, ExecutionAttributes attributes) {
    count(context.request(), null, attributes);
  }

  private static boolean counts(ExecutionAttributes attributes) {
    return !METERS.isEmpty() && attributes.getAttribute(OwnReads.OURS) == null;
  }

  private static void count(SdkRequest request, @Nullable SdkResponse response, ExecutionAttributes attributes) {
    // An answer may be lost after it was counted: then the call fails, and has been counted.
    if (counts(attributes) && attributes.getAttribute(COUNTED) == null) {
      attributes.putAttribute(COUNTED, true);
      Long began = attributes.getAttribute(BEGAN);
      List<Old> before = attributes.getAttribute(BEFORE);
      Call call = call(request, response, before == null ? List.of() : before,
          began == null ? System.nanoTime() : began);
      METERS.forEach(meter -> meter.calls.add(call));
    }
  }

  /** @param before what the call was to write; nothing when it was never sent */
  private static Call call(SdkRequest request, @Nullable SdkResponse response, List<Old> before, long began) {
    String name = (request instanceof S3Request ? S3 : "")
        + request.getClass().getSimpleName().replaceAll("Request$", "");
    List<ItemWrite.Cost> written = before.stream().map(old -> response == null ? old.refused() : old.done()).toList();
    double writes = request instanceof S3Request ? 8
        : ItemWrite.times(request) * written.stream().mapToDouble(ItemWrite.Cost::units).sum();
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
    return new Call(name, writes, reads, written.stream().flatMap(cost -> cost.keys().stream()).toList(), began,
        System.nanoTime(), response == null);
  }

  private static double readUnits(Collection<Map<String, AttributeValue>> items, boolean consistent) {
    long bytes = items.stream().mapToLong(ItemSize::of).sum();
    return Math.max(1, Math.ceilDiv(bytes, 4096)) * (consistent ? 1 : 0.5);
  }
}
