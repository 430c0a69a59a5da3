package dev.modelops.deployment;

import dev.modelops.embedded.TestAws;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;

/** All records of a table's stream so far, as a function gets them. */
final class StreamRecords {

  private StreamRecords() {}

  static List<Map<String, Object>> of(TestAws aws) {
    String stream = aws.dynamo().describeTable(d -> d.tableName(aws.physicalName("RecordsTable"))).table()
        .latestStreamArn();
    List<Map<String, Object>> records = new ArrayList<>();
    for (Shard shard : aws.streams().describeStream(d -> d.streamArn(stream)).streamDescription().shards()) {
      @Nullable String iterator = aws.streams().getShardIterator(g -> g.streamArn(stream).shardId(shard.shardId())
          .shardIteratorType(ShardIteratorType.TRIM_HORIZON)).shardIterator();
      while (iterator != null) {
        String here = iterator;
        GetRecordsResponse page = aws.streams().getRecords(g -> g.shardIterator(here));
        page.records().forEach(record -> records.add(event(record)));
        iterator = page.records().isEmpty() ? null : page.nextShardIterator();
      }
    }
    return records;
  }

  private static Map<String, Object> event(Record record) {
    Map<String, Object> change = new HashMap<>();
    change.put("SequenceNumber", record.dynamodb().sequenceNumber());
    change.put("Keys", image(record.dynamodb().keys()));
    if (record.dynamodb().hasNewImage()) {
      change.put("NewImage", image(record.dynamodb().newImage()));
    }
    if (record.dynamodb().hasOldImage()) {
      change.put("OldImage", image(record.dynamodb().oldImage()));
    }
    return Map.of("eventID", record.eventID(), "eventName", record.eventNameAsString(), "eventSource", "aws:dynamodb",
        "dynamodb", change);
  }

  private static Map<String, Object> image(Map<String, AttributeValue> item) {
    Map<String, Object> image = new HashMap<>();
    item.forEach((name, value) -> {
      if (value.s() != null) {
        image.put(name, Map.of("S", value.s()));
      } else if (value.n() != null) {
        image.put(name, Map.of("N", value.n()));
      } else {
        image.put(name, Map.of("B", Base64.getEncoder().encodeToString(value.b().asByteArray())));
      }
    });
    return image;
  }
}
