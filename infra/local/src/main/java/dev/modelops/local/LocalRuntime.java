package dev.modelops.local;

import dev.modelops.access.FirstTokens;
import dev.modelops.embedded.Emulators;
import dev.modelops.embedded.LocalAws;
import dev.modelops.embedded.StartException;
import dev.modelops.embedded.Template;
import dev.modelops.local.gateway.Gateway;
import dev.modelops.local.schedule.ScheduleDriver;
import dev.modelops.local.stream.StreamDriver;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Everything that runs: gateway, functions, streams, schedules, DynamoDB Local and S3Mock. Closing it ends all that it
 * started, last started first; the data stays.
 */
final class LocalRuntime implements AutoCloseable {
  private final Settings settings;
  private final Console console;
  private final Deque<AutoCloseable> running = new ArrayDeque<>();
  private volatile boolean closing;
  private int port;

  private LocalRuntime(Settings settings, Console console) {
    this.settings = settings;
    this.console = console;
  }

  /**
   * Returns when everything answers.
   *
   * @throws CannotStart when it cannot
   */
  static LocalRuntime start(Settings settings, Console console) {
    LocalRuntime runtime = new LocalRuntime(settings, console);
    try {
      runtime.start();
      return runtime;
    } catch (RuntimeException e) {
      runtime.close();
      throw e instanceof StartException ? new CannotStart(String.valueOf(e.getMessage()), e) : e;
    }
  }

  private void start() {
    Gateway gateway = takePort();
    Template template = template(gateway.port());
    console.divertLogs(settings.data());
    Emulators.Settings places =
        new Emulators.Settings(settings.data(), false, settings.dynamoPort(), settings.s3Port()).portsChosen();
    CompletableFuture<Emulators> starting = CompletableFuture.supplyAsync(
        () -> Emulators.start(places, console::say), task -> Thread.ofPlatform().name("emulators").start(task));
    running.push(() -> starting.thenAccept(Emulators::close).join());
    LocalAws aws = LocalAws.at(template, places.endpoints(), LocalAws.NAME, LocalAws.NAME,
        Map.of("CursorKey", "file:" + Secrets.cursorKey(settings.data())));
    running.push(aws);
    Mounts mounts = Mounts.mount(template, aws);
    Emulators emulators = await(starting);
    new Revival(emulators, console, () -> closing).watch();
    aws.make();
    int drivers = startDrivers(mounts, aws);
    serve(gateway, mounts);
    running.remove(gateway);
    running.push(gateway); // the first to go
    port = gateway.port();
    console.say(mounts.count() + " functions mounted, " + mounts.api().routes().size() + " routes, " + drivers
        + " streams and schedules");
    Path tokens = settings.data().resolve("tokens");
    console.welcome(url(), tokens, ReadyTokens.in(tokens, () -> FirstTokens.make(aws.env("TokensFunction"))),
        settings.data().resolve("log/functions.log"));
  }

  private Gateway takePort() {
    try {
      Gateway gateway = new Gateway(settings.host(), settings.port(), Gateway.Limits.USUAL);
      running.push(gateway);
      return gateway;
    } catch (BindException e) {
      throw new CannotStart(
          "Port " + settings.port() + " is taken by another process: end that process or choose another"
              + " port with -Dmodelops.port=<port>.",
          e);
    } catch (IOException e) {
      throw new CannotStart("The address " + settings.host() + " cannot be listened on: choose another one with"
          + " -Dmodelops.host=<address>.", e);
    }
  }

  /** Pages that the gateway itself serves may call it, whatever its port is. */
  private Template template(int port) {
    Path file = settings.root().resolve("template.yaml");
    if (!Files.exists(file)) {
      throw new CannotStart("There is no template.yaml in " + settings.root() + ": start in the source tree.");
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("CorsOrigins", "http://localhost:" + port + ",http://127.0.0.1:" + port);
    parameters.putAll(settings.parameters());
    try {
      return Template.read(file, parameters);
    } catch (IllegalArgumentException e) {
      throw new CannotStart(e.getMessage() + ".", e);
    }
  }

  private static <T> T await(CompletableFuture<T> starting) {
    try {
      return starting.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private int startDrivers(Mounts mounts, LocalAws aws) {
    Path state = settings.data().resolve("streams");
    int before = running.size();
    mounts.forEach((function, mounted) -> {
      function.streams().forEach(source -> running.push(StreamDriver.start(aws, source, mounted, state)));
      function.schedules().forEach(schedule -> running.push(ScheduleDriver.start(schedule, mounted)));
    });
    return running.size() - before;
  }

  private static void serve(Gateway gateway, Mounts mounts) {
    try {
      gateway.start(mounts.api(), Gateway.Limits.USUAL);
    } catch (Exception e) {
      throw new CannotStart("The gateway does not start: " + e.getMessage() + ".", e);
    }
  }

  /** Where the API answers. */
  String url() {
    return "http://localhost:" + port;
  }

  @Override
  public void close() {
    closing = true;
    while (!running.isEmpty()) {
      try {
        running.pop().close();
      } catch (Exception e) {
        e.printStackTrace();
      }
    }
  }
}
