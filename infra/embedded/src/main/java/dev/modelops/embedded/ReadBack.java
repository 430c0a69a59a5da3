package dev.modelops.embedded;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
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

  /** Marks the reads of interceptors, so that others can tell them from the function's own calls. */
  public static final ExecutionAttribute<Boolean> OURS = new ExecutionAttribute<>("ReadBack");

  private final OwnReads reads = new OwnReads();

  /** Called by the SDK. */
  public ReadBack() {}

  /** A written item: its key alone, or all of it. */
  private record Written(String table, Map<String, AttributeValue> attributes, boolean keyOnly) {}

  @Override
  public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
    written(context.request())
        .ifPresent(item -> OwnReads.caller(context.httpRequest()).ifPresent(caller -> read(caller, item)));
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

  private void read(OwnReads.Caller caller, Written item) {
    reads.item(caller, item.table(), item.keyOnly() ? item.attributes() : key(caller, item));
  }

  private Map<String, AttributeValue> key(OwnReads.Caller caller, Written item) {
    Map<String, AttributeValue> key = new HashMap<>(item.attributes());
    key.keySet().retainAll(reads.table(caller, item.table()).keySchema().stream()
        .map(KeySchemaElement::attributeName).toList());
    return key;
  }
}
