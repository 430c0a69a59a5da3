package dev.modelops.local.zip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.checker.Checker;
import dev.modelops.embedded.LocalAws;
import dev.modelops.embedded.Template;
import dev.modelops.embedded.Template.Function;
import dev.modelops.embedded.TestAws;
import dev.modelops.local.events.EventFiles;
import dev.modelops.local.gateway.SampleEvents;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.Functions;
import dev.modelops.testkit.Operations;
import dev.modelops.testkit.Operations.Operation;
import dev.modelops.testkit.TestCallers;
import dev.modelops.testkit.Writes;
import dev.modelops.testkit.lambda.Credentials;
import dev.modelops.testkit.lambda.Sandbox;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongPredicate;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is deployed: every function's own zip under Lambda's own runtime client, through a snapshot, fed from
 * {@code events/}. Between checkpoint and restore the credentials and the key of cursors become others; tables of the
 * former ones exist and must stay empty.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "Lambda's runtime client is there for Linux alone")
final class FunctionZipsIT {
  private static final Path ROOT = Path.of(System.getProperty("modelops.root", "../..")).toAbsolutePath().normalize();
  private static final Path WORK = ROOT.resolve("infra/local/target/zips");
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Template TEMPLATE = Template.read(ROOT.resolve("template.yaml"));
  private static final int AT_ONCE = 2;
  /** What only reads comes first: all that it asks for is still as it was made. */
  private static final List<String> METHODS = List.of("GET", "PUT", "POST", "PATCH", "DELETE");
  /** Events leave out what is one of several, and are refused; asked so they are answered. */
  private static final Map<String, String> ASKED = Map.of(
      "downloadArtifact", "/v1/models/loaded/versions/1/artifacts/download?path=model.onnx",
      "queryAudit", "/v1/audit?entity=model:card-fraud");
  private static final Duration AROUND_NOW = Duration.ofDays(1);
  /**
   * Known and harmless: where the clock counts from, which the JDK corrects; when files were made; until when connections
   * that are gone, and a buffer of a tenth of a second, were good.
   */
  private static final Set<String> TIMES_OF_THE_JDK = Set.of("java.time.Clock.OFFSET_SEED", "java.time.Clock.offset",
      "sun.util.calendar.ZoneInfoFile.CURRT", "java.util.Calendar.time", "java.util.Date.fastTime",
      "sun.nio.fs.UnixFileAttributes.st_atime_sec", "sun.nio.fs.UnixFileAttributes.st_birthtime_sec",
      "sun.nio.fs.UnixFileAttributes.st_ctime_sec", "sun.nio.fs.UnixFileAttributes.st_mtime_sec",
      "sun.security.ssl.TrustStoreManager$TrustStoreDescriptor.lastModified",
      "sun.security.ssl.EphemeralKeyManager$EphemeralKeyPair.expirationTime",
      "sun.net.www.http.KeepAliveEntry.idleStartTime", "sun.security.provider.NativePRNG$RandomIO.lastRead");
  private static final Pattern STATEFUL = Pattern.compile("java\\.util\\.(UUID|SplittableRandom)"
      + "|sun\\.security\\.provider\\.(DRBG|.*Drbg)|jdk\\.random\\..*|java\\.lang\\.Math\\$RandomNumberGeneratorHolder");

  private static final String RUN = Long.toString(System.nanoTime(), 36);
  private static final LocalAws BEFORE = aws("before" + RUN);
  private static final LocalAws AFTER = aws("after" + RUN);
  private static final ExecutorService STARTING = Executors.newFixedThreadPool(AT_ONCE);
  private static final Map<Path, Path> UNZIPPED = new TreeMap<>();
  private static final Examples EXAMPLES = new Examples(new Functions(AFTER)::get);

  /** A function that was restored, and what was alive in it at its checkpoint. */
  private record Restored(Function function, Sandbox sandbox, HeapDump snapshot, Credentials former,
      String formerKey) {}

  private record Starting(Function function, CompletableFuture<Restored> restored) {}

  private static LocalAws aws(String accessKey) {
    return LocalAws.create(TEMPLATE, TestAws.endpoints(), accessKey, "zips" + RUN, Map.of("CursorKey", "file:none"));
  }

  @AfterAll
  static void close() {
    STARTING.shutdownNow();
    BEFORE.close();
    AFTER.close();
  }

