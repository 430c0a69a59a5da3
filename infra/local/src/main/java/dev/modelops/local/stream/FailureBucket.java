package dev.modelops.local.stream;

import dev.modelops.local.stream.Delivery.Condition;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.UUID;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Keeps records that a function did not take as objects of the shape and name that Lambda gives them on S3. */
final class FailureBucket {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final DateTimeFormatter KEY_TIME =
      DateTimeFormatter.ofPattern("yyyy/MM/dd/yyyy-MM-dd'T'HH.mm.ss").withZone(ZoneOffset.UTC);
  private static final long PAUSE_MILLIS = 1_000;

  private final S3Client s3;
  private final String bucket;
  private final String function;
  private final String source;
  private final String streamArn;

  FailureBucket(S3Client s3, String bucket, String function, String source, String streamArn) {
    this.s3 = s3;
    this.bucket = bucket;
    this.function = function;
    this.source = source;
    this.streamArn = streamArn;
  }

  /** Tries until the records are stored: nothing is skipped because the bucket cannot be reached. */
  void keep(String shard, List<StreamRecord> records, Condition condition, int attempts, String error)
      throws InterruptedException {
    String body = describe(shard, records, condition, attempts, error);
    String key = "aws/lambda/" + source + "/" + shard + "/" + KEY_TIME.format(Instant.now()) + "-" + UUID.randomUUID();
    while (true) {
      try {
        s3.putObject(put -> put.bucket(bucket).key(key).contentType("application/json"),
            RequestBody.fromString(body, StandardCharsets.UTF_8));
        return;
      } catch (SdkException unreachable) {
        unreachable.printStackTrace();
        Thread.sleep(PAUSE_MILLIS);
      }
    }
  }

  private String describe(String shard, List<StreamRecord> records, Condition condition, int attempts, String error) {
    ObjectNode json = JSON.createObjectNode();
    json.putObject("requestContext")
        .put("requestId", UUID.randomUUID().toString())
        .put("functionArn", "arn:aws:lambda:local:000000000000:function:" + function + ":live")
        .put("condition", condition.name())
        .put("approximateInvokeCount", attempts);
    json.putObject("responseContext")
        .put("statusCode", 200).put("executedVersion", "1").put("functionError", "Unhandled").put("message", error);
    json.put("version", "1.0");
    json.put("timestamp", Instant.now().toString());
    json.putObject("DDBStreamBatchInfo")
        .put("shardId", shard)
        .put("startSequenceNumber", records.getFirst().sequence())
        .put("endSequenceNumber", records.getLast().sequence())
        .put("approximateArrivalOfFirstRecord", records.getFirst().created().toString())
        .put("approximateArrivalOfLastRecord", records.getLast().created().toString())
        .put("batchSize", records.size())
        .put("streamArn", streamArn);
    json.put("payload", new String(StreamRecord.event(records), StandardCharsets.UTF_8));
    return JSON.writeValueAsString(json);
  }
}
