package dev.modelops.local.history;

import dev.modelops.json.Json;
import dev.modelops.local.RunningRuntime;
import dev.modelops.testkit.Answer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The local runtime over HTTP, whose processes die at any moment and come back on their data. */
final class Killed implements Api, AutoCloseable {

  /** What dies. */
  enum Victim {
    DYNAMODB_LOCAL,
    S3MOCK,
    RUNTIME
  }

  private final Path data;
  private volatile RunningRuntime runtime;

  Killed(Path data) {
    this.data = data;
    this.runtime = RunningRuntime.ready(data);
  }

  @Override
  public Answer send(Call call) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>(call.headers());
    if (call.body() != null) {
      headers.put("Content-Type", call.method().equals("PATCH") ? "application/merge-patch+json" : "application/json");
    }
    try {
      HttpResponse<String> response = runtime.send(call.role().wire(), call.method(), call.target(), headers,
          call.body() == null ? "" : Json.text(call.body()));
      Map<String, String> received = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      response.headers().map().forEach((name, values) -> received.put(name, values.getFirst()));
      return new Answer(response.statusCode(), received, response.body());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException(stopped);
    }
  }

  /** Kills without a warning. Returns when what died is being started again; who asks meanwhile gets no answer. */
  void kill(Victim victim) throws Exception {
    if (victim == Victim.RUNTIME) {
      List<ProcessHandle> children = runtime.children();
      runtime.signal("KILL");
      runtime.end();
      children.forEach(RunningRuntime::awaitEnd);
      runtime = RunningRuntime.ready(data);
      return;
    }
    long revivals = revivals();
    runtime.children().stream().filter(child -> s3(child) == (victim == Victim.S3MOCK)).findFirst().orElseThrow()
        .destroyForcibly();
    runtime.awaitLine(line -> revivals() > revivals);
  }

  private long revivals() {
    return runtime.lines().stream().filter(line -> line.contains("starting it again on its data")).count();
  }

  private static boolean s3(ProcessHandle child) {
    return child.info().commandLine().orElse("").contains("s3mock");
  }

  @Override
  public void close() {
    runtime.close();
  }
}