  @TestFactory
  Stream<DynamicNode> everyFunctionServesItsEventsAfterARestore() {
    List<Starting> all = TEMPLATE.functions().values().stream().map(function -> new Starting(function,
        CompletableFuture.supplyAsync(() -> throughASnapshot(function), STARTING))).toList();
    return Stream.concat(
        all.stream().map(starting -> DynamicContainer.dynamicContainer(starting.function().id(), tests(starting))),
        Stream.of(DynamicTest.dynamicTest("nothing was written with the credentials of the snapshot", () -> {
          assertThat(items(BEFORE)).isZero();
          assertThat(items(AFTER)).isPositive();
        }), DynamicTest.dynamicTest("nothing is wrong with what was written",
            () -> assertThat(Checker.of(AFTER).findings()).isEmpty())));
  }

  private static Stream<DynamicTest> tests(Starting starting) {
    CompletableFuture<Restored> restored = starting.restored();
    return Stream.of(
        Stream.of(DynamicTest.dynamicTest("nothing secret, random or of its time survives the snapshot",
            () -> nothingSurvives(restored.join()))),
        requests(starting.function()).map(operation -> DynamicTest.dynamicTest(operation.id(),
            () -> request(restored.join(), operation))),
        others(starting.function()).map(file -> DynamicTest.dynamicTest(file, () -> other(restored.join(), file))),
        Stream.of(DynamicTest.dynamicTest("ends", () -> restored.join().sandbox().close()))).flatMap(tests -> tests);
  }

  @TestFactory
  Stream<DynamicTest> zipsAreSmall() {
    return TEMPLATE.functions().values().stream().map(Function::codeUri).distinct()
        .map(zip -> DynamicTest.dynamicTest(zip, () -> {
          Path code = unzipped(zip);
          boolean s3;
          try (Stream<Path> jars = Files.list(code.resolve("lib"));
              FileSystem classes = FileSystems.newFileSystem(jars.findFirst().orElseThrow())) {
            s3 = Files.exists(classes.getPath("software/amazon/awssdk/services/s3/S3Client.class"));
          }
          assertThat(Files.size(ROOT.resolve(zip))).as("bytes of " + zip)
              .isLessThanOrEqualTo(s3 ? 16_000_000 : 12_000_000);
        }));
  }

