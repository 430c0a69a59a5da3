package dev.modelops.local.whole;

import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Grant;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.SubjectType;
import dev.modelops.json.Json;
import dev.modelops.local.whole.Operations.Operation;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;

/**
 * The event of each operation, as API Gateway sends it (payload format 2.0) once the authorizer has found the caller:
 * method and path with the contract's examples, headers that the operation requires, its body's example.
 */
final class EventFiles {

  static final Path FOLDER = Path.of(System.getProperty("modelops.root", "../..")).resolve("events");

  private EventFiles() {}

  static Path file(String name) {
    return FOLDER.resolve(name + ".json");
  }

  static String event(Operation operation) {
    Map<String, Object> headers = new LinkedHashMap<>();
    headers.put("accept", "*/*");
    headers.put("host", "api.example.com");
    headers.put("user-agent", "curl/8.5.0");
    headers.put("x-forwarded-proto", "https");
    for (JsonNode parameter : operation.parameters("header")) {
      if (parameter.path("required").asBoolean(false)) {
        headers.put(parameter.path("name").asString().toLowerCase(java.util.Locale.ROOT),
            Operations.example(parameter).asString());
      }
    }
    Map<String, Object> context = new LinkedHashMap<>();
    context.put("accountId", "123456789012");
    context.put("apiId", "a1b2c3d4e5");
    if (operation.permission() != Permission.PUBLIC) {
      context.put("authorizer", Map.of("lambda", Map.of("principal", Json.text(caller(operation)))));
    }
    context.put("domainName", "api.example.com");
    context.put("http", http(operation));
    context.put("requestId", "Zk1x9hQ2IAMEPZw=");
    context.put("routeKey", "$default");
    context.put("stage", "$default");
    context.put("time", "01/Mar/2026:10:15:30 +0000");
    context.put("timeEpoch", 1772360130123L);

    Map<String, Object> event = new LinkedHashMap<>();
    event.put("version", "2.0");
    event.put("routeKey", "$default");
    event.put("rawPath", operation.path());
    event.put("rawQueryString", query(operation));
    event.put("headers", headers);
    event.put("requestContext", context);
    operation.body().ifPresent(body -> {
      headers.put("content-type", body.getKey());
      event.put("body", Json.text(body.getValue()));
    });
    event.put("isBase64Encoded", false);
    return Json.jackson().writer().with(SerializationFeature.INDENT_OUTPUT).writeValueAsString(event) + "\n";
  }

  private static Map<String, Object> http(Operation operation) {
    Map<String, Object> http = new LinkedHashMap<>();
    http.put("method", operation.method());
    http.put("path", operation.path());
    http.put("protocol", "HTTP/1.1");
    http.put("sourceIp", "203.0.113.7");
    http.put("userAgent", "curl/8.5.0");
    return http;
  }

  private static String query(Operation operation) {
    StringBuilder query = new StringBuilder();
    for (JsonNode parameter : operation.parameters("query")) {
      if (parameter.path("required").asBoolean(false)) {
        query.append(query.isEmpty() ? "" : "&").append(parameter.path("name").asString()).append('=')
            .append(java.net.URLEncoder.encode(Operations.example(parameter).asString(), StandardCharsets.UTF_8));
      }
    }
    return query.toString();
  }

  private static Caller caller(Operation operation) {
    return new Caller("usr_01jp0z8k3v4w5x6y7z8a9b0c1d", SubjectType.PERSON, "Ada Okafor", null,
        List.of(new Grant(operation.role(), "*", null, null, "usr_01jp0z8k3v4w5x6y7z8a9b0c1e")), null,
        "tok_01jp0z8k3v4w5x6y7z8a9b0c1f");
  }
}
