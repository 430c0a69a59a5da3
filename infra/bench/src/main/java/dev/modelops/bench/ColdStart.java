package dev.modelops.bench;

import dev.modelops.domain.access.Role;
import dev.modelops.embedded.Template;
import dev.modelops.embedded.Template.Function;
import dev.modelops.embedded.TestAws;
import dev.modelops.metrics.IntakeFunction;
import dev.modelops.testkit.lambda.Credentials;
import dev.modelops.testkit.lambda.Sandbox;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * From the start of the process to the answer of the first event, for each function of the template: its own zip, the
 * real runtime client, one core of its own ({@code taskset}), the first compiler tier, a call of DynamoDB where the
 * function has a store. Then the same with an AOT cache, which needs one class path, and the first event after a restore
 * from a primed checkpoint, beside a later one of the same process.
 */
final class ColdStart {
  private static final Path ROOT = Main.root();
  private static final Path WORK = ROOT.resolve("infra/bench/target/cold");
  /** Requests between the first and the warm one. */
  private static final int BETWEEN = 5;
  private static final String JAVA = Path.of(System.getProperty("java.home"), "bin/java").toString();

  private final Template template = Template.read(ROOT.resolve("template.yaml"));
  private final TestAws aws = TestAws.fresh();
  private final Map<String, String> tokens = new TreeMap<>();
  private final int runs;
  private final String core;

  private final List<String> only;

  /** @param options how many runs of each (5), which core (0), which functions (all) */
  ColdStart(List<String> options) {
    runs = options.isEmpty() ? 5 : Integer.parseInt(options.get(0));
    core = options.size() < 2 ? "0" : options.get(1);
    only = options.size() < 3 ? List.of() : options.subList(2, options.size());
  }

  void run() throws IOException {
    Folders.empty(WORK);
    tokens.putAll(Seed.plant(aws));
    Calls.quietly(new IntakeFunction(aws.env("IntakeFunction")),
        ApiEvents.event("POST", "/v1/metrics", ApiEvents.batch(Instant.now(), 1), Role.OPERATOR));
    System.out
        .println("| function | plain, ms | CPU | with AOT cache, ms | CPU | first after restore, ms | warm, ms |");
    System.out.println("|---|---|---|---|---|---|---|");
    for (Function function : template.functions().values()) {
      if (only.isEmpty() || only.contains(function.id())) {
        measure(function);
      }
    }
  }

  private void measure(Function function) throws IOException {
    Path code =
        Sandbox.unzip(ROOT.resolve(function.codeUri()), WORK.resolve(Path.of(function.codeUri()).getFileName()));
    Sandbox.Spec spec = Sandbox.Spec.of(code, function.handler(), aws.env(function.id()), function.timeout(),
        WORK.resolve(function.id() + ".log")).by(command());
    byte[] event = event(function);
    List<Started> plain = start(spec, event);
    Path cache = WORK.resolve(function.id() + ".aot");
    Files.deleteIfExists(cache);
    try (Sandbox training = Sandbox.start(spec.onOneClassPath().by(command("-XX:AOTCacheOutput=" + cache)))) {
      training.invoke(event);
      training.end();
    }
    List<Started> cached = start(spec.onOneClassPath().by(command("-XX:AOTCache=" + cache, "-XX:AOTMode=on")), event);
    List<Restored> restored = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      restored.add(restore(spec, event));
    }
    System.out.println("| " + function.id() + " | " + of(plain, Started::millis) + " | " + of(plain, Started::cpuMillis)
        + " | " + of(cached, Started::millis) + " | " + of(cached, Started::cpuMillis) + " | "
        + of(restored, Restored::firstMillis) + " | " + of(restored, Restored::warmMillis) + " |");
  }

  private record Started(double millis, double cpuMillis) {}

  private record Restored(double firstMillis, double warmMillis) {}

  private static <T> Figures of(List<T> all, ToDoubleFunction<T> which) {
    return new Figures(all.stream().mapToDouble(which).toArray());
  }

  private List<String> command(String... more) {
    List<String> command = new ArrayList<>(List.of("taskset", "-c", core, JAVA, "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1", "-Xmx1400m"));
    command.addAll(Arrays.asList(more));
    return command;
  }

  private List<Started> start(Sandbox.Spec spec, byte[] event) {
    List<Started> all = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      long from = System.nanoTime();
      try (Sandbox sandbox = Sandbox.start(spec)) {
        sandbox.invoke(event);
        double millis = (System.nanoTime() - from) / 1e6;
        double cpu = ProcessHandle.of(sandbox.pid()).flatMap(process -> process.info().totalCpuDuration())
            .map(time -> time.toNanos() / 1e6).orElse(0.0);
        all.add(new Started(millis, cpu));
      }
    }
    return all;
  }

  private static Restored restore(Sandbox.Spec spec, byte[] event) {
    Credentials credentials = new Credentials(spec.env().getOrDefault("AWS_ACCESS_KEY_ID", ""), "local", "token");
    try (Sandbox sandbox = Sandbox.snapStart(spec, credentials)) {
      sandbox.awaitCheckpoint();
      sandbox.restore(credentials);
      double first = millis(sandbox, event);
      for (int i = 0; i < BETWEEN; i++) {
        sandbox.invoke(event);
      }
      return new Restored(first, millis(sandbox, event));
    }
  }

  private static double millis(Sandbox sandbox, byte[] event) {
    long from = System.nanoTime();
    sandbox.invoke(event);
    return (System.nanoTime() - from) / 1e6;
  }

  /** What a first caller asks for; of streams and schedules the file in {@code events/}. */
  private byte[] event(Function function) throws IOException {
    String model = "/v1/models/" + ApiEvents.MODEL;
    return switch (function.id()) {
      case "AuthorizerFunction" -> token();
      case "TokensFunction" -> ApiEvents.event("GET", "/v1/departments/demo", null, Role.ADMIN);
      case "RegistryFunction" -> ApiEvents.event("GET", model, null, Role.VIEWER);
      case "DeploymentFunction" ->
        ApiEvents.event("GET", "/v1/environments/dev/models/" + ApiEvents.MODEL + "/live", null, Role.VIEWER);
      case "IntakeFunction" ->
        ApiEvents.event("POST", "/v1/metrics", ApiEvents.batch(Instant.now(), 1), Role.OPERATOR);
      case "SeriesFunction" -> ApiEvents.event("GET",
          model + "/metrics?environment=dev&series=latency_1@1&step=1m", null, Role.VIEWER);
      case "AuditFunction" ->
        ApiEvents.event("GET", "/v1/audit?entity=model:" + ApiEvents.MODEL, null, Role.AUDITOR);
      case "FrontFunction" -> Files.readAllBytes(ROOT.resolve("events/getHealth.json"));
      default -> Files.readAllBytes(ROOT.resolve("events").resolve(function.id() + "." + (function.streams().isEmpty()
          ? function.schedules().getFirst().name() : function.streams().getFirst().name()) + ".json"));
    };
  }

  /** It is looked up. */
  private byte[] token() throws IOException {
    return Files.readString(ROOT.resolve("events/AuthorizerFunction.json"))
        .replace("Bearer example", "Bearer " + tokens.get("viewer")).getBytes(StandardCharsets.UTF_8);
  }
}
