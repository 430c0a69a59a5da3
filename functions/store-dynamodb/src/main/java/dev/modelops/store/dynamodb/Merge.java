package dev.modelops.store.dynamodb;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * Walks several partitions of one table or index as a single list ordered by sort key. Sort keys are unique over all of
 * them, so one of them is a position in the whole list: the next page asks every partition for what lies behind it.
 */
final class Merge {

  /** Bounds of sort keys, both inclusive, either may be absent. */
  record Range(@Nullable String low, @Nullable String high) {
    static final Range EVERYTHING = new Range(null, null);

    /** Every key that begins so. The high end is the highest code point that a key can hold. */
    static Range prefix(String prefix) {
      return new Range(prefix, prefix + "\udbff\udffd");
    }
  }

  /** What is walked of one partition. */
  record Stretch(String partition, Range range) {}

  private final Dynamo dynamo;
  private final String table;
  private final @Nullable String index;
  private final String pk;
  private final String sk;
  private final boolean descending;
  private final boolean consistent;
  private final int chunk;
  private final List<Source> sources = new ArrayList<>();

  /**
   * @param index null for the table itself
   * @param chunk how many items are read of a partition at a time
   * @param position the sort key behind which to start; null for the beginning
   */
  Merge(Dynamo dynamo, String table, @Nullable String index, String pk, String sk, List<Stretch> stretches,
      boolean descending, boolean consistent, int chunk, @Nullable String position) {
    this.dynamo = dynamo;
    this.table = table;
    this.index = index;
    this.pk = pk;
    this.sk = sk;
    this.descending = descending;
    this.consistent = consistent;
    this.chunk = chunk;
    for (Stretch stretch : stretches) {
      sources.add(new Source(stretch, position));
    }
  }

  /** The same stretch of several partitions. */
  Merge(Dynamo dynamo, String table, @Nullable String index, String pk, String sk, List<String> partitions, Range range,
      boolean descending, boolean consistent, int chunk, @Nullable String position) {
    this(dynamo, table, index, pk, sk, partitions.stream().map(partition -> new Stretch(partition, range)).toList(),
        descending, consistent, chunk, position);
  }

  /** The next item in order; empty at the end. */
  Optional<Map<String, AttributeValue>> next() {
    Comparator<Source> byKey =
        Comparator.comparing(source -> Items.text(source.items.getFirst(), sk), Utf8Order.INSTANCE);
    return sources.stream().filter(Source::filled).min(descending ? byKey.reversed() : byKey).map(Source::take);
  }

  /** Whether anything follows. */
  boolean hasNext() {
    return sources.stream().anyMatch(Source::filled);
  }

  /** One stretch: what was read and not taken yet, and whether more may follow. */
  private final class Source {
    private final Stretch stretch;
    private final Deque<Map<String, AttributeValue>> items = new ArrayDeque<>();
    private @Nullable String last;
    private boolean more = true;

    Source(Stretch stretch, @Nullable String position) {
      this.stretch = stretch;
      this.last = position;
    }

    boolean filled() {
      while (items.isEmpty() && more) {
        read();
      }
      return !items.isEmpty();
    }

    Map<String, AttributeValue> take() {
      return items.removeFirst();
    }

    private void read() {
      Map<String, AttributeValue> values = new HashMap<>(Map.of(":p", Items.s(stretch.partition())));
      String low = stretch.range().low();
      String high = stretch.range().high();
      // A position replaces one end, unless this stretch begins behind it; what equals it was given and is skipped.
      if (last != null && descending && (high == null || Utf8Order.INSTANCE.compare(last, high) < 0)) {
        high = last;
      } else if (last != null && !descending && (low == null || Utf8Order.INSTANCE.compare(last, low) > 0)) {
        low = last;
      }
      String condition = pk + " = :p";
      if (low != null && high != null) {
        condition += " AND " + sk + " BETWEEN :l AND :h";
      } else if (low != null) {
        condition += " AND " + sk + " >= :l";
      } else if (high != null) {
        condition += " AND " + sk + " <= :h";
      }
      if (low != null) {
        values.put(":l", Items.s(low));
      }
      if (high != null) {
        values.put(":h", Items.s(high));
      }
      if (low != null && high != null && Utf8Order.INSTANCE.compare(low, high) > 0) {
        more = false;
        return;
      }
      QueryResponse answer = Reads.query(dynamo, QueryRequest.builder().tableName(table).indexName(index)
          .keyConditionExpression(condition).expressionAttributeValues(values).scanIndexForward(!descending)
          .consistentRead(index == null && consistent).limit(last == null ? chunk : chunk + 1).build());
      for (Map<String, AttributeValue> item : answer.items()) {
        String key = Items.text(item, sk);
        if (!key.equals(last)) {
          items.add(item);
        }
      }
      more = !answer.lastEvaluatedKey().isEmpty();
      if (!items.isEmpty()) {
        last = Items.text(items.getLast(), sk);
      }
    }
  }
}
