package dev.modelops.edge;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.modelops.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
  private final StreamStep step;
  private final Clock clock;
  private final RequestLog log = new RequestLog(line -> System.out.println(line));

  protected StreamFunction(StreamStep step, Clock clock) {
    this.step = step;
    this.clock = clock;
  }

  /** Which records come again; none when empty. */
  record Answer(List<Failure> batchItemFailures) {}

  record Failure(String itemIdentifier) {}

  @Override
  public final void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
    List<StreamRecord> records = new ArrayList<>();
    for (JsonNode json : Json.read(input.readAllBytes(), JsonNode.class).path("Records")) {
      records.add(StreamRecord.of(json));
    }
    // The call that only keeps this version awake has no records.
    output.write(Json.write(records.isEmpty() ? new Answer(List.of()) : answer(records, context)));
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
}
