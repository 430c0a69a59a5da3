package dev.modelops.store.dynamodb;

import dev.modelops.domain.Entity;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Origin;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** The items with which the store keeps what is created, for tests that write more of them than the API could in time. */
public final class StoredItems {

  /** An item and where it belongs. */
  public record Item(String table, Map<String, AttributeValue> attributes) {}

  private StoredItems() {}

  /**
   * All that the transaction of a creation would put.
   *
   * @param env names the tables
   * @param latest what the counter of a created model stands at
   */
  public static List<Item> of(Map<String, String> env, Entity created, String action, Origin origin, long latest) {
    return new Transaction(new Tables(env), Change.create(action, created), origin, null).items().stream()
        .flatMap(item -> item(item, latest)).toList();
  }

  private static Stream<Item> item(TransactWriteItem item, long latest) {
    if (item.put() != null) {
      return Stream.of(new Item(item.put().tableName(), item.put().item()));
    }
    // A model's head is the one thing that a creation updates.
    Map<String, AttributeValue> head = new HashMap<>(item.update().key());
    Map<String, AttributeValue> values = item.update().expressionAttributeValues();
    Map.of("model", ":m", "dept", ":d", "kind", ":k", "state", ":s")
        .forEach((name, value) -> head.put(name, values.getOrDefault(value, Items.s(""))));
    head.put("n", Items.n(latest));
    return Stream.of(new Item(item.update().tableName(), head));
  }
}
