package dev.modelops.local.gateway;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The CORS configuration of an HTTP API: preflights are answered by the gateway, and its headers replace those of
 * functions.
 *
 * @param maxAge seconds that a browser may keep the answer to a preflight
 */
public record Cors(
    List<String> origins, List<String> methods, List<String> headers, List<String> exposed, int maxAge) {
  /** No page of another origin may call. */
  public static final Cors NONE = new Cors(List.of(), List.of(), List.of(), List.of(), 0);

  boolean isPreflight(Incoming incoming) {
    return !origins.isEmpty()
        && incoming.method().equals("OPTIONS")
        && incoming.header("origin") != null
        && incoming.header("access-control-request-method") != null;
  }

  Answer preflight(Incoming incoming) {
    Map<String, String> answer = new LinkedHashMap<>(headersFor(incoming.header("origin")));
    if (!answer.isEmpty()) {
      answer.put("access-control-allow-methods", String.join(",", methods));
      answer.put("access-control-allow-headers", String.join(",", headers));
      answer.put("access-control-max-age", String.valueOf(maxAge));
    }
    return new Answer(204, answer, List.of(), new byte[0]);
  }

  /** What every answer to a page of this origin carries. */
  Map<String, String> headersFor(@Nullable String origin) {
    if (origin == null || !(origins.contains(origin) || origins.contains("*"))) {
      return Map.of();
    }
    return Map.of("access-control-allow-origin", origins.contains("*") ? "*" : origin,
        "access-control-expose-headers", String.join(",", exposed), "vary", "Origin");
  }
}
