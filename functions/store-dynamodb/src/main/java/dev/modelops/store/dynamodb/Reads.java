package dev.modelops.store.dynamodb;

import dev.modelops.domain.change.Unavailable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** Reading calls. The SDK has retried what can be; what still fails is {@link Unavailable}. */
final class Reads {

  private static final int BATCH_ROUNDS = 8;

  private Reads() {}

  /** One item, strongly consistent; empty when absent. */
  static Map<String, AttributeValue> item(Dynamo dynamo, String table, Map<String, AttributeValue> key) {
    return guarded(() -> dynamo.client().getItem(g -> g.tableName(table).key(key).consistentRead(true)).item());
  }

  static QueryResponse query(Dynamo dynamo, QueryRequest request) {
    return guarded(() -> dynamo.client().query(request));
  }

  /** Up to 100 items by key; what DynamoDB leaves unprocessed is asked for again. Absent items are left out. */
  static List<Map<String, AttributeValue>> items(Dynamo dynamo, String table,
      Collection<Map<String, AttributeValue>> keys, boolean consistent) {
    List<Map<String, AttributeValue>> found = new ArrayList<>();
    Map<String, KeysAndAttributes> wanted =
        Map.of(table, KeysAndAttributes.builder().keys(keys).consistentRead(consistent).build());
    for (int round = 0; !keys.isEmpty() && !wanted.isEmpty(); round++) {
      if (round == BATCH_ROUNDS) {
        throw new Unavailable("items were left unprocessed " + round + " times",
            new IllegalStateException("throttled"));
      }
      if (round > 0) {
        Pause.after(round).take();
      }
      Map<String, KeysAndAttributes> asked = wanted;
      BatchGetItemResponse answer =
          guarded(() -> dynamo.client().batchGetItem(BatchGetItemRequest.builder().requestItems(asked).build()));
      found.addAll(answer.responses().getOrDefault(table, List.of()));
      wanted = answer.unprocessedKeys();
    }
    return found;
  }

  static <T> T guarded(Supplier<T> call) {
    try {
      return call.get();
    } catch (SdkClientException e) {
      throw new Unavailable("the store did not answer in time", e);
    } catch (SdkServiceException e) {
      if (e.statusCode() >= 500 || e.isThrottlingException()) {
        throw new Unavailable("the store is busy", e);
      }
      throw e;
    }
  }
}
