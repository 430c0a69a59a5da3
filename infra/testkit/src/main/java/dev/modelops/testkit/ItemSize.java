package dev.modelops.testkit;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What items weigh in bytes, as "DynamoDB item sizes and formats" of its developer guide says: UTF-8 of names and text,
 * a byte for two digits and one more, lists and maps by what they hold.
 */
public final class ItemSize {

  private ItemSize() {}

  /** The size of an item. */
  public static long of(Map<String, AttributeValue> item) {
    return item.entrySet().stream().mapToLong(each -> utf8(each.getKey()) + of(each.getValue())).sum();
  }

  /** Started kilobytes: the units of writing so many bytes to one table or index; one at least. */
  public static long writeUnits(long bytes) {
    return Math.max(1, Math.ceilDiv(bytes, 1024));
  }

  private static long of(AttributeValue value) {
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
      return 3 + value.l().stream().mapToLong(each -> 1 + of(each)).sum();
    }
    return value.hasM() ? 3 + value.m().size() + of(value.m()) : 1;
  }

  private static long utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
