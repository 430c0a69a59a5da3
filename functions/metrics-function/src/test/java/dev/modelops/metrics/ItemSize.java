package dev.modelops.metrics;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What DynamoDB says that an item weighs: "DynamoDB item sizes and formats" in its developer guide. */
final class ItemSize {

  private ItemSize() {}

  static long of(Map<String, AttributeValue> item) {
    long size = 0;
    for (Map.Entry<String, AttributeValue> attribute : item.entrySet()) {
      AttributeValue value = attribute.getValue();
      size += attribute.getKey().getBytes(StandardCharsets.UTF_8).length;
      if (value.s() != null) {
        size += value.s().getBytes(StandardCharsets.UTF_8).length;
      } else if (value.n() != null) {
        // A byte for two digits, and one more.
        size += (value.n().length() + 1) / 2 + 1;
      } else {
        size += value.b().asByteArray().length;
      }
    }
    return size;
  }

  static long writeUnits(Map<String, AttributeValue> item) {
    return (of(item) + 1023) / 1024;
  }
}
