package dev.modelops.store.dynamodb;

import dev.modelops.domain.change.Unavailable;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * Calls that write one item, outside of transactions. DynamoDB refuses them while a transaction holds the item, which the
 * SDK takes for the caller's mistake and does not retry, and which DynamoDB Local never does. Nothing was written then, so
 * even a counter may be moved again. What still fails is {@link Unavailable}, after which it may have been written.
 */
final class Writes {

  /** Transactions last some tens of milliseconds, and these attempts wait 1.5 s at most, well below all time limits. */
  private static final int ATTEMPTS = 8;

  private Writes() {}

  /** Whether the condition held, if there was one. */
  static boolean put(Dynamo dynamo, Consumer<PutItemRequest.Builder> put) {
    return onCondition(() -> dynamo.client().putItem(put)).isPresent();
  }

  /** Whether the condition held, if there was one. */
  static boolean delete(Dynamo dynamo, Consumer<DeleteItemRequest.Builder> delete) {
    return onCondition(() -> dynamo.client().deleteItem(delete)).isPresent();
  }

  /** The item as it is now; empty when the condition did not hold. */
  static Optional<Map<String, AttributeValue>> update(Dynamo dynamo, Consumer<UpdateItemRequest.Builder> update) {
    return onCondition(() -> dynamo.client().updateItem(u -> u.applyMutation(update).returnValues(ReturnValue.ALL_NEW)))
        .map(answer -> answer.attributes());
  }

  private static <T> Optional<T> onCondition(Supplier<T> write) {
    for (int attempt = 1;; attempt++) {
      try {
        return Optional.of(Reads.guarded(write));
      } catch (ConditionalCheckFailedException e) {
        return Optional.empty();
      } catch (TransactionConflictException e) {
        if (attempt == ATTEMPTS) {
          throw new Unavailable("transactions held the item " + attempt + " times", e);
        }
        Pause.after(attempt).take();
      }
    }
  }
}
