package dev.modelops.testkit;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.modelops.domain.access.Caller;
import dev.modelops.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Calls a function as the HTTP API does (events of payload format 2.0), as one caller, and holds every answer against
 * the contract: status, headers and body must be declared. Immutable; {@link #as} and {@link #with} make another one.
 */
public final class ApiClient {
  private static final AtomicLong COUNT = new AtomicLong();

  private final RequestStreamHandler handler;
  private final Map<String, Object> authorizer;
  private final Map<String, String> headers;
  private final String address;

  private ApiClient(RequestStreamHandler handler, Map<String, Object> authorizer, Map<String, String> headers,
      String address) {
    this.handler = handler;
    this.authorizer = authorizer;
    this.headers = headers;
    this.address = address;
  }

  public static ApiClient of(RequestStreamHandler handler, Caller caller) {
    return anonymous(handler).as(caller);
  }

  /** Without a credential, as on public paths. */
  public static ApiClient anonymous(RequestStreamHandler handler) {
    return new ApiClient(handler, Map.of(), Map.of(), "192.0.2.1");
  }

  public ApiClient as(Caller caller) {
    return new ApiClient(handler, Map.of("principal", Json.text(caller)), headers, address);
  }

  /** With a credential that the authorizer did not accept. */
  public ApiClient denied(String error, String description) {
    return new ApiClient(handler, Map.of("error", error, "errorDescription", description), headers,
        address);
  }

  /** With one more header on every request. */
  public ApiClient with(String header, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(header, value);
    return new ApiClient(handler, authorizer, more, address);
  }

  /** From another network address. */
  public ApiClient from(String other) {
    return new ApiClient(handler, authorizer, headers, other);
  }

  /** With {@code If-Match}. */
  public ApiClient ifMatch(String etag) {
    return with("If-Match", etag);
  }

  public Answer get(String target) {
    return send("GET", target, null);
  }

  /** The items of a list, its cursors followed to the end; a page may be empty and yet not the last. */
  public List<JsonNode> all(String target) {
    List<JsonNode> items = new ArrayList<>();
    Set<String> cursors = new HashSet<>();
    Answer page = get(target).is(200);
    page.json().path("items").forEach(items::add);
    for (String next = page.text("/next"); !next.isEmpty(); next = page.text("/next")) {
      Assertions.assertThat(cursors.add(next)).as("the pages of %s go on", target).isTrue();
      page = get(target + (target.contains("?") ? "&" : "?") + "cursor=" + next).is(200);
      page.json().path("items").forEach(items::add);
    }
    return items;
  }

  public Answer post(String target) {
    return send("POST", target, null);
  }

  /** @param body a text as it is, anything else as JSON */
  public Answer post(String target, Object body) {
    return send("POST", target, bytes(body));
  }

  /** @param body a text as it is, anything else as JSON */
  public Answer put(String target, Object body) {
    return send("PUT", target, bytes(body));
  }

  /** @param body a text as it is, anything else as JSON */
  public Answer patch(String target, Object body) {
    return send("PATCH", target, bytes(body));
  }

  public Answer delete(String target) {
    return send("DELETE", target, null);
  }

  private static byte[] bytes(Object body) {
    return body instanceof String text ? text.getBytes(StandardCharsets.UTF_8)
        : body instanceof byte[] raw ? raw : Json.write(body);
  }

  /**
   * Sends anything.
   *
   * @param target path and query as a client writes them, percent-encoded
   */
  public Answer send(String method, String target, byte @Nullable [] body) {
    int mark = target.indexOf('?');
    String path = decode(mark < 0 ? target : target.substring(0, mark));
    return replay(handler, method, path, event(method, path, mark < 0 ? "" : target.substring(mark + 1), body));
  }

  /**
   * Sends an event as it is, e.g. one of {@code events/}.
   *
   * @param path as the event holds it, percent-decoded
   */
  public static Answer replay(RequestStreamHandler handler, String method, String path, byte[] event) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      handler.handleRequest(new ByteArrayInputStream(event), out, new TestContext());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    Answer answer = answer(out.toByteArray());
    ContractCheck.SHIPPED.hold(method, path, answer);
    return answer;
  }

  /** The event as API Gateway would send it. */
  private byte[] event(String method, String path, String query, byte @Nullable [] body) {
    Map<String, String> sent = new TreeMap<>();
    sent.put("accept", "*/*");
    sent.put("host", "api.test");
    if (body != null) {
      sent.put("content-type", ContractCheck.SHIPPED.consumes(method, path));
      sent.put("content-length", Integer.toString(body.length));
    }
    headers.forEach((name, value) -> sent.put(name.toLowerCase(Locale.ROOT), value));
    Map<String, Object> context = new LinkedHashMap<>();
    context.put("accountId", "000000000000");
    context.put("apiId", "test");
    context.put("domainName", "api.test");
    context.put("http", Map.of("method", method, "path", path, "protocol", "HTTP/1.1", "sourceIp", address,
        "userAgent", "test"));
    context.put("requestId", "test-" + COUNT.incrementAndGet());
    context.put("routeKey", "$default");
    context.put("stage", "$default");
    if (!authorizer.isEmpty()) {
      context.put("authorizer", Map.of("lambda", authorizer));
    }
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("version", "2.0");
    event.put("routeKey", "$default");
    event.put("rawPath", path);
    event.put("rawQueryString", query);
    event.put("headers", sent);
    event.put("requestContext", context);
    if (body != null) {
      event.put("body", Base64.getEncoder().encodeToString(body));
    }
    event.put("isBase64Encoded", body != null);
    return Json.write(event);
  }

  private static Answer answer(byte[] response) {
    JsonNode json = Json.read(response, JsonNode.class);
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    json.path("headers").properties().forEach(each -> headers.put(each.getKey(), each.getValue().asString()));
    String body = json.path("body").asString("");
    if (json.path("isBase64Encoded").asBoolean(false)) {
      body = new String(Base64.getDecoder().decode(body), StandardCharsets.ISO_8859_1);
    }
    return new Answer(json.path("statusCode").asInt(), headers, body);
  }

  /** Once, as the gateway does; a plus sign stays. */
  private static String decode(String path) {
    return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
