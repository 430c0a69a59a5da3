package dev.modelops.store.dynamodb;

import dev.modelops.json.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Before a snapshot: what a function writes goes nowhere but into this, and is found again by key and by query; all else
 * is read from the store. So a function may run what writes, and what reads it, which loads its code, and leave no trace.
 *
 * <p>A condition is not looked at. The second write of an item under one is refused, since that too happens to first
 * callers; no other is, or what must succeed for several items at once never would.
 */
final class Rehearsal implements SdkHttpClient {

  private static final String OPERATION = "X-Amz-Target";
  /** All that this house's queries ask: one partition, and how far from and to. */
  private static final Pattern KEY_CONDITION = Pattern
      .compile("(\\w+) = (:\\w+)(?: AND (\\w+) (?:BETWEEN (:\\w+) AND (:\\w+)|>= (:\\w+)|<= (:\\w+)))?");
  private static final Pattern SET = Pattern.compile("([#\\w]+) = (if_not_exists\\(\\w+, )?(:\\w+)");
  private static final Pattern ADD = Pattern.compile("ADD ([#\\w]+) (:\\w+)");
  private static final Answer REFUSED = new Answer(400, Map.of("__type",
      "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException", "message", "The conditional request failed"));

  private record Place(String table, String pk, String sk) {
    static Place of(String table, JsonNode key) {
      return new Place(table, key.path(Items.PK).toString(), key.path(Items.SK).toString());
    }
  }

  private final SdkHttpClient network;
  private final Map<Place, JsonNode> written = new LinkedHashMap<>();
  private final Set<Place> conditional = new HashSet<>();
  private final Set<Place> refused = new HashSet<>();

  Rehearsal(SdkHttpClient network) {
    this.network = network;
  }

  @Override
  public synchronized ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    String target = request.httpRequest().firstMatchingHeader(OPERATION).orElse("");
    JsonNode body = body(request);
    String table = body.path("TableName").asString("");
    return switch (target.substring(target.lastIndexOf('.') + 1)) {
      case "GetItem" -> {
        JsonNode item = written.get(Place.of(table, body.path("Key")));
        yield item == null ? network.prepareRequest(request) : new Answer(200, Map.of("Item", item));
      }
      case "Query" -> {
        List<JsonNode> items = queried(table, body);
        yield items.isEmpty() ? network.prepareRequest(request)
            : new Answer(200, Map.of("Items", items, "Count", items.size(), "ScannedCount", items.size()));
      }
      case "BatchGetItem" -> {
        Map<String, List<JsonNode>> items = found(body.path("RequestItems"));
        yield items.isEmpty() ? network.prepareRequest(request)
            : new Answer(200, Map.of("Responses", items, "UnprocessedKeys", Map.of()));
      }
      case "TransactWriteItems" -> {
        body.path("TransactItems").forEach(each -> {
          put(each.path("Put"));
          update(each.path("Update"));
        });
        yield new Answer(200, Map.of());
      }
      case "PutItem" -> refuses(table, body, "Item") ? REFUSED : new Answer(200, put(body));
      case "UpdateItem" -> refuses(table, body, "Key") ? REFUSED : new Answer(200, update(body));
      default -> new Answer(200, Map.of());
    };
  }

  private List<JsonNode> queried(String table, JsonNode query) {
    String condition = query.path("KeyConditionExpression").asString();
    Matcher asked = KEY_CONDITION.matcher(condition);
    if (!asked.matches()) {
      throw new IllegalStateException("say here what this finds: " + condition);
    }
    JsonNode values = query.path("ExpressionAttributeValues");
    String sortKey = Objects.requireNonNullElse(asked.group(3), "");
    String low = end(values, asked.group(4), asked.group(6));
    String high = end(values, asked.group(5), asked.group(7));
    return written.entrySet().stream().filter(each -> each.getKey().table().equals(table)).map(Map.Entry::getValue)
        .filter(item -> item.path(asked.group(1)).equals(values.path(asked.group(2))))
        .filter(item -> low == null || Utf8Order.INSTANCE.compare(text(item, sortKey), low) >= 0)
        .filter(item -> high == null || Utf8Order.INSTANCE.compare(text(item, sortKey), high) <= 0).toList();
  }

  /** One end of the range that is asked for, by the name that one of two forms gives it; null when it is open. */
  private static @Nullable String end(JsonNode values, @Nullable String between, @Nullable String open) {
    String name = between == null ? open : between;
    return name == null ? null : text(values, name);
  }

  private static String text(JsonNode attributes, String name) {
    return attributes.path(name).path("S").asString("");
  }

  private Map<String, List<JsonNode>> found(JsonNode tables) {
    Map<String, List<JsonNode>> found = new HashMap<>();
    tables.forEachEntry((table, asked) -> asked.path("Keys").forEach(key -> {
      JsonNode item = written.get(Place.of(table, key));
      if (item != null) {
        found.computeIfAbsent(table, first -> new ArrayList<>()).add(item);
      }
    }));
    return found;
  }

  private boolean refuses(String table, JsonNode body, String key) {
    Place place = Place.of(table, body.path(key));
    return body.has("ConditionExpression") && !conditional.add(place) && refused.add(place);
  }

  private Map<String, Object> put(JsonNode put) {
    if (put.has("Item")) {
      written.put(Place.of(put.path("TableName").asString(), put.path("Item")), put.path("Item"));
    }
    return Map.of();
  }

  /** Of all that an update can say: what {@link Transaction} and {@link DynamoHeads} do. */
  private Map<String, Object> update(JsonNode update) {
    if (!update.has("Key")) {
      return Map.of();
    }
    Place place = Place.of(update.path("TableName").asString(), update.path("Key"));
    ObjectNode item = (ObjectNode) written.getOrDefault(place, update.path("Key")).deepCopy();
    JsonNode names = update.path("ExpressionAttributeNames");
    JsonNode values = update.path("ExpressionAttributeValues");
    String expression = update.path("UpdateExpression").asString();
    for (Matcher set = SET.matcher(expression); set.find();) {
      String name = names.path(set.group(1)).asString(set.group(1));
      if (set.group(2) == null || !item.has(name)) {
        item.set(name, values.path(set.group(3)));
      }
    }
    for (Matcher add = ADD.matcher(expression); add.find();) {
      String name = names.path(add.group(1)).asString(add.group(1));
      long before = Long.parseLong(item.path(name).path("N").asString("0"));
      item.putObject(name).put("N", Long.toString(before + 1));
    }
    written.put(place, item);
    return Map.of("Attributes", item);
  }

  private static JsonNode body(HttpExecuteRequest request) {
    try (InputStream in = request.contentStreamProvider().orElseThrow().newStream()) {
      return Json.tree(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Answer(int status, Map<String, ?> body) implements ExecutableHttpRequest {
    @Override
    public HttpExecuteResponse call() {
      return HttpExecuteResponse.builder().response(SdkHttpResponse.builder().statusCode(status).build())
          .responseBody(AbortableInputStream.create(new ByteArrayInputStream(Json.write(body)))).build();
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
