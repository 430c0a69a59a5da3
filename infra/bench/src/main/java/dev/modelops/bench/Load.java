package dev.modelops.bench;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.modelops.deployment.DeploymentFunction;
import dev.modelops.domain.access.Role;
import dev.modelops.embedded.Endpoints;
import dev.modelops.embedded.LocalAws;
import dev.modelops.embedded.Template;
import dev.modelops.metrics.IntakeFunction;
import dev.modelops.registry.RegistryFunction;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Requests a second through the local runtime by 16 connections that are kept, beside the same SDK calls on the same
 * tables made by 16 threads without the runtime: what each request asked of DynamoDB is recorded once and sent again
 * under fresh keys. Both in turn, so that a noisy machine is noisy for both, after a while in which both JVMs and that of
 * DynamoDB Local compile what they do.
 */
final class Load {
  private static final int CONNECTIONS = 16;
  private static final Duration LOOK = Duration.ofSeconds(2);
  private static final int MOST_LOOKS = 60;
  /** Of {@link #LOOK}, on one core. */
  private static final Duration IDLE = Duration.ofMillis(300);
  private static final String MODEL = "/v1/models/" + ApiEvents.MODEL;

  private final int rounds;
  private final long seconds;
  private final long warm;
  private final List<String> only;
  private final Path data = Main.root().resolve("infra/bench/target/load");
  private final Path log = data.resolveSibling("load.log");
  private final AtomicLong count = new AtomicLong();
  private int port;

  /** @param options how many rounds (3), how many seconds each (5) and before the first (30), which rows (all) */
  Load(List<String> options) {
    rounds = options.isEmpty() ? 3 : Integer.parseInt(options.get(0));
    seconds = options.size() < 2 ? 5 : Long.parseLong(options.get(1));
    warm = options.size() < 3 ? 30 : Long.parseLong(options.get(2));
    only = options.size() < 4 ? List.of() : options.subList(3, options.size());
  }

  /** One kind of request: over HTTP, and what it is in the function. */
  private record Row(String name, Wire.Request request, RequestStreamHandler function, byte[] event) {}

  /** Something that one of the threads does again and again. */
  private interface Step {
    void run() throws Exception;
  }

  void run() throws Exception {
    Folders.empty(data);
    Process runtime = runtime();
    try {
      measure(runtime, endpoints(runtime));
    } finally {
      runtime.destroy();
      runtime.waitFor();
    }
  }

  private void measure(Process runtime, Endpoints endpoints) throws Exception {
    Template template = Template.read(Main.root().resolve("template.yaml"));
    try (LocalAws aws = LocalAws.at(template, endpoints, LocalAws.NAME, LocalAws.NAME,
        Map.of("CursorKey", "file:" + data.resolve("cursor-key"))); DynamoDbClient direct = client(endpoints)) {
      Wire wire = new Wire(port, token("ml-engineer"), token("operator"));
      wire.seed();
      System.out.println("| request | through the runtime, /s | SDK calls alone, /s | ratio |");
      System.out.println("|---|---|---|---|");
      for (Row row : rows(aws, wire)) {
        if (only.isEmpty() || only.contains(row.name().replace(' ', '-'))) {
          row(row, wire, direct, runtime);
        }
      }
    }
  }

  private void row(Row row, Wire wire, DynamoDbClient direct, Process runtime) throws Exception {
    Recording recording = Recording.of(() -> Calls.quietly(row.function(), row.event()));
    double[] ours = new double[rounds];
    double[] alone = new double[rounds];
    double[] ratios = new double[rounds];
    rate(warm, () -> wire.connection().send(row.request()));
    rate(warm, () -> recording.again(direct, count.incrementAndGet()));
    for (int round = 0; round < rounds; round++) {
      settle(runtime);
      ours[round] = rate(seconds, () -> wire.connection().send(row.request()));
      settle(runtime);
      alone[round] = rate(seconds, () -> recording.again(direct, count.incrementAndGet()));
      ratios[round] = 100 * ours[round] / alone[round];
    }
    System.out.println("| " + row.name() + " | " + new Figures(ours) + " | " + new Figures(alone) + " | "
        + new Figures(ratios) + " % |");
  }

