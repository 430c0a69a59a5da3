package dev.modelops.edge;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.modelops.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A function on a table's stream. Answers with the first record that was not handled, so that only it and what follows
 * come again; a batch that fails as a whole comes again as a whole, halved each time, until the bad record is alone.
 */
public abstract class StreamFunction implements RequestStreamHandler {
  private static final String CATCH_UP = "modelops.catch-up";
  private static final byte[] PRIMING = """
      {"Records": [{"eventName": "INSERT", "dynamodb": {"SequenceNumber": "-", "Keys": {"pk": {"S": "-"}}, "NewImage": {
        "text": {"S": "-"}, "number": {"N": "1"}, "bytes": {"B": "AA=="}}}}]}""".getBytes(StandardCharsets.UTF_8);

  private final StreamStep step;
  private final ScheduleStep catchUp;
  private final Clock clock;
  private final Snapshot snapshot;
  private final RequestLog log = new RequestLog(line -> System.out.println(line));

  protected StreamFunction(StreamStep step, Clock clock) {
    this(step, invocation -> 0, clock);
  }

  /** @param catchUp does from the tables what records that were lost or have expired would have led to */
  protected StreamFunction(StreamStep step, ScheduleStep catchUp, Clock clock) {
    this.step = step;
    this.catchUp = catchUp;
    this.clock = clock;
    this.snapshot = Snapshot.register(this::prime, () -> {});
  }

  /** Which records come again; none when empty. */
  record Answer(List<Failure> batchItemFailures) {}

  record Failure(String itemIdentifier) {}

  @Override
  public final void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
    List<StreamRecord> records = new ArrayList<>();
    JsonNode event = Json.read(input.readAllBytes(), JsonNode.class);
    for (JsonNode json : event.path("Records")) {
      records.add(StreamRecord.of(json));
    }
    if (records.isEmpty() && event.path("source").asString("").equals(CATCH_UP)) {
      catchUp(context);
    }
    // The call that only keeps this version awake has no records.
    output.write(Json.write(records.isEmpty() ? new Answer(List.of()) : answer(records, context)));
  }

  /** A failure is thrown: the next tick does what was left. */
  private void catchUp(Context context) {
    Invocation invocation = Invocation.of(context, context.getAwsRequestId(), clock);
    int done;
    try {
      done = catchUp.run(invocation);
    } catch (RuntimeException failure) {
      log.failure(getClass().getSimpleName(), invocation.requestId(), failure);
      throw failure;
    }
    log.line("info",
        Map.of("function", getClass().getSimpleName(), "requestId", invocation.requestId(), "caughtUp", done));
  }

  private Answer answer(List<StreamRecord> records, Context context) {
    Invocation invocation = Invocation.of(context, context.getAwsRequestId(), clock);
    Optional<StreamRecord> failed;
    try {
      failed = step.handle(records, invocation);
    } catch (RuntimeException | StackOverflowError failure) {
      log.failure(getClass().getSimpleName(), invocation.requestId(), failure);
      failed = Optional.of(records.getFirst());
    }
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("function", getClass().getSimpleName());
    fields.put("requestId", invocation.requestId());
    fields.put("records", records.size());
    fields.put("failedFrom", failed.map(StreamRecord::sequenceNumber).orElse(null));
    log.line(failed.isPresent() ? "warn" : "info", fields);
    return new Answer(failed.map(record -> new Failure(record.sequenceNumber())).stream().toList());
  }

  private void prime() {
    step.prime();
    Json.read(PRIMING, JsonNode.class).path("Records").forEach(StreamRecord::of);
    new RequestLog(line -> {}).line("info", Map.of("records", 0));
    Json.write(new Answer(List.of(new Failure("-"))));
  }

  Snapshot snapshot() {
    return snapshot;
  }
}
