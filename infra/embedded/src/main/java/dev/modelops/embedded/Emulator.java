package dev.modelops.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One emulator in a process of its own. */
final class Emulator implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(180);
  private static final int LAST_LINES = 5;

  /** {@code target/classes}, or the jar in {@code target}. */
  private static final Path OWN_CLASSES = ownClasses();
  private static final String SEPARATOR = System.getProperty("path.separator");

  private final String name;
  private final int port;
  private final Path log;
  private final Process process;
  private final Instant started = Instant.now();
  private volatile boolean closing;

  private Emulator(String name, int port, Path log, Process process) {
    this.name = name;
    this.port = port;
    this.log = log;
    this.process = process;
  }

  private static Path ownClasses() {
    try {
      return Path.of(Emulator.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** To start soon, for what has much code and little to do. */
  static final String QUICK_COMPILER = "-XX:TieredStopAtLevel=1";

  /** DynamoDB Local; every access key has a database of its own. */
  static Emulator dynamo(Path folder, boolean inMemory, int port) {
    String data = inMemory ? "" : create(folder.resolve("dynamodb")).toString();
    List<String> command =
        command(folder, "dynamodb", resource("dynamodb-local.classpath"), DynamoDbLocal.class.getName());
    command.addAll(List.of(data, "-port", String.valueOf(port), "-disableTelemetry"));
    command.addAll(inMemory ? List.of("-inMemory") : List.of("-dbPath", data));
    return start("DynamoDB Local", port, logs(folder).resolve("dynamodb.log"), command);
  }

  /** S3Mock; its files stay when it ends. */
  static Emulator s3(Path folder, int port) {
    Path unpacked = OWN_CLASSES.resolveSibling("s3mock").resolve("BOOT-INF");
    if (!Files.isDirectory(unpacked)) {
      throw new StartException("S3Mock is missing in " + unpacked + ": build with Maven, which puts it there.");
    }
    List<String> command = command(folder, "s3", unpacked.resolve("classes") + SEPARATOR + unpacked.resolve("lib/*"),
        "com.adobe.testing.s3mock.S3MockApplication", QUICK_COMPILER);
    command.addAll(List.of("--server.port=" + port, "--server.address=127.0.0.1", "--server.ssl.enabled=false",
        "--http.port=0", // a second port that it insists on
        "--com.adobe.testing.s3mock.store.root=" + create(folder.resolve("s3")),
        "--com.adobe.testing.s3mock.store.retain-files-on-exit=true",
        "--com.adobe.testing.s3mock.store.region=" + LocalAws.REGION, "--spring.main.banner-mode=off"));
    return start("S3Mock", port, logs(folder).resolve("s3.log"), command);
  }

  private static Path logs(Path folder) {
    return create(folder.resolve("log"));
  }

  private static List<String> command(Path folder, String part, String classPath, String mainClass, String... options) {
    List<String> command = new ArrayList<>(java(classPath));
    command.addAll(List.of(options));
    // A killed process leaves behind what it unpacked.
    command.add("-Djava.io.tmpdir=" + emptied(folder.resolve("tmp").resolve(part)));
    command.add(Leash.class.getName());
    command.add(folder.resolve(part + ".lock").toString());
    command.add(mainClass);
    return command;
  }

  /** The start of a command line that runs a class of this module on this JDK, {@code classPath} behind it. */
  static List<String> java(String classPath) {
    return List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC", "-Xmx512m", "-Xshare:auto",
        // Released classes from Maven Central: verifying their bytecode again takes a seventh of the start.
        "-XX:+UnlockDiagnosticVMOptions", "-XX:-BytecodeVerificationRemote",
        "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow",
        "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
        "-Djava.nio.channels.spi.SelectorProvider=" + LoopbackSockets.class.getName(),
        "-cp", OWN_CLASSES + SEPARATOR + classPath);
  }

  /** A class path that the build wrote beside the classes. */
  static String resource(String name) {
    try (InputStream in = Emulator.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new StartException("The class path " + name + " is missing: build with Maven, which writes it.");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Emulator start(String name, int port, Path log, List<String> command) {
    awaitFree(name, port);
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.to(log.toFile()));
      builder.environment().keySet().removeIf(key -> key.startsWith("AWS_") || key.equals("JAVA_TOOL_OPTIONS"));
      return new Emulator(name, port, log, builder.start());
    } catch (IOException e) {
      throw new StartException(name + " cannot be started: " + e.getMessage(), e);
    }
  }

  /** A child of a killed predecessor may hold the port a moment longer. */
  private static void awaitFree(String name, int port) {
    Instant deadline = Instant.now().plusSeconds(1);
    while (!isFree(port)) {
      if (Instant.now().isAfter(deadline)) {
        throw new StartException("Port " + port + ", meant for " + name
            + ", is taken by another process: end that process or choose another port.");
      }
      pause();
    }
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** A port that was free a moment ago. */
  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path create(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new StartException("The folder " + folder + " cannot be written: make it writable or choose another one.",
          e);
    }
  }

  private static Path emptied(Path folder) {
    try (Stream<Path> found = Files.walk(create(folder))) {
      for (Path file : found.sorted(Comparator.reverseOrder()).filter(each -> !each.equals(folder)).toList()) {
        Files.deleteIfExists(file);
      }
      return folder;
    } catch (IOException | UncheckedIOException e) {
      throw new StartException("The folder " + folder + " cannot be emptied: make it writable or choose another one.",
          e);
    }
  }

  URI endpoint() {
    return endpoint(port);
  }

  static URI endpoint(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  String name() {
    return name;
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** Waits until it answers a request; how long that took since its start. */
  Duration awaitReady() {
    while (!answers()) {
      if (!process.isAlive()) {
        throw new StartException(obituary());
      }
      if (Instant.now().isAfter(started.plus(START))) {
        throw new StartException(name + " did not answer within " + START.toSeconds() + " s: see " + log + ".");
      }
      pause();
    }
    return Duration.between(started, Instant.now());
  }

  /** S3Mock lists its buckets to anybody; DynamoDB Local refuses an unsigned call, which is an answer as well. */
  private boolean answers() {
    try {
      HttpURLConnection connection = (HttpURLConnection) endpoint().toURL().openConnection();
      connection.setConnectTimeout(1_000);
      connection.setReadTimeout(10_000);
      int status = connection.getResponseCode();
      connection.disconnect();
      return status == 200 || status == 400;
    } catch (IOException e) {
      return false;
    }
  }

  /** Completes with a sentence when the process ends without having been closed. */
  CompletableFuture<String> death() {
    return process.onExit().thenCompose(
        dead -> closing ? new CompletableFuture<>() : CompletableFuture.completedFuture(obituary()));
  }

  private String obituary() {
    return name + " ended with status " + process.exitValue() + "; the last lines of " + log + ": " + lastLines();
  }

  private String lastLines() {
    try {
      List<String> lines = Files.readString(log, StandardCharsets.ISO_8859_1).lines()
          .filter(line -> !line.isBlank()).map(String::strip).toList();
      return String.join(" | ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    } catch (IOException e) {
      return "(unreadable)";
    }
  }

  @Override
  public void close() {
    closing = true;
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(25);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("Interrupted while starting.", e);
    }
  }
}