  private List<Row> rows(LocalAws aws, Wire wire) {
    RequestStreamHandler registry = new RegistryFunction(aws.env("RegistryFunction"));
    RequestStreamHandler deployment = new DeploymentFunction(aws.env("DeploymentFunction"));
    RequestStreamHandler intake = new IntakeFunction(aws.env("IntakeFunction"));
    String live = "/v1/environments/dev/models/" + ApiEvents.MODEL + "/live";
    return List.of(
        new Row("create version", wire.post(MODEL + "/versions", () -> ApiEvents.VERSION_BODY), registry,
            ApiEvents.event("POST", MODEL + "/versions", ApiEvents.VERSION_BODY, Role.ML_ENGINEER)),
        new Row("read model", wire.get(MODEL), registry, ApiEvents.event("GET", MODEL, null, Role.VIEWER)),
        new Row("live version", wire.get(live), deployment, ApiEvents.event("GET", live, null, Role.VIEWER)),
        new Row("batch of 1,000 points",
            wire.report("/v1/metrics", batches()), intake,
            ApiEvents.event("POST", "/v1/metrics", ApiEvents.batch(Instant.now(), 0), Role.OPERATOR)));
  }

  /** No two alike, and all but a number made before: a client's own work is not the runtime's. */
  private Supplier<String> batches() {
    String batch = ApiEvents.batch(Instant.now(), 0);
    int number = batch.lastIndexOf(':') + 1;
    String before = batch.substring(0, number);
    String after = batch.substring(batch.indexOf('}', number));
    return () -> before + count.incrementAndGet() + after;
  }

  /** Waits for what the streams still bring of the writes before: it would slow down whatever comes next. */
  private static void settle(Process runtime) throws InterruptedException {
    Duration used = Duration.ZERO;
    for (int looks = 0; looks < MOST_LOOKS; looks++) {
      Thread.sleep(LOOK.toMillis());
      Duration before = used;
      used = runtime.info().totalCpuDuration().orElseThrow();
      if (used.minus(before).compareTo(IDLE) <= 0) {
        return;
      }
    }
    System.out.println("The streams did not become quiet within two minutes.");
  }

  /** How often a second the threads together get a step done. */
  private double rate(long seconds, Step step) throws Exception {
    AtomicLong done = new AtomicLong();
    long from = System.nanoTime();
    long end = from + seconds * 1_000_000_000L;
    try (ExecutorService threads = Executors.newFixedThreadPool(CONNECTIONS)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        all.add(threads.submit(() -> {
          while (System.nanoTime() < end) {
            step.run();
            done.incrementAndGet();
          }
          return null;
        }));
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    return done.get() / ((System.nanoTime() - from) / 1e9);
  }

  private static DynamoDbClient client(Endpoints endpoints) {
    return DynamoDbClient.builder().httpClient(UrlConnectionHttpClient.create()).endpointOverride(endpoints.dynamo())
        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(LocalAws.NAME, "local")))
        .region(Region.of(LocalAws.REGION)).build();
  }

  /** As {@code mvn -Plocal} starts it, but for the limit on how often a route may be called. */
  private Process runtime() throws IOException {
    return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-XX:+UseSerialGC",
        "-Xshare:auto", "-Xmx768m", "--enable-native-access=ALL-UNNAMED",
        "-Dmodelops.root=" + Main.root(), "-Dmodelops.data=" + data, "-Dmodelops.port=0",
        "-Dmodelops.parameters=ThrottleRate=1000000;ThrottleBurst=1000000",
        "-classpath", System.getProperty("java.class.path"), "dev.modelops.local.Main")
        .redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  private Endpoints endpoints(Process runtime) throws IOException, InterruptedException {
    while (runtime.isAlive()) {
      Map<String, URI> said = new HashMap<>();
      for (String line : Files.readAllLines(log)) {
        if (line.contains(" answers at ")) {
          said.put(line.contains("DynamoDB") ? "dynamo" : "s3",
              URI.create(line.replaceAll(".* answers at (\\S+).*", "$1")));
        } else if (line.startsWith("  API ")) {
          port = URI.create(line.replace("API", "").strip()).getPort();
        }
      }
      if (said.size() == 2 && port != 0) {
        return new Endpoints(Objects.requireNonNull(said.get("dynamo")), Objects.requireNonNull(said.get("s3")));
      }
      Thread.sleep(100);
    }
    throw new IllegalStateException("The runtime does not start: " + Files.readString(log));
  }

  private String token(String role) throws IOException {
    return Files.readString(data.resolve("tokens").resolve(role)).strip();
  }
}
