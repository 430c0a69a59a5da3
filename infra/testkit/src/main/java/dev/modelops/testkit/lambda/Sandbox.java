package dev.modelops.testkit.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * One sandbox of Lambda: the real runtime client in a process of its own, with a function's unzipped code as its working
 * folder and nothing of this JVM. A {@link RequestStreamHandler} like the function itself. Ends with its owner: without
 * a Runtime API to ask, the client gives up.
 */
public final class Sandbox implements RequestStreamHandler, AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final String CLIENT = "com.amazonaws.services.lambda.runtime.api.client.";

  /**
   * What runs, and how.
   *
   * @param code     unzipped
   * @param handler  entry class
   * @param env      of the function; the runtime's own variables are added
   * @param timeout  the longest that one invocation may take
   * @param command  the JVM and its options
   * @param flat     all on one class path, as in a container image, in place of Lambda's own class loader
   * @param log      takes what the process prints
   */
  public record Spec(Path code, String handler, Map<String, String> env, Duration timeout, List<String> command,
      boolean flat, Path log) {
    /** As Lambda runs a zip: one core's memory, serial collector, first compiler tier. */
    public static Spec of(Path code, String handler, Map<String, String> env, Duration timeout, Path log) {
      return new Spec(code, handler, env, timeout,
          List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(),
              "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx1400m"),
          false, log);
    }

    /** The same by another command. */
    public Spec by(List<String> other) {
      return new Spec(code, handler, env, timeout, other, flat, log);
    }

    /** The same on one class path. */
    public Spec onOneClassPath() {
      return new Spec(code, handler, env, timeout, command, true, log);
    }
  }

  private final Spec spec;
  private final RuntimeApi api;
  private final Process process;

  private Sandbox(Spec spec, Credentials credentials, boolean snapStart) {
    this.spec = spec;
    try {
      api = new RuntimeApi(credentials);
      ProcessBuilder builder = new ProcessBuilder(command()).directory(spec.code().toFile()).redirectErrorStream(true)
          .redirectOutput(spec.log().toFile());
      Map<String, String> env = builder.environment();
      env.clear();
      env.putAll(spec.env());
      env.putAll(Map.of("AWS_LAMBDA_RUNTIME_API", api.address(), "_HANDLER", spec.handler(),
          "LAMBDA_TASK_ROOT", spec.code().toString(), "AWS_LAMBDA_FUNCTION_NAME", "sandbox",
          "AWS_LAMBDA_FUNCTION_VERSION", "1", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1769",
          "AWS_LAMBDA_LOG_FORMAT", "JSON",
          "AWS_LAMBDA_INITIALIZATION_TYPE", snapStart ? "snap-start" : "on-demand"));
      if (snapStart) {
        // Credentials in the environment would be in the snapshot: Lambda gives an address instead.
        env.keySet().removeAll(List.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"));
        env.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", api.credentialsUri());
      }
      process = builder.start();
      process.onExit().thenAccept(ended -> api.ended("ended with " + ended.exitValue() + ": " + printed()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a function and does not wait. */
  public static Sandbox start(Spec spec) {
    return new Sandbox(spec, new Credentials("", "", ""), false);
  }

  /** Starts a function with SnapStart: it stops at its checkpoint until {@link #restore}. */
  public static Sandbox snapStart(Spec spec, Credentials credentials) {
    return new Sandbox(spec, credentials, true);
  }

  private List<String> command() throws IOException {
    List<String> command = new ArrayList<>(spec.command());
    // As Lambda's own start does: org.crac finds the hooks of the runtime client.
    command.add("-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac");
    // Lambda grants it in the jar's manifest.
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-D" + CLIENT + "runtimeapi.NativeClient.JNI=" + nativeClient());
    command.add("-classpath");
    command.add(spec.flat() ? runtime() + File.pathSeparator + libraries() : runtime());
    command.addAll(List.of(CLIENT + "AWSLambda", spec.handler()));
    return command;
  }

  private static String runtime() throws IOException {
    try (InputStream in = Sandbox.class.getResourceAsStream("runtime.classpath")) {
      if (in == null) {
        throw new IllegalStateException("The build has not written runtime.classpath: run it with Maven once");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  /** Its own copy: the client itself unpacks to one fixed place, under the feet of others that run from there. */
  private Path nativeClient() throws IOException {
    String machine = System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64";
    Path library = spec.log().resolveSibling(spec.log().getFileName() + ".so");
    String jar = Arrays.stream(runtime().split(File.pathSeparator)).filter(path -> path.contains("interface-client"))
        .findFirst().orElseThrow();
    try (FileSystem content = FileSystems.newFileSystem(Path.of(jar))) {
      Files.copy(content.getPath("jni/libaws-lambda-jni.linux-" + machine + ".so"), library,
          StandardCopyOption.REPLACE_EXISTING);
    }
    return library;
  }

  private String libraries() throws IOException {
    try (var jars = Files.list(spec.code().resolve("lib"))) {
      return String.join(File.pathSeparator, jars.map(Path::toString).sorted().toList());
    }
  }

  /** Waits until everything before the snapshot is done. */
  public void awaitCheckpoint() {
    await(api.checkpoint());
  }

  /** Goes on from the checkpoint as a new sandbox, with credentials of its own. */
  public void restore(Credentials fresh) {
    api.restore(fresh);
    awaitReady();
  }

  /** Waits until the function could take an event. */
  public void awaitReady() {
    await(api.ready());
  }

  /** @throws FunctionError when it reports an error or ends */
  public byte[] invoke(byte[] event) {
    return await(api.invoke(event, spec.timeout()));
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
    output.write(invoke(input.readAllBytes()));
  }

  private static <T> T await(CompletableFuture<T> future) {
    try {
      return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof FunctionError error ? error : new IllegalStateException(failed);
    } catch (TimeoutException late) {
      throw new FunctionError("no answer in " + PATIENCE.toSeconds() + " s");
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new FunctionError("interrupted");
    }
  }

  public long pid() {
    return process.pid();
  }

  /** What the function has printed. */
  public String printed() {
    try {
      return Files.readString(spec.log());
    } catch (IOException unreadable) {
      return String.valueOf(unreadable.getMessage());
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
    api.close();
  }

  /** Waits for an end of its own, as when a JVM writes its cache on the way out. */
  public void end() {
    process.destroy();
    process.onExit().join();
    api.close();
  }

  /** Unpacks a zip as Lambda does. */
  public static Path unzip(Path zip, Path into) {
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        Path file = into.resolve(entry.getName()).normalize();
        if (entry.isDirectory()) {
          Files.createDirectories(file);
        } else {
          Files.createDirectories(file.resolveSibling(""));
          Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        }
      }
      return into;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
