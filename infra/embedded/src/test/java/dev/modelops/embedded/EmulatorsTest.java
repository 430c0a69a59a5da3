package dev.modelops.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

class EmulatorsTest {

  private static final Template TEMPLATE = Template.read(TestAws.root().resolve("template.yaml"));

  @TempDir private Path folder = Path.of("unset");

  /** One story, because every start costs seconds. */
  @Test
  void nothing_acknowledged_is_lost_when_everything_is_killed() throws Exception {
    List<String> acknowledged = new ArrayList<>();
    try (Killed parent = new Killed(folder)) {
      try (LocalAws aws = local(parent.endpoints)) {
        assertOnlyLoopback(parent.endpoints.dynamo());
        assertOnlyLoopback(parent.endpoints.s3());
        assertSecondInstanceIsRefused();
        aws.s3().putObject(request -> request.bucket("x-artifacts").key("kept"), RequestBody.fromString("object"));
        writeUntilKilled(parent, acknowledged);
      }
      parent.kill();
      assertThat(parent.children).allSatisfy(child -> assertThat(child.onExit().get(5, TimeUnit.SECONDS)).isNotNull());
    }
    Files.writeString(folder.resolve("s3/x-artifacts/bucketMetadata.json"), "{\"name\":\"x-art");
    List<String> told = new ArrayList<>();
    try (Emulators again = Emulators.start(Emulators.Settings.in(folder), told::add);
        LocalAws aws = local(again.endpoints())) {
      assertThat(acknowledged).hasSizeGreaterThan(20).allSatisfy(id -> assertThat(
          aws.dynamo().getItem(request -> request.tableName("x-records").key(item(id))).hasItem()).isTrue());
      assertThat(aws.s3().getObjectAsBytes(request -> request.bucket("x-artifacts").key("kept")).asUtf8String())
          .isEqualTo("object");
      assertThat(told).hasSize(3).anyMatch(sentence -> sentence.contains("found 1 objects of x-artifacts again"));
      ProcessHandle.of(again.s3Pid()).ifPresent(ProcessHandle::destroyForcibly);
      assertThat(again.death().get(5, TimeUnit.SECONDS)).startsWith("S3Mock ended with status 137; the last lines of ");
      again.revive(told::add);
      assertThat(aws.s3().headObject(request -> request.bucket("x-artifacts").key("kept")).contentLength())
          .isEqualTo(6);
    }
    assertThat(databases(folder)).containsExactly("modelops_us-east-1.db").allSatisfy(this::assertPrepared);
  }

  @Test
  void a_taken_port_is_told_in_one_sentence() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> Emulators.start(
          Emulators.Settings.in(folder).ports(taken.getLocalPort(), 0), sentence -> {}))
          .isInstanceOf(StartException.class)
          .hasMessage("Port " + taken.getLocalPort() + ", meant for DynamoDB Local, is taken by another process:"
              + " end that process or choose another port.");
    }
    assertThatThrownBy(() -> Emulators.start(Emulators.Settings.in(folder.resolve("lock")), sentence -> {}))
        .hasMessage("The folder " + folder.resolve("lock")
            + " cannot be written: make it writable or choose another one.");
  }

  private void assertSecondInstanceIsRefused() {
    assertThatThrownBy(() -> Emulators.start(Emulators.Settings.in(folder), sentence -> {}))
        .isInstanceOf(StartException.class)
        .hasMessage("The data in " + folder
            + " is in use by another running instance: end that instance or choose another folder.");
  }

  private static void assertOnlyLoopback(URI endpoint) throws IOException {
    for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
      for (InetAddress address : each.inetAddresses().filter(known -> !known.isLoopbackAddress()).toList()) {
        assertThatThrownBy(() -> new Socket(address, endpoint.getPort()).close()).isInstanceOf(IOException.class);
      }
    }
  }

  private static LocalAws local(Endpoints endpoints) {
    return LocalAws.create(TEMPLATE, endpoints, LocalAws.NAME, "x", Map.of());
  }

  /** Writes as the local runtime does, from two threads, and kills DynamoDB Local under them. */
  private static void writeUntilKilled(Killed parent, List<String> acknowledged) throws Exception {
    List<Thread> writers = new ArrayList<>();
    try (DynamoDbClient dynamo = durable(parent.endpoints)) {
      for (String writer : List.of("a", "b")) {
        writers.add(Thread.ofPlatform().start(() -> write(dynamo, writer, acknowledged)));
      }
      Instant deadline = Instant.now().plus(Duration.ofSeconds(20));
      while (count(acknowledged) < 200 && Instant.now().isBefore(deadline)) {
        Thread.sleep(5);
      }
      parent.children.getFirst().destroyForcibly();
      for (Thread writer : writers) {
        writer.join();
      }
    }
  }

  private static int count(List<String> acknowledged) {
    synchronized (acknowledged) {
      return acknowledged.size();
    }
  }

  private static void write(DynamoDbClient dynamo, String writer, List<String> acknowledged) {
    try {
      for (int i = 0; true; i++) {
        String id = writer + i;
        dynamo.transactWriteItems(request -> request.transactItems(put(id), put(id + "-audit")));
        synchronized (acknowledged) {
          acknowledged.add(id);
          acknowledged.add(id + "-audit");
        }
      }
    } catch (SdkException e) {
      // It is gone.
    }
  }

  private static TransactWriteItem put(String id) {
    return TransactWriteItem.builder().put(Put.builder().tableName("x-records").item(item(id)).build()).build();
  }

  private static Map<String, AttributeValue> item(String id) {
    return Map.of("pk", AttributeValue.fromS(id), "sk", AttributeValue.fromS("-"));
  }

  private static DynamoDbClient durable(Endpoints endpoints) {
    return DynamoDbClient.builder().endpointOverride(endpoints.dynamo()).region(Region.of(LocalAws.REGION))
        .httpClient(UrlConnectionHttpClient.create())
        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(LocalAws.NAME, "local")))
        .overrideConfiguration(configuration -> configuration.addExecutionInterceptor(new ReadBack())
            .retryStrategy(retry -> retry.maxAttempts(1)))
        .build();
  }

  private static List<String> databases(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("dynamodb"))) {
      return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".db")).toList();
    }
  }

  /** The format's "read version": 1 is a rollback journal, 2 a write-ahead log (https://sqlite.org/fileformat.html). */
  private void assertPrepared(String database) {
    try {
      byte[] content = Files.readAllBytes(folder.resolve("dynamodb").resolve(database));
      assertThat(content[19]).isEqualTo((byte) 2);
      assertThat(new String(content, StandardCharsets.ISO_8859_1)).contains("records_of_stream ON us (StreamID)",
          "records_of_shard ON us (ShardID)");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A parent of emulators that can be killed. */
  private static final class Killed implements AutoCloseable {
    final Endpoints endpoints;
    final List<ProcessHandle> children;
    private final Process process;

    Killed(Path folder) throws IOException {
      process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), Parent.class.getName(),
          folder.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      BufferedReader output = new BufferedReader(
          new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      String[] uris = Objects.requireNonNull(output.readLine(), "no endpoints").split(" ");
      endpoints = new Endpoints(URI.create(uris[0]), URI.create(uris[1]));
      List<ProcessHandle> found = new ArrayList<>();
      for (String pid : Objects.requireNonNull(output.readLine(), "no pids").split(" ")) {
        found.add(ProcessHandle.of(Long.parseLong(pid)).orElseThrow());
      }
      children = found;
    }

    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
      process.destroyForcibly();
    }
  }
}
