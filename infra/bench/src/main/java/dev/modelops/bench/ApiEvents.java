package dev.modelops.bench;

import dev.modelops.domain.Entity;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Grant;
import dev.modelops.domain.access.Role;
import dev.modelops.domain.access.SubjectType;
import dev.modelops.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What the benchmarks ask for: bodies, and events of the HTTP API around them. */
final class ApiEvents {
  static final String MODEL = "bench";
  static final String MODEL_BODY = "{\"kind\":\"ml\",\"department\":\"demo\",\"title\":\"Bench\","
      + "\"purpose\":\"Measures how fast things are\"}";
  /** One file, tags, metrics, lineage: what a pipeline sends. */
  static final String VERSION_BODY = "{\"description\":\"Retrained on March data\",\"tags\":{\"branch\":\"main\"},"
      + "\"artifacts\":[{\"path\":\"model.onnx\",\"size\":1048576,"
      + "\"sha256\":\"2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae\","
      + "\"mediaType\":\"application/octet-stream\",\"format\":\"onnx\"}],"
      + "\"parameters\":{\"learningRate\":0.1,\"depth\":6},\"trainingMetrics\":{\"auc\":0.94},"
      + "\"gitCommit\":\"0123456789abcdef0123456789abcdef01234567\"}";
  /** Without files: ready at once. */
  static final String READY_BODY = "{\"trainingMetrics\":{\"auc\":0.94}}";
  static final String DEPLOYMENT_BODY = "{\"model\":\"" + MODEL + "\",\"version\":1,\"environment\":\"dev\"}";

  private ApiEvents() {}

  /** 1,000 points of ten series, one a second up to now, no two batches alike. */
  static String batch(Instant now, long seed) {
    StringBuilder body = new StringBuilder("{\"model\":\"" + MODEL + "\",\"environment\":\"dev\",\"series\":[");
    for (int series = 0; series < 10; series++) {
      int number = series;
      body.append(series == 0 ? "" : ",").append("{\"metric\":\"latency_").append(series)
          .append("\",\"version\":1,\"points\":[");
      body.append(String.join(",", IntStream.range(0, 100)
          .mapToObj(i -> "{\"time\":\"" + now.minusSeconds(100 - i).minusMillis(now.getNano() / 1_000_000)
              + "\",\"value\":" + (10 + (seed * 31 + number * 7 + i * 13) % 1000 / 10.0) + "}")
          .toList())).append("]}");
    }
    return body.append("]}").toString();
  }

  static byte[] event(String method, String path, @Nullable String body, Role role) {
    Caller caller = new Caller("usr_bench", SubjectType.PERSON, "Bench", null,
        List.of(new Grant(role, Entity.ORGANISATION, null, null, "usr_admin")), null, "tok_bench");
    Map<String, String> headers = new TreeMap<>(Map.of("accept", "application/json", "host", "api.example.com",
        "user-agent", "bench/1.0", "authorization", "Bearer example"));
    if (body != null) {
      headers.put("content-type", "application/json");
      headers.put("content-length", String.valueOf(body.getBytes(StandardCharsets.UTF_8).length));
    }
    int query = path.indexOf('?');
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("version", "2.0");
    event.put("routeKey", "$default");
    event.put("rawPath", query < 0 ? path : path.substring(0, query));
    event.put("rawQueryString", query < 0 ? "" : path.substring(query + 1));
    event.put("headers", headers);
    event.put("requestContext", Map.of("requestId", "bench", "stage", "$default",
        "http", Map.of("method", method, "path", path, "sourceIp", "192.0.2.1"),
        "authorizer", Map.of("lambda", Map.of("principal", Json.text(caller)))));
    if (body != null) {
      event.put("body", body);
    }
    event.put("isBase64Encoded", false);
    return Json.write(event);
  }
}
