package dev.modelops.embedded;

import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Makes writes to DynamoDB Local durable: it answers before its SQLite commit, so that a kill -9 loses writes that were
 * acknowledged. Reading one written item strongly waits for that commit; this interceptor does so before it hands the
 * answer on. It acts on loopback endpoints only and costs one local read per write.
 *
 * <p>Registered through the class path resource {@code software/amazon/awssdk/global/handlers/execution.interceptors}
 * of the local runtime, so that functions stay unaware of it.
 */
public final class ReadBack implements ExecutionInterceptor {

  /** Marks the reads of this class, so that other interceptors can tell them from the function's own calls. */
  public static final ExecutionAttribute<Boolean> OURS = new ExecutionAttribute<>("ReadBack");

  private static final Pattern CREDENTIAL = Pattern.compile("Credential=([^/]+)/[^/]+/([^/]+)/");
  private static final int MOST_CLIENTS = 100;

  private final SdkHttpClient http = UrlConnectionHttpClient.create();
  private final Map<Caller, DynamoDbClient> clients = new ConcurrentHashMap<>();
  private final Map<Place, List<String>> keyNames = new ConcurrentHashMap<>();

  /** Called by the SDK. */
  public ReadBack() {}

  /** DynamoDB Local keeps a database per access key and region. */
  private record Caller(URI endpoint, String accessKey, String region) {}

  private record Place(Caller caller, String table) {}

  /** A written item: its key alone, or all of it. */
  private record Written(String table, Map<String, AttributeValue> attributes, boolean keyOnly) {}

  @Override
  public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
    SdkHttpRequest http = context.httpRequest();
    if (isLoopback(http.host())) {
      written(context.request()).ifPresent(item -> caller(http).ifPresent(caller -> read(caller, item)));
    }
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("::1") || host.equals("[::1]");
  }

  private static Optional<Caller> caller(SdkHttpRequest http) {
    Matcher credential = CREDENTIAL.matcher(http.firstMatchingHeader("Authorization").orElse(""));
    URI endpoint = URI.create(http.protocol() + "://" + http.host() + ":" + http.port());
    return credential.find()
        ? Optional.of(new Caller(endpoint, credential.group(1), credential.group(2))) : Optional.empty();
  }

  private static Optional<Written> written(SdkRequest request) {
    return switch (request) {
      case TransactWriteItemsRequest transaction -> transaction.transactItems().stream()
          .map(ReadBack::written).flatMap(Optional::stream).findFirst();
      case PutItemRequest put -> Optional.of(new Written(put.tableName(), put.item(), false));
      case UpdateItemRequest update -> Optional.of(new Written(update.tableName(), update.key(), true));
      case DeleteItemRequest delete -> Optional.of(new Written(delete.tableName(), delete.key(), true));
      case BatchWriteItemRequest batch -> batch.requestItems().entrySet().stream()
          .filter(table -> !table.getValue().isEmpty())
          .map(table -> written(table.getKey(), table.getValue().getFirst())).findFirst();
      default -> Optional.empty();
    };
  }

  private static Optional<Written> written(TransactWriteItem item) {
    if (item.put() != null) {
      return Optional.of(new Written(item.put().tableName(), item.put().item(), false));
    }
    if (item.update() != null) {
      return Optional.of(new Written(item.update().tableName(), item.update().key(), true));
    }
    if (item.delete() != null) {
      return Optional.of(new Written(item.delete().tableName(), item.delete().key(), true));
    }
    return Optional.empty(); // a condition check
  }

  private static Written written(String table, WriteRequest write) {
    return write.putRequest() != null
        ? new Written(table, write.putRequest().item(), false)
        : new Written(table, write.deleteRequest().key(), true);
  }

  private void read(Caller caller, Written item) {
    DynamoDbClient client = client(caller);
    client.getItem(request -> request.tableName(item.table()).consistentRead(true)
        .overrideConfiguration(call -> call.putExecutionAttribute(OURS, true))
        .key(item.keyOnly() ? item.attributes() : key(client, caller, item)));
  }

  private DynamoDbClient client(Caller caller) {
    if (clients.size() > MOST_CLIENTS) { // many callers in one JVM happen in tests only
      clients.clear();
    }
    return clients.computeIfAbsent(caller, key -> DynamoDbClient.builder()
        .httpClient(http).endpointOverride(key.endpoint()).region(Region.of(key.region()))
        .credentialsProvider(StaticCredentialsProvider.create(
            AwsBasicCredentials.create(key.accessKey(), LocalAws.SECRET)))
        .build());
  }

  private Map<String, AttributeValue> key(DynamoDbClient client, Caller caller, Written item) {
    List<String> names = keyNames.computeIfAbsent(new Place(caller, item.table()),
        place -> client.describeTable(request -> request.tableName(item.table())).table().keySchema().stream()
            .map(KeySchemaElement::attributeName).toList());
    Map<String, AttributeValue> key = new HashMap<>(item.attributes());
    key.keySet().retainAll(names);
    return key;
  }
}
