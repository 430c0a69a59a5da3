package dev.modelops.local.gateway;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What goes back to the caller.
 *
 * @param headers lower-case names
 */
record Answer(int status, Map<String, String> headers, List<String> cookies, byte[] body) {
  private static final JsonMapper JSON = JsonMapper.shared();
  /** The connection and the length of a body are the gateway's business. */
  private static final Set<String> OURS = Set.of("connection", "content-length", "date", "keep-alive", "server",
      "transfer-encoding", "upgrade");

  static final Answer BAD_REQUEST = own(400, "Bad Request");
  static final Answer UNAUTHORIZED = own(401, "Unauthorized");
  static final Answer FORBIDDEN = own(403, "Forbidden");
  static final Answer NOT_FOUND = own(404, "Not Found");
  static final Answer REQUEST_TIMEOUT = own(408, "Request Timeout");
  static final Answer TOO_LARGE = own(413, "Request Entity Too Large");
  static final Answer TOO_MANY = own(429, "Too Many Requests");
  static final Answer FAILED = own(500, "Internal Server Error");
  static final Answer UNAVAILABLE = own(503, "Service Unavailable");

  /** An answer of the gateway itself. */
  static Answer own(int status, String message) {
    return new Answer(status, Map.of("content-type", "application/json"), List.of(),
        ("{\"message\":\"" + message + "\"}").getBytes(StandardCharsets.UTF_8));
  }

  /** What a function answered, payload format 2.0; {@link #FAILED} when that cannot be understood. */
  static Answer of(byte[] payload) {
    try {
      JsonNode json = JSON.readTree(payload);
      if (!json.isObject() || !json.has("statusCode")) {
        return new Answer(200, Map.of("content-type", "application/json"), List.of(), payload);
      }
      return read(json);
    } catch (JacksonException | IllegalArgumentException malformed) {
      return FAILED;
    }
  }

  private static Answer read(JsonNode json) {
    int status = json.get("statusCode").asInt(0);
    if (status < 100 || status > 599) {
      return FAILED;
    }
    Map<String, String> headers = new LinkedHashMap<>();
    json.path("headers").properties().forEach(header -> {
      String name = header.getKey().toLowerCase(Locale.ROOT);
      if (!OURS.contains(name)) {
        headers.put(name, header.getValue().asString());
      }
    });
    List<String> cookies = new ArrayList<>();
    json.path("cookies").forEach(cookie -> cookies.add(cookie.asString()));
    String text = json.path("body").isMissingNode() || json.path("body").isNull() ? "" : json.get("body").asString();
    byte[] body = json.path("isBase64Encoded").asBoolean(false)
        ? Base64.getDecoder().decode(text)
        : text.getBytes(StandardCharsets.UTF_8);
    if (body.length > 0) {
      headers.putIfAbsent("content-type", "text/plain;charset=UTF-8");
    }
    return new Answer(status, headers, cookies, body);
  }

  /** The same with headers more and without some. */
  Answer with(Map<String, String> more, Predicate<String> unwanted) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.keySet().removeIf(unwanted);
    more.forEach((name, value) -> all.merge(name, value, (was, is) -> name.equals("vary") ? was + ", " + is : is));
    return new Answer(status, all, cookies, body);
  }
}
