package dev.modelops.whole;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.modelops.checker.Checker;
import dev.modelops.embedded.TestAws;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.Functions;
import dev.modelops.testkit.Operations;
import dev.modelops.testkit.TestCallers;
import dev.modelops.testkit.Writes;
import dev.modelops.testkit.Writes.Ask;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Two builds of the functions on one store, as while a deployment is under way: requests go to one and the other in turn.
 * The other build's classes are its own, and it writes fields that this one does not know and lacks some that it does.
 */
class TwoBuildsTest {

  private static final TestAws AWS = TestAws.fresh();
  private static final Functions THIS = new Functions(AWS);
  private static final Functions OTHER = new Functions(AWS, new OwnClasses());
  private static final AtomicInteger REQUESTS = new AtomicInteger();
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static final int AT_ONCE = 8;
  private static final Map<String, String> TICK = Map.of("source", "aws.scheduler", "time", "2026-01-01T12:00:00Z");
  /** Long enough that minutes are over and closed. */
  private static final Duration AGO = Duration.ofMinutes(3);
  private static final Writes WRITES = new Writes(TwoBuildsTest::inTurn);
  /** Tables, and kinds of items in them that the other build has written. */
  private static final Set<String> ADDED = new ConcurrentSkipListSet<>();
  /** When the system began to do by itself what it does. */
  private static Instant alone = Instant.EPOCH;

  /** Loads the functions, and all that they are made of, anew; the JDK's, the SDK's and the tests' classes are shared. */
  private static final class OwnClasses extends URLClassLoader {
    OwnClasses() {
      super(classPath(), TwoBuildsTest.class.getClassLoader());
    }

