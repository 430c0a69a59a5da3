package dev.modelops.edge;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.modelops.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;

/**
 * A function behind the HTTP API (payload format 2.0). Reads the event from the stream itself: the runtime's own event
 * classes cost half a second of each cold start.
 */
public abstract class ApiFunction implements RequestStreamHandler {
  private static final byte[] NOTHING = "{}".getBytes(StandardCharsets.UTF_8);

  private final Router router;
  private final Snapshot snapshot;

  protected ApiFunction(Router router) {
    this(router, () -> {});
  }

  /** @param prime what a first request runs besides; what it writes must be rehearsed, and so reach no store */
  protected ApiFunction(Router router, Runnable prime) {
    this.router = router;
    this.snapshot = Snapshot.register(() -> {
      new Priming(router).run();
      prime.run();
    }, router.cursors()::forget);
  }

  @Override
  public final void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
    output.write(answer(input.readAllBytes(), context));
  }

  private byte[] answer(byte[] json, Context context) {
    HttpEvent event;
    try {
      event = Json.read(json, HttpEvent.class);
    } catch (JacksonException notAnEvent) {
      throw new IllegalArgumentException("not an event of an HTTP API", notAnEvent);
    }
    // The call that only keeps this version awake asks for nothing.
    return event.isRequest() ? Json.write(router.answer(event, context)) : NOTHING;
  }

  Snapshot snapshot() {
    return snapshot;
  }
}
