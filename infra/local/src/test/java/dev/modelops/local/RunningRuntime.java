package dev.modelops.local;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The local runtime in a process of its own, as Maven starts it, on any free ports. */
public final class RunningRuntime implements AutoCloseable {
  public static final Path ROOT = Path.of(System.getProperty("modelops.root", "../..")).toAbsolutePath().normalize();
  private static final Duration PATIENCE = Duration.ofSeconds(180);
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final Process process;
  private final Path data;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Thread reader;

  /** Starts a process and does not wait; {@code settings} are {@code name=value}. */
  RunningRuntime(Path root, Path data, String... settings) {
    this.data = data;
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-XX:+UnlockDiagnosticVMOptions",
        "-XX:-BytecodeVerificationRemote", "--enable-native-access=ALL-UNNAMED",
        "-Dmodelops.root=" + root, "-Dmodelops.data=" + data, "-Dmodelops.port=0"));
    Arrays.stream(settings).map(setting -> "-D" + setting).forEach(command::add);
    command.addAll(List.of("-classpath", System.getProperty("java.class.path"), Main.class.getName()));
    try {
      process = new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    reader = Thread.ofVirtual().start(this::read);
  }

  /** Starts the source tree's runtime and returns when it is ready. */
  public static RunningRuntime ready(Path data, String... settings) {
    RunningRuntime runtime = new RunningRuntime(ROOT, data, settings);
    runtime.awaitLine(line -> line.contains("] Ready after "));
    return runtime;
  }

  /** What the deep checker says of the data of a runtime that has ended, files included, as an operator would ask it. */
  public static String checked(Path data) {
    Properties settings = new Properties();
    settings.setProperty("modelops.root", ROOT.toString());
    settings.setProperty("modelops.data", data.toString());
    settings.setProperty("modelops.check.files", "true");
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream to = new PrintStream(said, true, StandardCharsets.UTF_8);
    new dev.modelops.checker.Main(settings, to, to).run();
    return said.toString(StandardCharsets.UTF_8);
  }

  private void read() {
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      lines.add(String.valueOf(e.getMessage()));
    }
  }

  public String awaitLine(Predicate<String> wanted) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < end) {
      for (String line : lines) {
        if (wanted.test(line)) {
          return line;
        }
      }
      if (!process.isAlive() && !reader.isAlive()) {
        break;
      }
      pause();
    }
    throw new AssertionError("It did not say so: " + String.join("\n", lines));
  }

  public List<String> lines() {
    return lines;
  }

  /** The exit status, once it has ended and everything it said was read. */
  public int end() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("It did not end: " + String.join("\n", lines));
      }
      reader.join();
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  String url() {
    return awaitLine(line -> line.startsWith("  API ")).replace("API", "").strip();
  }

  String token(String role) {
    try {
      return Files.readString(data.resolve("tokens").resolve(role)).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  HttpResponse<String> send(String role, String method, String path, String body) throws Exception {
    return send(role, method, path, Map.of("Content-Type", "application/json"), body);
  }

  /** Sends one request; {@code body} is empty for none. */
  public HttpResponse<String> send(String role, String method, String path, Map<String, String> headers, String body)
      throws IOException, InterruptedException {
    return sendBearing(token(role), method, path, headers, body);
  }

  /** The same with a credential of any making. */
  HttpResponse<String> sendBearing(String credential, String method, String path, Map<String, String> headers,
      String body) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url() + path)).timeout(Duration.ofSeconds(60))
        .header("Authorization", "Bearer " + credential)
        .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    headers.forEach(request::header);
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  /** What it started: DynamoDB Local and S3Mock. */
  public List<ProcessHandle> children() {
    return process.descendants().toList();
  }

  public void signal(String name) throws Exception {
    int status = new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).start().waitFor();
    if (status != 0) {
      throw new AssertionError("kill says " + status);
    }
  }

  public static void awaitEnd(ProcessHandle handle) {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (handle.isAlive() && handle.info().command().isPresent()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("Process " + handle.pid() + " still runs");
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(20);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    process.destroy();
    end();
  }
}
