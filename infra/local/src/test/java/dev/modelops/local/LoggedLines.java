package dev.modelops.local;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.modelops.domain.access.Role;
import dev.modelops.embedded.TestAws;
import dev.modelops.json.Json;
import dev.modelops.local.TemplateFile.Part;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.TestCallers;
import dev.modelops.testkit.TestContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** What the template's functions really write to their logs, in an hour in which something goes wrong. */
final class LoggedLines {
  private static final Map<String, String> NO_TABLES =
      Map.of("RECORDS_TABLE", "absent", "METRICS_TABLE", "absent", "ROLLUPS_TABLE", "absent");

  /** A machine may be too busy for ten seconds to read anything in time. */
  private static final int ATTEMPTS = 3;

  private final Path events;
  private final TemplateFile template;
  private final TestAws aws;

  LoggedLines(Path root, TemplateFile template, TestAws aws) {
    this.events = root.resolve("events");
    this.template = template;
    this.aws = aws;
  }

  /** Of a request that is answered, one that is refused for want of a credential, and one that fails. */
  List<JsonNode> ofRequests(String function) {
    return lines(() -> {
      ApiClient client = ApiClient.of(handler(function, Map.of()), TestCallers.of(Role.ML_ENGINEER));
      client.get("/v1/models");
      ApiClient.anonymous(handler(function, Map.of())).get("/v1/models");
      ApiClient.of(handler(function, NO_TABLES), TestCallers.of(Role.ML_ENGINEER)).get("/v1/models/m");
    });
  }

  /** Of a file of {@code events/}, with its table and without. */
  List<JsonNode> ofEvent(String function, String event) {
    List<JsonNode> with;
    int attempts = 0;
    do {
      with = lines(() -> invoke(handler(function, Map.of()), event, new TestContext()));
      attempts++;
    } while (failed(with) && attempts < ATTEMPTS);
    // As long would it try without.
    List<JsonNode> without = lines(() -> invoke(handler(function, NO_TABLES), event, new TestContext(1_000)));
    return Stream.concat(with.stream(), without.stream()).toList();
  }

  private static boolean failed(List<JsonNode> lines) {
    return lines.stream().anyMatch(line -> line.path("level").asString("").equals("error"));
  }

  /** The gateway's line, as the template words it, of a request answered with this status. */
  JsonNode ofGateway(int status) {
    Part api = template.resources("AWS::Serverless::HttpApi").findAny().orElseThrow();
    return Json.tree(api.text("Properties/AccessLogSettings/Format").replace("$context.status", String.valueOf(status))
        .replaceAll("\\$context\\.[a-zA-Z.]+", "-").getBytes(StandardCharsets.UTF_8));
  }

  private RequestStreamHandler handler(String function, Map<String, String> overrides) {
    Part named = template.functions().filter(each -> each.id().equals(function)).findAny().orElseThrow();
    try {
      return Class.forName(named.text("Properties/Handler")).asSubclass(RequestStreamHandler.class)
          .getConstructor(Map.class).newInstance(aws.env(function, overrides));
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private void invoke(RequestStreamHandler handler, String event, TestContext context) {
    try {
      handler.handleRequest(new ByteArrayInputStream(Files.readAllBytes(events.resolve(event))),
          new ByteArrayOutputStream(), context);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException thrown) {
      // A schedule's failure goes on to Lambda, which counts it.
    }
  }

  private static List<JsonNode> lines(Runnable run) {
    PrintStream before = System.out;
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    System.setOut(new PrintStream(ofThisThread(written, before), true, StandardCharsets.UTF_8));
    try {
      run.run();
    } finally {
      System.setOut(before);
    }
    return written.toString(StandardCharsets.UTF_8).lines().filter(line -> line.startsWith("{"))
        .map(line -> Json.tree(line.getBytes(StandardCharsets.UTF_8))).toList();
  }

  /** What other tests print meanwhile is theirs. */
  private static OutputStream ofThisThread(OutputStream written, PrintStream others) {
    Thread own = Thread.currentThread();
    return new OutputStream() {
      @Override
      public void write(int one) {
        write(new byte[] {(byte) one}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int from, int length) {
        try {
          (Thread.currentThread().equals(own) ? written : others).write(bytes, from, length);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }
}
