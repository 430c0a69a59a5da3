package dev.modelops.bench;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.modelops.deployment.DeploymentFunction;
import dev.modelops.domain.access.Role;
import dev.modelops.embedded.TestAws;
import dev.modelops.metrics.IntakeFunction;
import dev.modelops.registry.RegistryFunction;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Everything that a warm function does for one request but the calls themselves: event, router, schema, rules, the SDK's
 * own work (marshalling, signing), audit, answer, log line.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls prepare first
public class RequestWork extends WarmWork {
  private static final String MODEL = "/v1/models/" + ApiEvents.MODEL;

  private TestAws aws;
  private RequestStreamHandler registry;
  private RequestStreamHandler deployment;
  private RequestStreamHandler intake;
  private byte[] create;
  private byte[] read;
  private byte[] live;
  private byte[] list;
  private byte[] batch;
  private long sdkNanos;
  private long requests;

  /** Asks everything once for real, so that there are answers to give. */
  @Setup
  public void prepare() throws IOException {
    aws = TestAws.fresh();
    MemoryHttp http = MemoryHttp.install();
    Seed.plant(aws);
    System.setOut(Calls.NOWHERE);
    Map<String, String> store =
        Map.of("AWS_ENDPOINT_URL_DYNAMODB", http.named("dynamodb.bench", aws.aws().endpoints().dynamo()));
    registry = new RegistryFunction(aws.env("RegistryFunction", store));
    deployment = new DeploymentFunction(aws.env("DeploymentFunction", store));
    intake = new IntakeFunction(aws.env("IntakeFunction", store));
    create = ApiEvents.event("POST", MODEL + "/versions", ApiEvents.VERSION_BODY, Role.ML_ENGINEER);
    read = ApiEvents.event("GET", MODEL, null, Role.VIEWER);
    live = ApiEvents.event("GET", "/v1/environments/dev/models/" + ApiEvents.MODEL + "/live", null, Role.VIEWER);
    list = ApiEvents.event("GET", MODEL + "/versions?limit=50", null, Role.VIEWER);
    batch = ApiEvents.event("POST", "/v1/metrics", ApiEvents.batch(Instant.now(), 1), Role.OPERATOR);
    for (int i = 0; i < 49; i++) {
      Calls.call(registry, create);
    }
    Calls.call(registry, read);
    Calls.call(deployment, live);
    Calls.call(registry, list);
    Calls.call(intake, batch);
    http.answerFromMemory();
  }

  /** Begins to count. */
  @Setup(Level.Iteration)
  public void begin() {
    sdkNanos = SdkTime.nanos();
    requests = 0;
  }

  /** Says how much of it was the SDK's. */
  @TearDown(Level.Iteration)
  public void end() {
    System.err.printf(Locale.ROOT, "(of it within the SDK: %.1f us/op) ",
        (SdkTime.nanos() - sdkNanos) / 1_000.0 / requests);
  }

  /** Closes the clients of the tables. */
  @TearDown
  public void close() {
    aws.close();
  }

  private byte[] measured(RequestStreamHandler function, byte[] event) throws IOException {
    requests++;
    return Calls.call(function, event);
  }

  @Benchmark
  public byte[] createVersion() throws IOException {
    return measured(registry, create);
  }

  @Benchmark
  public byte[] readModel() throws IOException {
    return measured(registry, read);
  }

  @Benchmark
  public byte[] liveVersion() throws IOException {
    return measured(deployment, live);
  }

  /** 50 versions. */
  @Benchmark
  public byte[] listVersions() throws IOException {
    return measured(registry, list);
  }

  /** 1,000 points of ten series. */
  @Benchmark
  public byte[] batch() throws IOException {
    return measured(intake, batch);
  }
}
