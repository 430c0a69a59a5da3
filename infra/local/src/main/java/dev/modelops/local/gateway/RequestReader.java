package dev.modelops.local.gateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/** Reads requests off the connection, within limits of size and time. */
final class RequestReader {
  /** The largest request of an HTTP API. */
  static final int BODY_LIMIT = 10 * 1024 * 1024;

  private static final Set<String> HOP_BY_HOP = Set.of("connection", "expect", "keep-alive", "proxy-connection", "te",
      "trailer", "transfer-encoding", "upgrade");

  private final Duration bodyTime;
  private final Supplier<Scheduler> scheduler;

  RequestReader(Duration bodyTime, Supplier<Scheduler> scheduler) {
    this.bodyTime = bodyTime;
    this.scheduler = scheduler;
  }

  /** API Gateway hands headers on as the UTF-8 that they nearly always are; the server below reads every byte as a character. */
  private static String text(String value) {
    try {
      return StandardCharsets.UTF_8.newDecoder()
          .decode(StandardCharsets.ISO_8859_1.newEncoder().encode(CharBuffer.wrap(value)))
          .toString();
    } catch (CharacterCodingException e) {
      return value;
    }
  }

  /** Everything but the body; the path still encoded. */
  Incoming head(Request request) {
    Map<String, String> headers = new LinkedHashMap<>();
    List<String> cookies = new ArrayList<>();
    for (HttpField field : request.getHeaders()) {
      String name = field.getName().toLowerCase(Locale.ROOT);
      String value = field.getValue() == null ? "" : text(field.getValue());
      if (name.equals("cookie")) {
        List.of(value.split(";\\s*")).forEach(cookies::add);
      } else if (!HOP_BY_HOP.contains(name)) {
        headers.merge(name, value, (first, next) -> first + "," + next);
      }
    }
    String sourceIp = Request.getRemoteAddr(request);
    headers.merge("x-forwarded-for", sourceIp, (before, last) -> before + ", " + last);
    headers.put("x-forwarded-port", String.valueOf(Request.getLocalPort(request)));
    headers.put("x-forwarded-proto", "http");
    String path = request.getHttpURI().getPath();
    String query = request.getHttpURI().getQuery();
    return new Incoming(newId(), Instant.now(), request.getMethod(), path == null ? "" : path,
        query == null ? "" : query, request.getConnectionMetaData().getProtocol(), sourceIp, headers, cookies, null);
  }

  /**
   * @return null when the request has no body
   * @throws TooLarge when it has more than {@link #BODY_LIMIT} bytes
   * @throws IOException when the connection breaks or the body takes too long
   */
  byte @Nullable [] body(Request request) throws IOException {
    if (request.getLength() == 0) {
      return null;
    }
    Scheduler.Task end = scheduler.get().schedule(
        () -> request.fail(new TimeoutException("the body took too long")), bodyTime.toMillis(), TimeUnit.MILLISECONDS);
    try (InputStream in = Request.asInputStream(request)) {
      ByteArrayOutputStream body = new ByteArrayOutputStream((int) Math.max(1024, request.getLength()));
      byte[] buffer = new byte[16 * 1024];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        body.write(buffer, 0, read);
        if (body.size() > BODY_LIMIT) {
          throw new TooLarge();
        }
      }
      return body.size() == 0 ? null : body.toByteArray();
    } finally {
      end.cancel();
    }
  }

  /** In the form of API Gateway's. */
  private static String newId() {
    byte[] random = new byte[11];
    ThreadLocalRandom.current().nextBytes(random);
    return Base64.getUrlEncoder().encodeToString(random);
  }

  /** The body is larger than an HTTP API takes. */
  static final class TooLarge extends IOException {}
}
