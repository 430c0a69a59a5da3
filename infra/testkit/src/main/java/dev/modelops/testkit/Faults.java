package dev.modelops.testkit;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.IdempotentParameterMismatchException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Request;

/**
 * Makes calls to AWS fail, as they do there and never on DynamoDB Local. Every SDK client of the JVM has it (the SDK finds
 * it through a file on the class path); it does nothing until a test arms a fault:
 *
 * <pre>{@code
 * try (var fault = Faults.arm(Faults.Kind.ANSWER_LOST, TransactWriteItemsRequest.class::isInstance, 1)) { … }
 * }</pre>
 */
public final class Faults implements ExecutionInterceptor {

  /** How a call fails. */
  public enum Kind {
    /** It never reached AWS, and the caller cannot know. */
    NOT_SENT,
    /** It was done, and the answer was lost. */
    ANSWER_LOST,
    /** Refused for the rate of calls; nothing was done. */
    THROTTLED,
    /** A write that met a transaction under way; nothing was done. Reads, alone or in batches, never do. */
    CONFLICT,
    /** A transaction of which one item was refused for the rate of calls; nothing was done. */
    ITEM_THROTTLED,
    /** The same transaction, sent before, is still under way; nothing more was done. */
    IN_PROGRESS,
    /** A transaction that is taken for another one with its token; nothing more was done. */
    MISMATCHED,
    /** A batch of which nothing was processed. */
    UNPROCESSED,
    /** A batch of which a part was processed. */
    PARTLY_PROCESSED,
    /** The function dies before the call: this one and all that follow it are never made. */
    KILLED_BEFORE,
    /** The function dies when the call was done: its answer never arrives, and no call follows. */
    KILLED_AFTER;

    /** Whether AWS can let such a call fail so. */
    public boolean strikes(SdkRequest request) {
      return switch (this) {
        case CONFLICT -> request instanceof TransactWriteItemsRequest || request instanceof PutItemRequest
            || request instanceof UpdateItemRequest || request instanceof DeleteItemRequest;
        case ITEM_THROTTLED, IN_PROGRESS, MISMATCHED -> request instanceof TransactWriteItemsRequest;
        case UNPROCESSED -> request instanceof BatchGetItemRequest;
        case PARTLY_PROCESSED -> request instanceof BatchGetItemRequest batch && batch.requestItems().values().stream()
            .anyMatch(table -> table.keys().size() > 1);
        case NOT_SENT, ANSWER_LOST, THROTTLED, KILLED_BEFORE, KILLED_AFTER -> true;
      };
    }

    private boolean killing() {
      return this == KILLED_BEFORE || this == KILLED_AFTER;
    }
  }

  /** Ends a function as a sandbox ends: nothing catches it. */
  public static final class Killed extends Error {
    private static final long serialVersionUID = 1;

    private Killed() {
      super("the function was killed (injected)", null, false, false);
    }
  }

  private static final Set<Kind> BEFORE = EnumSet.of(Kind.NOT_SENT, Kind.THROTTLED, Kind.CONFLICT,
      Kind.ITEM_THROTTLED, Kind.IN_PROGRESS, Kind.MISMATCHED, Kind.KILLED_BEFORE);
  private static final List<Armed> ARMED = new CopyOnWriteArrayList<>();

  /** A fault that waits for its calls. Closing disarms it. */
  public static final class Armed implements AutoCloseable {
    private final Kind kind;
    private final Predicate<SdkRequest> which;
    private final AtomicInteger left;
    private final AtomicInteger struck = new AtomicInteger();

    private Armed(Kind kind, Predicate<SdkRequest> which, int times) {
      this.kind = kind;
      this.which = which;
      this.left = new AtomicInteger(times);
    }

    /** How many calls it has made fail. */
    public int struck() {
      return struck.get();
    }

    private boolean strikes(SdkRequest request) {
      if (kind.killing() && struck.get() > 0) {
        return true;
      }
      boolean strikes = kind.strikes(request) && which.test(request) && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
      if (strikes) {
        struck.incrementAndGet();
      }
      return strikes;
    }

    @Override
    public void close() {
      ARMED.remove(this);
    }
  }

  /** Makes the next calls that match fail, so many times. */
  public static Armed arm(Kind kind, Predicate<SdkRequest> which, int times) {
    Armed armed = new Armed(kind, which, times);
    ARMED.add(armed);
    return armed;
  }

  @Override
  public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
    if (attributes.getAttribute(OwnReads.OURS) != null) {
      return; // no call of the function
    }
    for (Armed armed : ARMED) {
      boolean dead = armed.kind == Kind.KILLED_AFTER && armed.struck() > 0;
      if ((BEFORE.contains(armed.kind) || dead) && armed.strikes(context.request())) {
        fail(armed.kind, context.request());
      }
    }
  }

  @Override
  public SdkResponse modifyResponse(Context.ModifyResponse context, ExecutionAttributes attributes) {
    for (Armed armed : ARMED) {
      if ((armed.kind == Kind.UNPROCESSED || armed.kind == Kind.PARTLY_PROCESSED)
          && context.response() instanceof BatchGetItemResponse answer && armed.strikes(context.request())) {
        return Unprocessed.of((BatchGetItemRequest) context.request(), answer, armed.kind == Kind.UNPROCESSED);
      }
    }
    return context.response();
  }

  @Override
  public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
    if (attributes.getAttribute(OwnReads.OURS) != null) {
      return;
    }
    for (Armed armed : ARMED) {
      if ((armed.kind == Kind.ANSWER_LOST || armed.kind == Kind.KILLED_AFTER) && armed.strikes(context.request())) {
        fail(armed.kind, context.request());
      }
    }
  }

  private static void fail(Kind kind, SdkRequest request) {
    if (kind.killing()) {
      throw new Killed();
    }
    throw failure(kind, request);
  }

  private static RuntimeException failure(Kind kind, SdkRequest request) {
    return switch (kind) {
      case NOT_SENT, ANSWER_LOST -> ApiCallTimeoutException.builder().message("no answer in time (injected)").build();
      case THROTTLED -> request instanceof S3Request
          ? S3Exception.builder().message("slow down (injected)").statusCode(503).build()
          : refused(ProvisionedThroughputExceededException.builder(), "ProvisionedThroughputExceededException");
      case CONFLICT -> request instanceof TransactWriteItemsRequest transaction
          ? cancelled(transaction, "TransactionConflict")
          : refused(TransactionConflictException.builder(), "TransactionConflictException");
      case ITEM_THROTTLED -> cancelled((TransactWriteItemsRequest) request, "ThrottlingError");
      case IN_PROGRESS -> TransactionInProgressException.builder().message("in progress (injected)").statusCode(400)
          .build();
      case MISMATCHED -> IdempotentParameterMismatchException.builder().message("mismatch (injected)").statusCode(400)
          .build();
      case UNPROCESSED, PARTLY_PROCESSED, KILLED_BEFORE, KILLED_AFTER ->
        new IllegalArgumentException(kind + " is no exception");
    };
  }

  private static AwsServiceException refused(AwsServiceException.Builder exception, String code) {
    return exception.message("refused (injected)").statusCode(400)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build()).build();
  }

  /** Cancelled for its first item. */
  private static RuntimeException cancelled(TransactWriteItemsRequest transaction, String code) {
    List<CancellationReason> reasons = IntStream.range(0, transaction.transactItems().size())
        .mapToObj(item -> CancellationReason.builder().code(item == 0 ? code : "None").build()).toList();
    return TransactionCanceledException.builder().message("cancelled (injected)").statusCode(400)
        .cancellationReasons(reasons).build();
  }
}
