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

  /** Complete: nothing is to be applied to it. */
  Answer preflight(Incoming incoming) {
    Map<String, String> answer = new LinkedHashMap<>();
    if (allows(incoming.header("origin"))) {
      answer.put("access-control-allow-methods", String.join(",", methods));
      answer.put("access-control-allow-headers", String.join(",", headers));
      answer.put("access-control-max-age", String.valueOf(maxAge));
    }
    Answer plain = apply(new Answer(204, Map.of(), List.of(), new byte[0]), incoming.header("origin"));
    return plain.with(answer, name -> false);
  }

  /** What every answer says about pages of other origins; what the function said about them is of no account. */
  Answer apply(Answer answer, @Nullable String origin) {
    if (origins.isEmpty()) {
      return answer;
    }
    Map<String, String> said = origin == null || !allows(origin) ? Map.of()
        : Map.of("access-control-allow-origin", origins.contains("*") ? "*" : origin,
            "access-control-expose-headers", String.join(",", exposed), "vary", "Origin");
    return answer.with(said, name -> name.startsWith("access-control-"));
  }

  private boolean allows(@Nullable String origin) {
    return origin != null && (origins.contains(origin) || origins.contains("*"));
  }
}
