package dev.modelops.store.dynamodb;

import dev.modelops.domain.Ref;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Changes;
import dev.modelops.domain.change.Idempotency;
import dev.modelops.domain.change.Lost;
import dev.modelops.domain.change.Origin;
import dev.modelops.domain.change.Unavailable;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.IdempotentParameterMismatchException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

/** The only writer of governed entities. */
final class DynamoChanges implements Changes {

  /** Reasons that go by: nothing was written, and nothing is wrong with the transaction. */
  private static final Set<String> PASSING = Set.of("None", "TransactionConflict", "ThrottlingError",
      "ProvisionedThroughputExceeded", "RequestLimitExceeded", "DuplicateItem");

  private final Dynamo dynamo;
  private final Tables tables;
  private final Clock clock;

  DynamoChanges(Dynamo dynamo, Tables tables, Clock clock) {
    this.dynamo = dynamo;
    this.tables = tables;
    this.clock = clock;
  }

  @Override
  public Committed commit(Change change, Origin origin, @Nullable Idempotency idempotency, Instant deadline)
      throws Lost {
    Transaction transaction = new Transaction(tables, change, origin, idempotency);
    // The same token for every attempt of unknown outcome: DynamoDB then applies the transaction once, for 10 minutes.
    String token = UUID.randomUUID().toString();
    for (int attempt = 1;; attempt++) {
      try {
        String current = token;
        dynamo.client().transactWriteItems(TransactWriteItemsRequest.builder().transactItems(transaction.items())
            .clientRequestToken(current).build());
        return new Committed(transaction.states());
      } catch (TransactionCanceledException e) {
        if (wasOurs(transaction, e.cancellationReasons())) {
          return new Committed(transaction.states());
        }
        token = UUID.randomUUID().toString(); // Surely not written: the next attempt is a new one.
        pauseBefore(deadline, attempt, e);
      } catch (TransactionInProgressException | SdkClientException e) {
        pauseBefore(deadline, attempt, e);
      } catch (IdempotentParameterMismatchException e) {
        // DynamoDB takes the transaction for another one under its token. Should that one have been ours, a new
        // attempt meets what it wrote.
        token = UUID.randomUUID().toString();
        pauseBefore(deadline, attempt, e);
      } catch (SdkServiceException e) {
        if (e.statusCode() < 500 && !e.isThrottlingException()) {
          throw e;
        }
        pauseBefore(deadline, attempt, e);
      }
    }
  }

  /**
   * Whether a cancelled transaction had been written by an attempt before it, whose answer was lost.
   *
   * @throws Lost when a condition failed for another reason
   */
  private static boolean wasOurs(Transaction transaction, List<CancellationReason> reasons) throws Lost {
    Lost.@Nullable Cause moved = null;
    for (int i = 0; i < reasons.size(); i++) {
      CancellationReason reason = reasons.get(i);
      if ("ConditionalCheckFailed".equals(reason.code())) {
        Optional<Lost.Cause> cause = transaction.failure(i, reason.hasItem() ? reason.item() : Map.of());
        if (cause.isEmpty()) {
          return true;
        }
        moved = moved == null || cause.get() instanceof Lost.Done ? cause.get() : moved;
      } else if (!PASSING.contains(reason.code())) {
        throw new IllegalStateException("transaction refused: " + reason.code() + " " + reason.message());
      }
    }
    if (moved != null) {
      throw new Lost(moved);
    }
    return false;
  }

  private void pauseBefore(Instant deadline, int attempt, SdkException cause) {
    Pause pause = Pause.after(attempt);
    if (clock.instant().plus(pause.length()).isAfter(deadline)) {
      throw new Unavailable("no known outcome before the deadline", cause);
    }
    pause.take();
  }

  @Override
  public Optional<Idempotency> remembered(String key) {
    Map<String, AttributeValue> item = Reads.item(dynamo, tables.records(), Transaction.idempotencyKey(key));
    return item.isEmpty() ? Optional.empty() : Optional.of(Transaction.remembered(key, item));
  }

  @Override
  public Optional<Ref> owner(String space, String name) {
    Map<String, AttributeValue> item = Reads.item(dynamo, tables.records(), Transaction.claimKey(space, name));
    return item.isEmpty() ? Optional.empty() : Optional.of(Ref.parse(Items.text(item, "owner")));
  }
}
