package dev.modelops.store.dynamodb;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Items of bytes with a revision, written only by whoever knows the revision. A write whose answer was lost and that the
 * client repeats fails the condition that it made true itself: "moved" may mean "by me", and callers read again.
 */
final class Cells {

  static final String DATA = "d";

  private final Dynamo dynamo;
  private final Supplier<String> table;

  Cells(Dynamo dynamo, Supplier<String> table) {
    this.dynamo = dynamo;
    this.table = table;
  }

  boolean put(String pk, String sk, long rev, byte[] data, @Nullable Instant expires) {
    Map<String, AttributeValue> item = new HashMap<>(Items.key(pk, sk));
    item.put(Items.REV, Items.n(rev + 1));
    item.put(DATA, Items.b(data));
    if (expires != null) {
      item.put(Items.TTL, Items.n(expires.getEpochSecond()));
    }
    return Writes.put(dynamo, p -> {
      p.tableName(table.get()).item(item);
      if (rev == 0) {
        p.conditionExpression("attribute_not_exists(pk)");
      } else {
        p.conditionExpression("rev = :rev").expressionAttributeValues(Map.of(":rev", Items.n(rev)));
      }
    });
  }

  boolean remove(String pk, String sk, long rev) {
    return Writes.delete(dynamo, d -> d.tableName(table.get()).key(Items.key(pk, sk)).conditionExpression("rev = :rev")
        .expressionAttributeValues(Map.of(":rev", Items.n(rev))));
  }
}
