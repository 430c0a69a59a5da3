package dev.modelops.edge;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer.
 *
 * @param headers by their usual spelling
 * @param body a record, a map or a tree, written as JSON; {@code byte[]}, sent as it is; or null for none
 */
public record Reply(int status, Map<String, String> headers, @Nullable Object body) implements Outcome {
  static final String JSON = "application/json";

  public Reply {
    headers = Map.copyOf(headers);
  }

  public static Reply ok(Object body) {
    return new Reply(200, Map.of(), body);
  }

  /** @param location of what was created, relative to the server */
  public static Reply created(String location, Object body) {
    return new Reply(201, Map.of("Location", location), body);
  }

  public static Reply noContent() {
    return new Reply(204, Map.of(), null);
  }

  /** An answer that is no JSON. */
  public static Reply raw(String mediaType, byte[] body) {
    return new Reply(200, Map.of("Content-Type", mediaType), body);
  }

  /** With the revision as its strong ETag. */
  public Reply rev(long rev) {
    return etag(Long.toString(rev));
  }

  /** With a strong ETag. */
  public Reply etag(String opaque) {
    return header("ETag", ETags.strong(opaque));
  }

  public Reply header(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Reply(status, more, body);
  }
}
