package dev.modelops.testkit;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.SdkResponse;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.IdempotentParameterMismatchException;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

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
    /** A transaction that met another one; nothing was done. */
    CONFLICT,
    /** The same transaction, sent before, is still under way; nothing more was done. */
    IN_PROGRESS,
    /** A transaction that is taken for another one with its token; nothing more was done. */
    MISMATCHED,
    /** A batch of which nothing was processed. */
    UNPROCESSED,
    /** The function dies before the call: this one and all that follow it are never made. */
    KILLED_BEFORE,
    /** The function dies when the call was done: its answer never arrives, and no call follows. */
    KILLED_AFTER;

    /** Whether AWS can let such a call fail so. */
    boolean strikes(SdkRequest request) {
      return switch (this) {
        case CONFLICT, IN_PROGRESS, MISMATCHED -> request instanceof TransactWriteItemsRequest;
        case UNPROCESSED -> request instanceof BatchGetItemRequest;
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

  private static final Set<Kind> BEFORE = EnumSet.of(Kind.NOT_SENT, Kind.THROTTLED, Kind.CONFLICT, Kind.IN_PROGRESS,
      Kind.MISMATCHED, Kind.KILLED_BEFORE);
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
      if (armed.kind == Kind.UNPROCESSED && context.request() instanceof BatchGetItemRequest batch
          && armed.strikes(batch)) {
        return BatchGetItemResponse.builder().responses(Map.of()).unprocessedKeys(batch.requestItems()).build();
      }
    }
    return context.response();
  }

  @Override
  public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
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
      case THROTTLED -> ProvisionedThroughputExceededException.builder().message("throttled (injected)").statusCode(400)
          .awsErrorDetails(AwsErrorDetails.builder().errorCode("ProvisionedThroughputExceededException").build())
          .build();
      case CONFLICT -> TransactionCanceledException.builder().message("conflict (injected)").statusCode(400)
          .cancellationReasons(reasons(request)).build();
      case IN_PROGRESS -> TransactionInProgressException.builder().message("in progress (injected)").statusCode(400)
          .build();
      case MISMATCHED -> IdempotentParameterMismatchException.builder().message("mismatch (injected)").statusCode(400)
          .build();
      case UNPROCESSED, KILLED_BEFORE, KILLED_AFTER -> new IllegalArgumentException(kind + " is no exception");
    };
  }

  private static List<CancellationReason> reasons(SdkRequest request) {
    int items = request instanceof TransactWriteItemsRequest write ? write.transactItems().size() : 1;
    return java.util.stream.IntStream.range(0, items).mapToObj(
        item -> CancellationReason.builder().code(item == 0 ? "TransactionConflict" : "None").build()).toList();
  }
}
