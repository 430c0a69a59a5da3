package dev.modelops.edge;

import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What we read of an event of an HTTP API (payload format 2.0). Paths come decoded, query strings do not. */
record HttpEvent(@Nullable String rawPath, @Nullable String rawQueryString, Map<String, String> headers,
    @Nullable Context requestContext, @Nullable String body, boolean isBase64Encoded) {
  record Context(@Nullable Http http, @Nullable String requestId, @Nullable Authorizer authorizer) {}

  record Http(@Nullable String method, @Nullable String sourceIp) {}

  record Authorizer(@Nullable Map<String, Object> lambda) {}

  /** Whether somebody asks for something; the call that only keeps a version awake does not. */
  boolean isRequest() {
    return requestContext != null && requestContext.http() != null;
  }

  String method() {
    Http http = http();
    return http == null || http.method() == null ? "" : http.method();
  }

  String path() {
    return rawPath == null ? "" : rawPath;
  }

  String query() {
    return rawQueryString == null ? "" : rawQueryString;
  }

  Optional<String> sourceIp() {
    Http http = http();
    return http == null ? Optional.empty() : Optional.ofNullable(http.sourceIp());
  }

  String gatewayId() {
    String id = requestContext == null ? null : requestContext.requestId();
    return id == null ? "none" : id;
  }

  /** What the authorizer found out; empty when there was none on the route. */
  Map<String, Object> authorizer() {
    Authorizer found = requestContext == null ? null : requestContext.authorizer();
    return found == null || found.lambda() == null ? Map.of() : found.lambda();
  }

  Optional<String> header(String name) {
    String value = headers.get(name.toLowerCase(Locale.ROOT));
    if (value != null) {
      return Optional.of(value);
    }
    return headers.entrySet().stream()
        .filter(each -> each.getKey().equalsIgnoreCase(name))
        .flatMap(each -> Stream.ofNullable(each.getValue()))
        .findFirst();
  }

  /** @throws Refused when it says base64 and is not */
  byte[] bytes() {
    if (body == null) {
      return new byte[0];
    }
    if (!isBase64Encoded) {
      return body.getBytes(StandardCharsets.UTF_8);
    }
    try {
      return Base64.getDecoder().decode(body);
    } catch (IllegalArgumentException invalid) {
      throw Refused.of(Problem.MALFORMED_BODY, "the body did not arrive whole");
    }
  }

  private @Nullable Http http() {
    return requestContext == null ? null : requestContext.http();
  }
}
