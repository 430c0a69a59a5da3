package dev.modelops.edge;

import com.amazonaws.services.lambda.runtime.Context;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * One run of a function.
 *
 * @param requestId goes into the audit trail and the logs
 * @param deadline until when it must be done, a little before Lambda ends it
 */
public record Invocation(String requestId, Instant now, Instant deadline) {
  private static final Duration MARGIN = Duration.ofMillis(1_500);

  static Invocation of(Context context, String requestId, Clock clock) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    Duration left = Duration.ofMillis(context.getRemainingTimeInMillis());
    Duration margin = left.compareTo(MARGIN.multipliedBy(2)) < 0 ? left.dividedBy(2) : MARGIN;
    return new Invocation(requestId, now, now.plus(left).minus(margin));
  }
}
