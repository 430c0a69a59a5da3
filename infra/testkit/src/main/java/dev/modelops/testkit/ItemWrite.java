package dev.modelops.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * One item that a call writes or checks, and what that costs by the developer guide of DynamoDB ("Capacity consumption
 * for write operations", "Throughput consumption of global secondary indexes"), not yet doubled for a transaction.
 *
 * @param target the item of a put; of everything else its key
 */
record ItemWrite(String table, Map<String, AttributeValue> target, Kind kind) {

  enum Kind {
    PUT,
    UPDATE,
    DELETE,
    CHECK
  }

  /** @param keys partition keys of table and indexes that were written or checked, as {@code table attribute:key} */
  record Cost(double units, List<String> keys) {}

  /** An entry of an index: its key, and what of the item it holds. Both are empty when the item is not in the index. */
  private record Entry(Map<String, AttributeValue> key, Map<String, AttributeValue> content) {
    static final Entry NONE = new Entry(Map.of(), Map.of());
  }

  static List<ItemWrite> of(SdkRequest request) {
    return switch (request) {
      case PutItemRequest put -> List.of(new ItemWrite(put.tableName(), put.item(), Kind.PUT));
      case UpdateItemRequest update -> List.of(new ItemWrite(update.tableName(), update.key(), Kind.UPDATE));
      case DeleteItemRequest delete -> List.of(new ItemWrite(delete.tableName(), delete.key(), Kind.DELETE));
      case TransactWriteItemsRequest all -> all.transactItems().stream().map(ItemWrite::of).toList();
      case BatchWriteItemRequest batch -> batch.requestItems().entrySet().stream()
          .flatMap(table -> table.getValue().stream().map(write -> of(table.getKey(), write))).toList();
      default -> List.of();
    };
  }

  private static ItemWrite of(TransactWriteItem item) {
    if (item.put() != null) {
      return new ItemWrite(item.put().tableName(), item.put().item(), Kind.PUT);
    }
    if (item.update() != null) {
      return new ItemWrite(item.update().tableName(), item.update().key(), Kind.UPDATE);
    }
    return item.delete() != null
        ? new ItemWrite(item.delete().tableName(), item.delete().key(), Kind.DELETE)
        : new ItemWrite(item.conditionCheck().tableName(), item.conditionCheck().key(), Kind.CHECK);
  }

  private static ItemWrite of(String table, WriteRequest write) {
    return write.putRequest() != null ? new ItemWrite(table, write.putRequest().item(), Kind.PUT)
        : new ItemWrite(table, write.deleteRequest().key(), Kind.DELETE);
  }

  /** The key of the item in its table. */
  Map<String, AttributeValue> key(TableDescription description) {
    return retained(target, names(description.keySchema()));
  }

  /** What the item is afterwards. */
  Map<String, AttributeValue> after(Map<String, AttributeValue> before,
      UnaryOperator<Map<String, AttributeValue>> read) {
    return switch (kind) {
      case PUT -> target;
      case UPDATE -> read.apply(target);
      case DELETE -> Map.of();
      case CHECK -> before;
    };
  }

  /** A write that was refused, or a check: the larger of what is there and what was to be, in the table alone. */
  Cost refused(TableDescription description, Map<String, AttributeValue> before) {
    long wanted = kind == Kind.PUT ? ItemSize.of(target) : 0;
    return new Cost(ItemSize.writeUnits(Math.max(ItemSize.of(before), wanted)),
        List.of(written(description.keySchema(), target)));
  }

  /** A write that was done. */
  Cost done(TableDescription description, Map<String, AttributeValue> before, Map<String, AttributeValue> after) {
    if (kind == Kind.CHECK) {
      return refused(description, before);
    }
    double units = ItemSize.writeUnits(Math.max(ItemSize.of(before), ItemSize.of(after)));
    List<String> keys = new ArrayList<>(List.of(written(description.keySchema(), target)));
    for (GlobalSecondaryIndexDescription index : description.globalSecondaryIndexes()) {
      Entry old = entry(description, index, before);
      Entry now = entry(description, index, after);
      // Moved: the old entry is deleted and a new one put. Else one write of the larger; none when nothing differs.
      List<List<Entry>> writes = old.equals(now) ? List.of()
          : old.key().isEmpty() || now.key().isEmpty() || old.key().equals(now.key()) ? List.of(List.of(old, now))
              : List.of(List.of(old), List.of(now));
      for (List<Entry> write : writes) {
        units += ItemSize.writeUnits(write.stream().mapToLong(entry -> ItemSize.of(entry.content())).max().orElse(0));
        write.stream().filter(entry -> !entry.key().isEmpty()).map(entry -> written(index.keySchema(), entry.key()))
            .distinct().forEach(keys::add);
      }
    }
    return new Cost(units, keys);
  }

  private static Entry entry(TableDescription description, GlobalSecondaryIndexDescription index,
      Map<String, AttributeValue> item) {
    Set<String> key = names(index.keySchema());
    if (!item.keySet().containsAll(key)) {
      return Entry.NONE;
    }
    Set<String> projected = new HashSet<>(key);
    projected.addAll(names(description.keySchema()));
    switch (index.projection().projectionType()) {
      case ALL -> projected.addAll(item.keySet());
      case INCLUDE -> projected.addAll(index.projection().nonKeyAttributes());
      default -> {
      }
    }
    return new Entry(retained(item, key), retained(item, projected));
  }

  private String written(List<KeySchemaElement> schema, Map<String, AttributeValue> item) {
    String name = schema.stream().filter(element -> element.keyType() == KeyType.HASH).findFirst().orElseThrow()
        .attributeName();
    return table + " " + name + ":" + item.getOrDefault(name, AttributeValue.fromS("")).s();
  }

  private static Set<String> names(List<KeySchemaElement> schema) {
    return Set.copyOf(schema.stream().map(KeySchemaElement::attributeName).toList());
  }

  private static Map<String, AttributeValue> retained(Map<String, AttributeValue> item, Set<String> names) {
    Map<String, AttributeValue> retained = new HashMap<>(item);
    retained.keySet().retainAll(names);
    return retained;
  }

  /** How many times the units of its items a call costs: a transaction writes them twice. */
  static int times(SdkRequest request) {
    return request instanceof TransactWriteItemsRequest ? 2 : 1;
  }
}
