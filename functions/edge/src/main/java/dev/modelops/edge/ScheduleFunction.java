package dev.modelops.edge;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A function on a schedule. A failure is logged and thrown: the next tick does what was left. */
public abstract class ScheduleFunction implements RequestStreamHandler {
  private final ScheduleStep step;
  private final Clock clock;
  private final Snapshot snapshot;
  private final RequestLog log = new RequestLog(line -> System.out.println(line));

  protected ScheduleFunction(ScheduleStep step, Clock clock) {
    this.step = step;
    this.clock = clock;
    this.snapshot = Snapshot.register(() -> {
      step.prime();
      new RequestLog(line -> {}).line("info", Map.of("done", 0));
    }, () -> {});
  }

  @Override
  public final void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
    input.readAllBytes();
    Invocation invocation = Invocation.of(context, context.getAwsRequestId(), clock);
    int done;
    try {
      done = step.run(invocation);
    } catch (RuntimeException failure) {
      log.failure(getClass().getSimpleName(), invocation.requestId(), failure);
      throw failure;
    }
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("function", getClass().getSimpleName());
    fields.put("requestId", invocation.requestId());
    fields.put("done", done);
    log.line("info", fields);
    output.write("{}".getBytes(StandardCharsets.UTF_8));
  }

  Snapshot snapshot() {
    return snapshot;
  }
}
