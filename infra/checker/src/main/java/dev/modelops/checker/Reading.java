package dev.modelops.checker;

import dev.modelops.store.dynamodb.Layout.Table;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/** Reads tables, and counts what that costs. Never writes. */
final class Reading {

  private final DynamoDbClient client;
  private final Map<Table, String> names;
  private final @Nullable Integer most;
  private final DoubleAdder units = new DoubleAdder();

  /** @param most items of a page; null for as many as there are in 1 MB */
  Reading(DynamoDbClient client, Map<Table, String> names, @Nullable Integer most) {
    this.client = client;
    this.names = names;
    this.most = most;
  }

  double units() {
    return units.sum();
  }

  /** All items of a part of a table, a page at a time. May lag by a second. */
  void scan(Table table, Part part, Consumer<List<Map<String, AttributeValue>>> page) {
    ScanRequest.Builder scan = ScanRequest.builder().tableName(names.get(table)).segment(part.number() - 1)
        .totalSegments(part.of()).limit(most).returnConsumedCapacity(ReturnConsumedCapacity.TOTAL);
    @Nullable Map<String, AttributeValue> start = null;
    do {
      ScanResponse answer = client.scan(scan.exclusiveStartKey(start).build());
      count(answer.consumedCapacity());
      page.accept(answer.items());
      start = answer.hasLastEvaluatedKey() ? answer.lastEvaluatedKey() : null;
    } while (start != null);
  }

  /** One item; empty when absent. */
  Map<String, AttributeValue> item(Table table, Map<String, AttributeValue> key, boolean consistent) {
    GetItemResponse answer = client.getItem(get -> get.tableName(names.get(table)).key(key).consistentRead(consistent)
        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL));
    count(answer.consumedCapacity());
    return answer.item();
  }

  /** Items of one partition of the records from a sort key on, a page at a time, as long as the reader wants more. */
  void partition(Map<String, AttributeValue> from, boolean consistent, Reader each) {
    Map<String, AttributeValue> values = Map.of(":p", value(from, "pk"), ":s", value(from, "sk"));
    QueryRequest.Builder query = QueryRequest.builder().tableName(names.get(Table.RECORDS)).consistentRead(consistent)
        .keyConditionExpression("pk = :p AND sk >= :s").expressionAttributeValues(values)
        .limit(most).returnConsumedCapacity(ReturnConsumedCapacity.TOTAL);
    @Nullable Map<String, AttributeValue> start = null;
    do {
      QueryResponse answer = client.query(query.exclusiveStartKey(start).build());
      count(answer.consumedCapacity());
      for (Map<String, AttributeValue> item : answer.items()) {
        if (!each.read(item)) {
          return;
        }
      }
      start = answer.hasLastEvaluatedKey() ? answer.lastEvaluatedKey() : null;
    } while (start != null);
  }

  /** Reads an item and says whether it wants the next. */
  interface Reader {
    boolean read(Map<String, AttributeValue> item);
  }

  /** The item just before another in the first index; empty when it is the first. An index may lag. */
  Map<String, AttributeValue> before(Map<String, AttributeValue> keys) {
    QueryResponse answer = client.query(query -> query.tableName(names.get(Table.RECORDS)).indexName("gsi1")
        .keyConditionExpression("g1pk = :p AND g1sk < :s")
        .expressionAttributeValues(Map.of(":p", value(keys, "g1pk"), ":s", value(keys, "g1sk")))
        .scanIndexForward(false).limit(1).returnConsumedCapacity(ReturnConsumedCapacity.TOTAL));
    count(answer.consumedCapacity());
    return answer.items().isEmpty() ? Map.of() : answer.items().getFirst();
  }

  static Map<String, AttributeValue> key(Map<String, AttributeValue> item) {
    Map<String, AttributeValue> key = new HashMap<>(item);
    key.keySet().retainAll(List.of("pk", "sk"));
    return key;
  }

  private static AttributeValue value(Map<String, AttributeValue> item, String attribute) {
    AttributeValue value = item.get(attribute);
    if (value == null) {
      throw new IllegalArgumentException("there is no " + attribute + " in " + item.keySet());
    }
    return value;
  }

  private void count(@Nullable ConsumedCapacity capacity) {
    Double counted = capacity == null ? null : capacity.capacityUnits();
    units.add(counted == null ? 0 : counted);
  }
}
