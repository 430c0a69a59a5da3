package dev.modelops.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * What one request asked of DynamoDB, to be asked again: reads as they were, writes of items that do not exist yet under
 * fresh keys, with the same sizes and conditions.
 */
final class Recording {
  private final List<SdkRequest> requests;

  private Recording(List<SdkRequest> requests) {
    this.requests = requests;
  }

  /** Something that calls DynamoDB. */
  interface Calls {
    void run() throws Exception;
  }

  /** Sees every request of this JVM; registered by the class path, see {@code execution.interceptors}. */
  public static final class Tape implements ExecutionInterceptor {
    private static volatile @Nullable List<SdkRequest> running;

    /** Called by the SDK. */
    public Tape() {}

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
      List<SdkRequest> tape = running;
      if (tape != null && context.request() instanceof DynamoDbRequest) {
        tape.add(context.request());
      }
    }
  }

  /** Records; before that the calls are made twice, so that what is asked only at first is not recorded. */
  static Recording of(Calls calls) throws Exception {
    calls.run();
    calls.run();
    List<SdkRequest> tape = new CopyOnWriteArrayList<>();
    Tape.running = tape;
    calls.run();
    Tape.running = null;
    return new Recording(List.copyOf(tape));
  }

  /** @param number never used before */
  void again(DynamoDbClient client, long number) {
    for (SdkRequest request : requests) {
      switch (request) {
        case GetItemRequest get -> client.getItem(get);
        case QueryRequest query -> client.query(query);
        case BatchGetItemRequest get -> client.batchGetItem(get);
        case UpdateItemRequest update -> client.updateItem(update);
        case PutItemRequest put -> put(client, put.toBuilder().item(fresh(put.item(), number)).build());
        case TransactWriteItemsRequest all -> client.transactWriteItems(all.toBuilder().clientRequestToken(null)
            .transactItems(all.transactItems().stream().map(item -> fresh(item, number)).toList()).build());
        default -> throw new IllegalStateException("no rule for " + request.getClass());
      }
    }
  }

  private static void put(DynamoDbClient client, PutItemRequest put) {
    try {
      client.putItem(put);
    } catch (ConditionalCheckFailedException written) {
      // By an attempt whose answer came too late.
    }
  }

  private static TransactWriteItem fresh(TransactWriteItem item, long number) {
    return item.put() == null ? item
        : item.toBuilder().put(item.put().toBuilder().item(fresh(item.put().item(), number)).build()).build();
  }

  private static Map<String, AttributeValue> fresh(Map<String, AttributeValue> item, long number) {
    Map<String, AttributeValue> fresh = new HashMap<>(item);
    fresh.computeIfPresent("sk", (name, value) -> AttributeValue.fromS(value.s() + "~" + number));
    return fresh;
  }
}
