package dev.modelops.edge;

import dev.modelops.json.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One line of JSON per request, to stdout. Holds the route as the contract writes it, never a path, a query, a header or
 * a body: those may hold what nobody should read in a log.
 */
final class RequestLog {
  private static final Pattern SECRET = Pattern.compile("(?i)(\\?|bearer )\\S+");
  private static final int LONGEST_STACK = 3_000;

  private final Consumer<String> sink;

  RequestLog(Consumer<String> sink) {
    this.sink = sink;
  }

  void line(String level, Map<String, @Nullable Object> fields) {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("level", level);
    fields.forEach((name, value) -> {
      if (value != null) {
        line.put(name, value);
      }
    });
    sink.accept(Json.text(line));
  }

  RequestLog failuresOnly() {
    return new RequestLog(line -> {
      if (line.contains("\"stack\":")) {
        sink.accept(line);
      }
    });
  }

  /** A failure of ours, with its stack. */
  void failure(String function, String requestId, Throwable failure) {
    StringWriter stack = new StringWriter();
    failure.printStackTrace(new PrintWriter(stack));
    String text = SECRET.matcher(stack.toString()).replaceAll("$1…");
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("function", function);
    fields.put("requestId", requestId);
    fields.put("error", failure.getClass().getName());
    fields.put("stack", text.substring(0, Math.min(text.length(), LONGEST_STACK)));
    line("error", fields);
  }
}
