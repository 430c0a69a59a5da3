package dev.modelops.metrics;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.modelops.checker.Checker;
import dev.modelops.domain.Ref;
import dev.modelops.domain.access.Department;
import dev.modelops.domain.access.Scope;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Lost;
import dev.modelops.domain.change.Origin;
import dev.modelops.domain.registry.Manifest;
import dev.modelops.domain.registry.Model;
import dev.modelops.domain.registry.ModelKind;
import dev.modelops.domain.registry.Version;
import dev.modelops.embedded.TestAws;
import dev.modelops.json.Json;
import dev.modelops.testkit.TestContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.Shard;
import software.amazon.awssdk.services.dynamodb.model.ShardIteratorType;

/**
 * Tables of their own, a model with versions in them, and the stream of blocks by hand. With {@code @RegisterExtension}
 * nothing in the tables may contradict itself at the end of the class.
 */
final class Stage implements AfterAllCallback {

  final TestAws aws = TestAws.fresh();
  final TestStore store;
  private final Set<String> delivered = new HashSet<>();

  Stage() {
    Map<String, String> env = new HashMap<>();
    for (String function : List.of("RegistryFunction", "IntakeFunction", "RollupFunction")) {
      env.putAll(aws.env(function));
    }
    store = DaggerTestStore.factory().create(env, Clock.systemUTC());
  }

  @Override
  public void afterAll(ExtensionContext test) {
    Checker.assertSound(aws);
  }

  void model(String name, String department, int versions) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    if (store.entities().get(Department.class, Ref.department(department)).isEmpty()) {
      commit(Change.create("department.created", new Department(department, null, now, "usr_root")), now);
    }
    commit(Change.create("model.created", new Model(name, ModelKind.ML, Model.State.ACTIVE, department, null, null,
        null, Map.of(), null, null, Map.of(), Map.of(), null, now, "usr_a", now, "usr_a")), now);
    Manifest manifest = new Manifest(List.of(), List.of(), null, null, Map.of(), Map.of(), null, null, List.of(),
        List.of());
    String digest = store.manifests().put(manifest);
    for (int i = 0; i < versions; i++) {
      int number = store.heads().next(name, Scope.ALL).orElseThrow().latest();
      commit(Change.create("version.created", new Version(name, number, department, null, Version.State.READY,
          digest, manifest.proof(), null, null, Map.of(), now, "usr_a", null, null, now, null, Set.of(),
          Set.of(), Set.of())), now);
    }
  }

  private void commit(Change change, Instant now) {
    try {
      store.changes().commit(change, new Origin("usr_a", null, "req-1", null, null, now), null,
          now.plusSeconds(20));
    } catch (Lost lost) {
      throw new IllegalStateException(lost);
    }
  }

  /** What the stream of blocks holds that was not delivered yet, as Lambda would be given it. */
  List<Map<String, Object>> arrived() {
    List<Map<String, Object>> records = new ArrayList<>();
    String arn = aws.dynamo().describeTable(d -> d.tableName(aws.physicalName("MetricsTable"))).table()
        .latestStreamArn();
    for (Shard shard : aws.streams().describeStream(d -> d.streamArn(arn)).streamDescription().shards()) {
      String iterator = aws.streams().getShardIterator(g -> g.streamArn(arn).shardId(shard.shardId())
          .shardIteratorType(ShardIteratorType.TRIM_HORIZON)).shardIterator();
      for (int pages = 0; iterator != null && pages < 50; pages++) {
        String from = iterator;
        var page = aws.streams().getRecords(g -> g.shardIterator(from));
        if (page.records().isEmpty()) {
          break;
        }
        page.records().stream().filter(record -> record.eventNameAsString().equals("INSERT"))
            .filter(record -> delivered.add(record.eventID())).forEach(record -> records.add(event(record)));
        iterator = page.nextShardIterator();
      }
    }
    return records;
  }

  private static Map<String, Object> event(Record record) {
    return Map.of("eventID", record.eventID(), "eventName", record.eventNameAsString(), "eventSource", "aws:dynamodb",
        "dynamodb", Map.of("Keys", json(record.dynamodb().keys()), "NewImage", json(record.dynamodb().newImage()),
            "SequenceNumber", record.dynamodb().sequenceNumber(), "StreamViewType", "NEW_IMAGE"));
  }

  private static Map<String, Object> json(Map<String, AttributeValue> item) {
    Map<String, Object> json = new TreeMap<>();
    item.forEach((name, value) -> json.put(name, value.s() != null ? Map.of("S", value.s())
        : value.n() != null ? Map.of("N", value.n())
            : Map.of("B", Base64.getEncoder().encodeToString(value.b().asByteArray()))));
    return json;
  }

  /** Gives a stream function some records; returns its answer. */
  static String deliver(RequestStreamHandler function, List<Map<String, Object>> records) {
    return call(function, Json.write(Map.of("Records", records)));
  }

  static String call(RequestStreamHandler function, byte[] event) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      function.handleRequest(new ByteArrayInputStream(event), out, new TestContext());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(java.nio.charset.StandardCharsets.UTF_8);
  }
}
