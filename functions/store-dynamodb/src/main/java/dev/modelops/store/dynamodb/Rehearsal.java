package dev.modelops.store.dynamodb;

import dev.modelops.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import tools.jackson.databind.JsonNode;

/**
 * Before a snapshot: reads go to the store, everything else is answered as done and goes nowhere, but that an item is
 * found again by its key. So a function may run what writes, and what reads it, which loads its code, and leave no trace.
 */
final class Rehearsal implements SdkHttpClient {

  private static final String OPERATION = "X-Amz-Target";
  private static final Set<String> READS = Set.of("GetItem", "BatchGetItem", "Query");

  private record Place(String table, String pk, String sk) {
    static Place of(JsonNode request, String key) {
      return new Place(request.path("TableName").asString(), request.path(key).path(Items.PK).toString(),
          request.path(key).path(Items.SK).toString());
    }
  }

  private final SdkHttpClient network;
  private final Map<Place, JsonNode> written = new HashMap<>();

  Rehearsal(SdkHttpClient network) {
    this.network = network;
  }

  @Override
  public synchronized ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    String target = request.httpRequest().firstMatchingHeader(OPERATION).orElse("");
    String operation = target.substring(target.lastIndexOf('.') + 1);
    JsonNode body = body(request);
    if (READS.contains(operation)) {
      JsonNode item = written.get(Place.of(body, "Key"));
      return item == null ? network.prepareRequest(request) : new Answer(Json.write(Map.of("Item", item)));
    }
    remember(body);
    body.path("TransactItems").forEach(each -> remember(each.path("Put")));
    return new Answer("{}".getBytes(StandardCharsets.UTF_8));
  }

  private void remember(JsonNode put) {
    if (put.has("Item")) {
      written.put(Place.of(put, "Item"), put.path("Item"));
    }
  }

  private static JsonNode body(HttpExecuteRequest request) {
    try (InputStream in = request.contentStreamProvider().orElseThrow().newStream()) {
      return Json.tree(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Answer(byte[] body) implements ExecutableHttpRequest {
    @Override
    public HttpExecuteResponse call() {
      return HttpExecuteResponse.builder().response(SdkHttpResponse.builder().statusCode(200).build())
          .responseBody(AbortableInputStream.create(new ByteArrayInputStream(body))).build();
    }

    @Override
    public void abort() {
      // There is nothing under way.
    }
  }

  @Override
  public void close() {
    network.close();
  }
}