    private static URL[] classPath() {
      List<URL> urls = new ArrayList<>();
      for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
        try {
          urls.add(Path.of(entry).toUri().toURL());
        } catch (MalformedURLException e) {
          throw new AssertionError(e);
        }
      }
      return urls.toArray(URL[]::new);
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (!name.matches("dev\\.modelops\\.(?!local|embedded|testkit|checker).*")) {
        return super.loadClass(name, resolve);
      }
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        return loaded == null ? findClass(name) : loaded;
      }
    }
  }

  /** The function as this build, and as the other one. */
  private static RequestStreamHandler as(int build, String function) {
    return build % 2 == 0 ? THIS.get(function) : AnotherBuild.of(OTHER.get(function));
  }

  private static RequestStreamHandler inTurn(String function) {
    return as(REQUESTS.getAndIncrement(), function);
  }

  static Stream<String> writing() {
    return WRITES.operations().stream();
  }

  @ParameterizedTest
  @MethodSource("writing")
  void eachBuildGoesOnWithWhatTheOtherWrote(String operation) {
    // Which build begins changes from one operation to the next.
    writtenByOneIsReadByTheOther(operation, NAMES.incrementAndGet());
  }

  @Test
  void bothWorkAtTheSameTime() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<?>> running = new ArrayList<>();
      for (String operation : WRITES.operations()) {
        running.add(threads.submit(() -> writtenByOneIsReadByTheOther(operation, NAMES.incrementAndGet())));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
  }

  private static void writtenByOneIsReadByTheOther(String operation, int number) {
    Ask asked = WRITES.prepare(operation, "w%04dq".formatted(number));
    Ask ask = takesKey(operation) ? asked.with("Idempotency-Key", asked.name()) : asked;
    Answer answer = Writes.send(function -> as(number, function), ask, operation);
    assertThat(answer.status()).as(answer.body()).isBetween(200, 299);
    Writes.read(function -> as(number + 1, function), ask, operation)
        .ifPresent(read -> assertThat(read.status()).as(read.body()).isIn(200, 404));
    if (takesKey(operation)) {
      Answer again = Writes.send(function -> as(number + 1, function), ask, operation);
      assertThat(again.status()).as(again.body()).isEqualTo(answer.status());
      assertThat(again.headers().get("etag")).isEqualTo(answer.headers().get("etag"));
    }
  }

  private static boolean takesKey(String operation) {
    return Operations.byId(operation).parameters("header").stream()
        .anyMatch(parameter -> parameter.path("name").asString().equals("Idempotency-Key"));
  }

  @Test
  void whatTheSystemDoesByItselfIsDoneByEither() {
    alone = Instant.now();
    for (int build = 0; build < 2; build++) {
      int one = build;
      int other = build + 1;
      String name = "alone" + build;
      Writes.send(function -> as(one, function), WRITES.prepare("putAutoDeploy", name), "putAutoDeploy").is(200);
      client(one, "createVersion").post("/v1/models/" + name + "/versions", Map.of()).is(201);
      Deliveries.to(as(other, "AutoDeployFunction"), items("RecordsTable", "versions#" + name));
      assertThat(client(one, "getLive").get("/v1/environments/staging/models/" + name + "/live").is(200).json()
          .path("version").asInt()).isEqualTo(1);
      for (double value : new double[] {1, 2}) {
        String time = Instant.now().minus(AGO).toString();
        client(one, "ingestMetrics").post("/v1/metrics", Map.of("model", name, "environment", "staging", "series",
            List.of(Map.of("metric", "latency_ms", "version", 1, "points",
                List.of(Map.of("time", time, "value", value))))))
            .is(202);
        Deliveries.to(as(other, "RollupFunction"), items("MetricsTable", "b#" + name + "#staging"));
        look("RollupsTable");
        Deliveries.to(as(one, "RollupFunction"), items("MetricsTable", "b#" + name + "#staging"));
      }
      for (String ticking : List.of("MinuteCloseFunction", "DeadlineFunction", "ExpiryFunction")) {
        Deliveries.call(as(one, ticking), TICK);
        Deliveries.call(as(other, ticking), TICK);
      }
      Deliveries.call(as(other, "AutoDeployFunction"), Map.of("source", "modelops.catch-up"));
      assertThat(client(other, "queryMetrics").get("/v1/models/" + name
          + "/metrics?environment=staging&series=latency_ms@1&step=1m").is(200).body()).contains("\"count\":2");
    }
  }

  private static ApiClient client(int build, String operation) {
    Operations.Operation of = Operations.byId(operation);
    return ApiClient.of(as(build, of.functionId()), TestCallers.of(of.role()));
  }

  /** What lies under a key. */
  private static List<Map<String, AttributeValue>> items(String table, String pk) {
    return AWS.dynamo().query(query -> query.tableName(AWS.physicalName(table)).keyConditionExpression("pk = :pk")
        .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(pk)))).items();
  }

  private static String text(Map<String, AttributeValue> item, String attribute) {
    return String.valueOf(item.getOrDefault(attribute, AttributeValue.fromS("")).s());
  }

  /** Notes what kinds of items of a table the other build has written; this one may write them again. */
  private static void look(String table) {
    AWS.dynamo().scanPaginator(scan -> scan.tableName(AWS.physicalName(table))).items().stream()
        .filter(item -> item.containsKey(AnotherBuild.ADDED) || text(item, "body").contains(AnotherBuild.ADDED))
        .forEach(item -> ADDED.add(table + " " + text(item, "pk").replaceAll("#.*", "")));
  }

  @AfterAll
  static void nothingIsWrongWithWhatBothHaveWritten() {
    assertThat(THIS.get("RegistryFunction").getClass()).isNotEqualTo(OTHER.get("RegistryFunction").getClass());
    for (String table : List.of("RecordsTable", "MetricsTable", "RollupsTable")) {
      look(table);
    }
    assertThat(ADDED).as("entities, requests, manifests; blocks, catalogs; marks, lists, packs, watermarks").contains(
        "RecordsTable model", "RecordsTable versions", "RecordsTable deployment", "RecordsTable token",
        "RecordsTable i", "RecordsTable m", "MetricsTable b", "MetricsTable c", "RollupsTable l", "RollupsTable s",
        "RollupsTable w");
    // Just after the hour all points were those of an hour that is over, whose active series nobody notes.
    if (alone.atOffset(ZoneOffset.UTC).getMinute() > AGO.toMinutes()) {
      assertThat(ADDED).as("active series").contains("RollupsTable a");
    }
    Checker.assertSound(AWS);
    AWS.close();
  }
}