  private static Restored throughASnapshot(Function function) {
    try {
      Files.createDirectories(WORK);
      Path cursorKey = WORK.resolve(function.id() + ".cursor-key");
      String formerKey = "the-key-of-cursors-before-the-snapshot-of-" + function.id();
      Files.writeString(cursorKey, formerKey);
      Map<String, String> env = new TreeMap<>(BEFORE.env(function.id()));
      env.computeIfPresent("CURSOR_KEY", (name, place) -> "file:" + cursorKey);
      // The SDK remembers addresses of hosts that begin with digits, and takes these for an account's.
      env.computeIfPresent("AWS_ENDPOINT_URL_S3", (name, uri) -> uri.replace("127.0.0.1", "localhost"));
      Credentials former = credentials("before", function);
      Sandbox sandbox = Sandbox.snapStart(Sandbox.Spec.of(unzipped(function.codeUri()), function.handler(), env,
          function.timeout(), WORK.resolve(function.id() + ".log")), former);
      sandbox.awaitCheckpoint();
      assertThat(sandbox.printed()).as("a rehearsal fails").doesNotContain("\"level\":\"error\"",
          "\"level\":\"warn\"");
      HeapDump snapshot = HeapDump.of(sandbox.pid(), WORK.resolve(function.id() + ".hprof"), aroundNow());
      Files.writeString(cursorKey, "the-key-of-cursors-after-the-snapshot-of-" + function.id());
      sandbox.restore(credentials("after", function));
      return new Restored(function, sandbox, snapshot, former, formerKey);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** DynamoDB Local keeps a database per access key. */
  private static Credentials credentials(String when, Function function) {
    return new Credentials(when + RUN, "secret-" + when + "-" + function.id(), "token-" + when + "-" + function.id());
  }

  private static synchronized Path unzipped(String zip) {
    return UNZIPPED.computeIfAbsent(ROOT.resolve(zip),
        file -> Sandbox.unzip(file, WORK.resolve(file.getFileName().toString().replace(".zip", ""))));
  }

  private static void nothingSurvives(Restored restored) {
    HeapDump snapshot = restored.snapshot();
    assertThat(restored.sandbox().printed()).doesNotContain("priming failed");
    if (BEFORE.env(restored.function().id()).keySet().stream().anyMatch(name -> name.endsWith("_TABLE"))) {
      assertThat(snapshot.counts().keySet()).as("priming has read the store").containsAnyOf(
          "software.amazon.awssdk.services.dynamodb.model.GetItemResponse",
          "software.amazon.awssdk.services.dynamodb.model.QueryResponse");
    }
    assertThat(snapshot.counts().getOrDefault("tools.jackson.core.util.BufferRecycler", 0))
        .as("buffers that keep what was written in them").isZero();
    assertThat(snapshot.holds(restored.former().secretKey())).as("the secret key").isFalse();
    assertThat(snapshot.holds(restored.former().token())).as("the session's token").isFalse();
    assertThat(snapshot.holds(restored.formerKey())).as("the key of cursors").isFalse();
    assertThat(snapshot.numbers()).as("points in time").extracting(HeapDump.Number::field)
        .filteredOn(field -> !TIMES_OF_THE_JDK.contains(field)).isEmpty();
    // Known and harmless: pauses of a retry policy of the SDK that is not in use, and the coin that sketches flip.
    int known = snapshot.counts().entrySet().stream().filter(each -> each.getKey().endsWith("JitterBackoffStrategy"))
        .mapToInt(Map.Entry::getValue).sum()
        + (snapshot.counts().containsKey("org.apache.datasketches.kll.KllSketch") ? 1 : 0);
    assertThat(snapshot.counts().getOrDefault("java.util.Random", 0))
        .as("numbers that every copy would draw alike").isLessThanOrEqualTo(known);
    // A SecureRandom asks the kernel at each draw, and mixes in what one generator of the JDK's own says.
    assertThat(snapshot.counts().getOrDefault("sun.security.provider.SecureRandom", 0)).isLessThanOrEqualTo(1);
    assertThat(snapshot.counts()).as("generators with a state, and what was drawn")
        .allSatisfy((type, count) -> assertThat(STATEFUL.matcher(type).matches() ? count : 0).as(type).isZero());
  }

  /** In the units that time is counted in since 1970. */
  private static LongPredicate aroundNow() {
    long now = Instant.now().getEpochSecond();
    return number -> LongStream.of(1, 1_000, 1_000_000, 1_000_000_000)
        .anyMatch(unit -> Math.abs(number / unit - now) < AROUND_NOW.toSeconds());
  }

  private static Stream<Operation> requests(Function function) {
    SampleEvents samples = new SampleEvents(EventFiles.routes(TEMPLATE));
    return Operations.all().stream()
        .filter(operation -> samples.route(operation.method(), operation.path()).orElseThrow().function().name()
            .equals(function.id()))
        .sorted(Comparator.comparing(operation -> METHODS.indexOf(operation.method())));
  }

  /**
   * Held against the contract. What is read is there. A change that the example asks for need not be possible, but no
   * answer is one that a caller could not have caused; and the same operation changes what it may.
   */
  private static void request(Restored restored, Operation operation) {
    Answer answer = ApiClient.replay(restored.sandbox(), operation.method(), operation.path(),
        EXAMPLES.with(event(operation.id() + ".json")));
    if (operation.method().equals("GET")) {
      String asked = ASKED.get(operation.id());
      answer.is(asked == null ? 200 : 400);
      if (asked != null) {
        ApiClient.of(restored.sandbox(), TestCallers.of(operation.role())).get(asked).is(200);
      }
    } else {
      assertThat(answer.status()).as(answer.body()).isBetween(200, 499).isNotIn(401, 405, 413, 415);
      Writes.Ask ask = EXAMPLES.writes().prepare(operation.id(), "w" + operation.id().toLowerCase(Locale.ROOT));
      Answer done = Writes.send(id -> restored.sandbox(), ask, operation.id());
      assertThat(done.status()).as(done.body()).isBetween(200, 299);
    }
  }

  private static Stream<String> others(Function function) {
    List<String> names = new ArrayList<>();
    function.schedules().forEach(schedule -> names.add(function.id() + "." + schedule.name() + ".json"));
    function.streams().forEach(stream -> names.add(function.id() + "." + stream.name() + ".json"));
    names.add(function.id() + ".json");
    return names.stream().filter(name -> Files.exists(ROOT.resolve("events").resolve(name)));
  }

  private static void other(Restored restored, String file) {
    byte[] answer = restored.sandbox().invoke(event(file));
    JsonNode json = answer.length == 0 ? JSON.missingNode() : JSON.readTree(answer);
    assertThat(json.path("batchItemFailures")).as(json.toString()).isEmpty();
    assertThat(json.path("isAuthorized").asBoolean(true) || file.contains("Weekly")).as(json.toString()).isTrue();
  }

  private static long items(LocalAws aws) {
    return TEMPLATE.tables().keySet().stream().mapToLong(table -> aws.dynamo()
        .scan(ScanRequest.builder().tableName(aws.physicalName(table)).build()).count()).sum();
  }

  private static byte[] event(String name) {
    try {
      return Files.readAllBytes(ROOT.resolve("events").resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
