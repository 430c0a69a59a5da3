package dev.modelops.local.gateway;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as it reached the gateway.
 *
 * @param path as functions see it, see {@link #decodePath}
 * @param query as it was sent, without the question mark
 * @param headers lower-case names; the values of a repeated header joined by comma; no cookies
 */
record Incoming(
    String requestId,
    Instant time,
    String method,
    String path,
    String query,
    String protocol,
    String sourceIp,
    Map<String, String> headers,
    List<String> cookies,
    byte @Nullable [] body) {

  @Nullable
  String header(String lowerCaseName) {
    return headers.get(lowerCaseName);
  }

  Incoming withPath(String decoded) {
    return new Incoming(requestId, time, method, decoded, query, protocol, sourceIp, headers, cookies, body);
  }

  Incoming withBody(byte @Nullable [] bytes) {
    return new Incoming(requestId, time, method, path, query, protocol, sourceIp, headers, cookies, bytes);
  }

  /**
   * Decodes a path as API Gateway does before functions see it: percent escapes once, and nothing after a question mark
   * that comes out of it.
   *
   * @throws IllegalArgumentException when an escape is no escape, or this is no path
   */
  static String decodePath(String raw) {
    if (!raw.startsWith("/")) {
      throw new IllegalArgumentException("no path");
    }
    String decoded = decode(raw, false);
    int question = decoded.indexOf('?');
    return question < 0 ? decoded : decoded.substring(0, question);
  }

  /** Decodes the percent escapes of UTF-8 text; what is no UTF-8 becomes the replacement character. */
  static String decode(String raw, boolean plusIsSpace) {
    if (raw.indexOf('%') < 0 && !(plusIsSpace && raw.indexOf('+') >= 0)) {
      return raw;
    }
    byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream decoded = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '%') {
        decoded.write(hex(bytes, i + 1) << 4 | hex(bytes, i + 2));
        i += 2;
      } else {
        decoded.write(plusIsSpace && bytes[i] == '+' ? ' ' : bytes[i]);
      }
    }
    return decoded.toString(StandardCharsets.UTF_8);
  }

  private static int hex(byte[] bytes, int at) {
    int digit = at < bytes.length ? Character.digit(bytes[at], 16) : -1;
    if (digit < 0) {
      throw new IllegalArgumentException("no percent escape");
    }
    return digit;
  }
}
