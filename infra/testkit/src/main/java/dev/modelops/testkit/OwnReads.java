package dev.modelops.testkit;

import java.net.URI;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/**
 * What {@link Budget} reads of the tables that an observed call goes to: in the same database, which DynamoDB Local keeps
 * per access key and region, and marked by {@link #OURS}.
 */
final class OwnReads {

  /** Marks these reads, so that interceptors can tell them from a function's own calls. */
  static final ExecutionAttribute<Boolean> OURS = new ExecutionAttribute<>("OwnReads");

  private static final Pattern CREDENTIAL = Pattern.compile("Credential=([^/]+)/[^/]+/([^/]+)/");
  private static final int MOST_CLIENTS = 100;

  private final SdkHttpClient http = UrlConnectionHttpClient.create();
  private final Map<Caller, DynamoDbClient> clients = new ConcurrentHashMap<>();
  private final Map<Place, TableDescription> tables = new ConcurrentHashMap<>();

  /** Whose database it is. */
  record Caller(URI endpoint, String accessKey, String region) {}

  private record Place(Caller caller, String table) {}

  /** The sender of a signed request. */
  static Caller caller(SdkHttpRequest http) {
    Matcher credential = CREDENTIAL.matcher(http.firstMatchingHeader("Authorization").orElseThrow());
    if (!credential.find()) {
      throw new IllegalArgumentException("not signed");
    }
    return new Caller(URI.create(http.protocol() + "://" + http.host() + ":" + http.port()), credential.group(1),
        credential.group(2));
  }

  /** An item, read strongly; empty when there is none. */
  Map<String, AttributeValue> item(Caller caller, String table, Map<String, AttributeValue> key) {
    return client(caller).getItem(request -> request.tableName(table).consistentRead(true).key(key)
        .overrideConfiguration(call -> call.putExecutionAttribute(OURS, true))).item();
  }

  /** Up to 100 items, read strongly at once, by their keys; those that are not there are left out. */
  Map<Map<String, AttributeValue>, Map<String, AttributeValue>> items(Caller caller, String table,
      Collection<Map<String, AttributeValue>> keys) {
    BatchGetItemResponse answer = client(caller).batchGetItem(request -> request
        .requestItems(Map.of(table, KeysAndAttributes.builder().keys(keys).consistentRead(true).build()))
        .overrideConfiguration(call -> call.putExecutionAttribute(OURS, true)));
    if (!answer.unprocessedKeys().isEmpty()) {
      throw new IllegalStateException("the emulator left keys of " + table + " unprocessed");
    }
    Map<Map<String, AttributeValue>, Map<String, AttributeValue>> found = new HashMap<>();
    for (Map<String, AttributeValue> item : answer.responses().getOrDefault(table, List.of())) {
      keys.stream().filter(key -> item.entrySet().containsAll(key.entrySet())).forEach(key -> found.put(key, item));
    }
    return found;
  }

  /** Keys and indexes of a table, as they were when it was first asked for. */
  TableDescription table(Caller caller, String table) {
    return tables.computeIfAbsent(new Place(caller, table), place -> client(caller).describeTable(request -> request
        .tableName(table).overrideConfiguration(call -> call.putExecutionAttribute(OURS, true))).table());
  }

  private DynamoDbClient client(Caller caller) {
    if (clients.size() > MOST_CLIENTS) { // many callers in one JVM happen in tests only
      clients.clear();
    }
    return clients.computeIfAbsent(caller, key -> DynamoDbClient.builder()
        .httpClient(http).endpointOverride(key.endpoint()).region(Region.of(key.region()))
        .credentialsProvider(StaticCredentialsProvider.create(
            AwsBasicCredentials.create(key.accessKey(), "local")))
        .build());
  }
}
