package dev.modelops.edge;

import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One change of a table's item.
 *
 * @param eventName {@code INSERT}, {@code MODIFY} or {@code REMOVE}
 * @param sequenceNumber decimal digits; grows per key; compare by length, then as text
 * @param newImage the item after the change, in DynamoDB's own JSON; null when it was removed or is not in the stream
 * @param oldImage the item before the change, likewise
 */
public record StreamRecord(String eventId, String eventName, String sequenceNumber, JsonNode keys,
    @Nullable JsonNode newImage, @Nullable JsonNode oldImage) {
  static StreamRecord of(JsonNode json) {
    JsonNode change = json.path("dynamodb");
    return new StreamRecord(json.path("eventID").asString(""), json.path("eventName").asString(""),
        change.path("SequenceNumber").asString(""), change.path("Keys"), change.get("NewImage"),
        change.get("OldImage"));
  }

  /** A key attribute. */
  public String key(String attribute) {
    return keys.path(attribute).path("S").asString("");
  }

  /** A string of the new image. */
  public Optional<String> text(String attribute) {
    return value(attribute, "S");
  }

  /** A number of the new image. */
  public OptionalLong number(String attribute) {
    return value(attribute, "N").map(text -> OptionalLong.of(Long.parseLong(text))).orElse(OptionalLong.empty());
  }

  /** Bytes of the new image. */
  public Optional<byte[]> bytes(String attribute) {
    return value(attribute, "B").map(Base64.getDecoder()::decode);
  }

  private Optional<String> value(String attribute, String type) {
    JsonNode value = newImage == null ? null : newImage.path(attribute).get(type);
    return value == null ? Optional.empty() : Optional.of(value.asString());
  }
}
