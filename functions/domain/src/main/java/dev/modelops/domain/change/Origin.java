package dev.modelops.domain.change;

import dev.modelops.domain.access.Caller;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where a change comes from; goes into its audit entries.
 *
 * @param subject opaque id of who did it; {@code system:<function>} for schedules and streams
 * @param source an opaque, erasable reference to the network address; null for schedules and streams
 * @param reason why, in the caller's words, ≤ 256 bytes
 */
public record Origin(String subject, @Nullable String onBehalfOf, String requestId, @Nullable String source,
    @Nullable String reason, Instant at) {

  public static Origin of(Caller caller, String requestId, @Nullable String source, @Nullable String reason,
      Instant at) {
    return new Origin(caller.subject(), caller.onBehalfOf(), requestId, source, reason, at);
  }

  public static Origin system(String function, String requestId, String reason, Instant at) {
    return new Origin("system:" + function, null, requestId, null, reason, at);
  }
}
