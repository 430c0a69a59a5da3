package dev.modelops.store.dynamodb;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Attribute names and values of items. */
final class Items {

  static final String PK = "pk";
  static final String SK = "sk";
  /** What stands where a partition has only one item. */
  static final String SINGLE = "-";
  static final String REV = "rev";
  static final String HEAD = "head";
  static final String BODY = "body";
  static final String TTL = "ttl";

  private Items() {}

  static AttributeValue s(String value) {
    return AttributeValue.fromS(value);
  }

  static AttributeValue n(long value) {
    return AttributeValue.fromN(Long.toString(value));
  }

  static AttributeValue b(byte[] value) {
    return AttributeValue.fromB(SdkBytes.fromByteArrayUnsafe(value));
  }

  static Map<String, AttributeValue> key(String pk, String sk) {
    return Map.of(PK, s(pk), SK, s(sk));
  }

  static String text(Map<String, AttributeValue> item, String attribute) {
    return Optional.ofNullable(find(item, attribute)).orElseThrow(
        () -> new IllegalStateException("item " + item.get(PK) + " has no " + attribute));
  }

  static @Nullable String find(Map<String, AttributeValue> item, String attribute) {
    AttributeValue value = item.get(attribute);
    return value == null ? null : value.s();
  }

  /** In so many digits at least, so that keys sort as numbers do; a formatter loads the texts of a locale first. */
  static String padded(long number, int digits) {
    String text = Long.toString(number);
    return "0".repeat(Math.max(0, digits - text.length())) + text;
  }

  static long number(Map<String, AttributeValue> item, String attribute) {
    AttributeValue value = item.get(attribute);
    return value == null ? 0 : Long.parseLong(value.n());
  }

  static byte[] bytes(Map<String, AttributeValue> item, String attribute) {
    AttributeValue value = item.get(attribute);
    if (value == null || value.b() == null) {
      throw new IllegalStateException("item " + item.get(PK) + " has no " + attribute);
    }
    return value.b().asByteArrayUnsafe();
  }
}
