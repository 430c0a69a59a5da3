package dev.modelops.local.stream;

import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Record;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A record of a stream in the shape in which Lambda hands it to functions.
 *
 * @param sequence its number, growing within a shard
 * @param json an element of the event's {@code Records}
 * @param bytes about what it takes in the event
 */
record StreamRecord(String sequence, Instant created, ObjectNode json, int bytes) {
  private static final JsonMapper JSON = JsonMapper.shared();

  static StreamRecord of(Record record, String streamArn, String region) {
    var change = record.dynamodb();
    ObjectNode json = JSON.createObjectNode();
    json.put("eventID", record.eventID());
    json.put("eventName", record.eventNameAsString());
    json.put("eventVersion", record.eventVersion());
    json.put("eventSource", "aws:dynamodb");
    json.put("awsRegion", region);
    ObjectNode dynamo = json.putObject("dynamodb");
    Instant created = change.approximateCreationDateTime();
    dynamo.put("ApproximateCreationDateTime", created.getEpochSecond());
    putItem(dynamo, "Keys", change.keys());
    if (change.hasNewImage()) {
      putItem(dynamo, "NewImage", change.newImage());
    }
    if (change.hasOldImage()) {
      putItem(dynamo, "OldImage", change.oldImage());
    }
    dynamo.put("SequenceNumber", change.sequenceNumber());
    dynamo.put("SizeBytes", change.sizeBytes());
    dynamo.put("StreamViewType", change.streamViewTypeAsString());
    json.put("eventSourceARN", streamArn);
    return new StreamRecord(change.sequenceNumber(), created, json, JSON.writeValueAsBytes(json).length);
  }

  /** The event that brings these records to a function. */
  static byte[] event(List<StreamRecord> records) {
    ObjectNode event = JSON.createObjectNode();
    ArrayNode list = event.putArray("Records");
    records.forEach(record -> list.add(record.json));
    return JSON.writeValueAsBytes(event);
  }

  private static void putItem(ObjectNode parent, String name, Map<String, AttributeValue> item) {
    ObjectNode json = parent.putObject(name);
    item.forEach((attribute, value) -> json.set(attribute, value(value)));
  }

  private static ObjectNode value(AttributeValue value) {
    ObjectNode json = JSON.createObjectNode();
    switch (value.type()) {
      case S -> json.put("S", value.s());
      case N -> json.put("N", value.n());
      case BOOL -> json.put("BOOL", value.bool());
      case NUL -> json.put("NULL", true);
      case B -> json.put("B", Base64.getEncoder().encodeToString(value.b().asByteArray()));
      case SS -> value.ss().forEach(json.putArray("SS")::add);
      case NS -> value.ns().forEach(json.putArray("NS")::add);
      case BS -> {
        ArrayNode list = json.putArray("BS");
        value.bs().forEach(bytes -> list.add(Base64.getEncoder().encodeToString(bytes.asByteArray())));
      }
      case L -> {
        ArrayNode list = json.putArray("L");
        value.l().forEach(element -> list.add(value(element)));
      }
      case M -> putItem(json, "M", value.m());
      case UNKNOWN_TO_SDK_VERSION ->
        throw new IllegalStateException("An attribute of a type that the SDK does not know");
    }
    return json;
  }
}
