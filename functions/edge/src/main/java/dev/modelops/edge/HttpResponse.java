package dev.modelops.edge;

import dev.modelops.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A response of an HTTP API (payload format 2.0). */
record HttpResponse(int statusCode, Map<String, String> headers, @Nullable String body, boolean isBase64Encoded) {
  // Lambda answers at most 6 MB, this event's JSON included; the rest is for headers.
  private static final int LARGEST = 6 * 1024 * 1024 - 64 * 1024;
  private static final int SURELY_SMALL = LARGEST / 6;

  /** Whether Lambda would refuse it. Within JSON a character takes up to six bytes. */
  boolean tooLarge() {
    return body != null && body.length() > SURELY_SMALL && Json.write(body).length > LARGEST;
  }

  static HttpResponse of(Reply reply) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(reply.headers());
    headers.put("X-Content-Type-Options", "nosniff");
    if (reply.status() < 400) {
      // Answers are one caller's business; what has a tag may be kept, and asked about each time.
      headers.putIfAbsent("Cache-Control", headers.containsKey("ETag") ? "private, no-cache" : "no-store");
    }
    Object body = reply.body();
    if (body == null) {
      headers.remove("Content-Type");
      return new HttpResponse(reply.status(), headers, null, false);
    }
    headers.putIfAbsent("Content-Type", Reply.JSON);
    if (body instanceof byte[] bytes) {
      String type = headers.get("Content-Type");
      boolean text = type.startsWith("text/") || type.contains("json");
      return new HttpResponse(reply.status(), headers,
          text ? new String(bytes, StandardCharsets.UTF_8) : Base64.getEncoder().encodeToString(bytes), !text);
    }
    return new HttpResponse(reply.status(), headers, Json.text(body), false);
  }
}
