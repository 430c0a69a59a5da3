package dev.modelops.local.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.embedded.Template.StreamSource;
import dev.modelops.embedded.TestAws;
import dev.modelops.local.function.MountedFunction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.s3.model.S3Object;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The driver on real streams of DynamoDB Local. */
final class StreamDriverTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final TestAws aws = TestAws.fresh();
  /** What came, in order, as {@code key=value}. */
  private final List<String> seen = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, Integer> poison = new ConcurrentHashMap<>();

  @TempDir private Path state = Path.of("");

  @AfterEach
  void close() {
    aws.close();
  }

  @Test
  void recordsComeInOrderPerKey() throws Exception {
    try (StreamDriver driver = start(source(List.of()))) {
      for (int i = 0; i < 100; i++) {
        put("k" + i % 5, i);
      }
      await(() -> seen.size() == 100);
      for (int key = 0; key < 5; key++) {
        String prefix = "k" + key + "=";
        List<Integer> values = seen.stream().filter(each -> each.startsWith(prefix))
            .map(each -> Integer.parseInt(each.substring(prefix.length()))).toList();
        assertThat(values).hasSize(20).isSorted();
      }
      assertThat(driver).isNotNull();
    }
  }

  @Test
  void filteredRecordsDoNotReachTheFunctionAndAreNotReadAgain() throws Exception {
    StreamSource inserts = source(List.of("{\"eventName\":[\"INSERT\"]}"));
    try (StreamDriver driver = start(inserts)) {
      put("a", 1);
      put("a", 2);
      put("b", 3);
      await(() -> seen.contains("b=3"));
      assertThat(seen).containsExactly("a=1", "b=3");
      assertThat(driver).isNotNull();
    }
    try (StreamDriver driver = start(inserts)) {
      put("c", 4);
      await(() -> seen.contains("c=4"));
      assertThat(seen).containsExactly("a=1", "b=3", "c=4");
      assertThat(driver).isNotNull();
    }
  }

  @Test
  void aRestartGoesOnWhereItStoppedAndLosesNothing() throws Exception {
    try (StreamDriver driver = start(source(List.of()))) {
      put("a", 1);
      await(() -> seen.contains("a=1"));
      assertThat(driver).isNotNull();
    }
    put("a", 2);
    put("a", 3);
    try (StreamDriver driver = start(source(List.of()))) {
      await(() -> seen.contains("a=3"));
      assertThat(seen).containsExactly("a=1", "a=2", "a=3");
      assertThat(driver).isNotNull();
    }
  }

  @Test
  void whatIsStoppedWithinACallComesAgain() throws Exception {
    poison.put("a", Integer.MAX_VALUE);
    try (StreamDriver driver = start(source(List.of()))) {
      put("a", 1);
      await(() -> seen.contains("a=1"));
      assertThat(driver).isNotNull();
    }
    poison.clear();
    seen.clear();
    try (StreamDriver driver = start(source(List.of()))) {
      await(() -> seen.contains("a=1"));
      assertThat(driver).isNotNull();
    }
  }

  @Test
  void aRecordThatFailsTwiceIsTakenAtLast() throws Exception {
    poison.put("b", 2);
    try (StreamDriver driver = start(source(List.of()))) {
      put("a", 1);
      put("b", 2);
      put("c", 3);
      await(() -> seen.contains("c=3"));
      assertThat(seen.stream().filter("b=2"::equals)).hasSize(3);
      assertThat(failures()).isEmpty();
      assertThat(driver).isNotNull();
    }
  }

  @Test
  void aPoisonRecordGoesWholeToTheFailureBucketAndTheRestGoesOn() throws Exception {
    poison.put("p", Integer.MAX_VALUE);
    IntStream.range(0, 10).forEach(i -> put(i == 4 ? "p" : "k" + i, i));
    try (StreamDriver driver = start(source(List.of()))) {
      await(() -> seen.contains("k9=9"));
      assertThat(driver).isNotNull();
    }

    JsonNode failure = failures().getFirst();
    assertThat(failures()).hasSize(1);
    assertThat(failure.at("/requestContext/condition").asString()).isEqualTo("RetryAttemptsExhausted");
    assertThat(failure.at("/DDBStreamBatchInfo/batchSize").asInt()).isEqualTo(1);
    JsonNode record = JSON.readTree(failure.get("payload").asString()).at("/Records/0");
    assertThat(record.at("/dynamodb/NewImage/value/N").asString()).isEqualTo("4");
    assertThat(record.at("/dynamodb/SequenceNumber").asString())
        .isEqualTo(failure.at("/DDBStreamBatchInfo/startSequenceNumber").asString());
    assertThat(seen.stream().filter(each -> !each.startsWith("p")).distinct()).hasSize(9);
  }

  private StreamDriver start(StreamSource source) {
    MountedFunction function = new MountedFunction("Test", (in, out, context) -> {
      var answer = JSON.createObjectNode();
      var failures = answer.putArray("batchItemFailures");
      for (JsonNode record : JSON.readTree(in).get("Records")) {
        String key = record.at("/dynamodb/Keys/pk/S").asString();
        seen.add(key + "=" + record.at("/dynamodb/NewImage/value/N").asString());
        if (poison.getOrDefault(key, 0) > 0) {
          poison.merge(key, -1, Integer::sum);
          failures.addObject().put("itemIdentifier", record.at("/dynamodb/SequenceNumber").asString());
          break;
        }
      }
      out.write(JSON.writeValueAsBytes(answer));
    }, Duration.ofSeconds(5), 128);
    return StreamDriver.start(aws.aws(), source, function, state, Duration.ofMillis(5));
  }

  private static StreamSource source(List<String> filters) {
    return new StreamSource("Records", "RecordsTable", filters, 10, Duration.ZERO, true, 3,
        Optional.of(Duration.ofHours(6)), true, Optional.of("FailuresBucket"));
  }

  private void put(String key, int value) {
    aws.dynamo().putItem(put -> put.tableName(aws.physicalName("RecordsTable")).item(Map.of(
        "pk", AttributeValue.fromS(key), "sk", AttributeValue.fromS("x"), "value", AttributeValue.fromN("" + value))));
  }

  private List<JsonNode> failures() {
    String bucket = aws.physicalName("FailuresBucket");
    return aws.s3().listObjectsV2(list -> list.bucket(bucket).prefix("aws/lambda/Test-Records/")).contents().stream()
        .map(S3Object::key)
        .map(key -> aws.s3().getObjectAsBytes(get -> get.bucket(bucket).key(key)).asUtf8String())
        .map(JSON::readTree).collect(Collectors.toList());
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(end);
      Thread.sleep(10);
    }
  }
}
