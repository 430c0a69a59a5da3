package dev.modelops.edge;

import dev.modelops.domain.Ref;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Changes;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A change that the router commits, and the answer once it is committed.
 *
 * @param guarded the entity that the caller's {@code If-Match} speaks of: the change is refused with 428 without one,
 *     and with 412 when it names another revision than the one that the change replaces
 */
public record Write(Change change, Function<Changes.Committed, Reply> reply, @Nullable Ref guarded) implements Outcome {
  public static Write of(Change change, Function<Changes.Committed, Reply> reply) {
    return new Write(change, reply, null);
  }

  public Write guardedBy(Ref ref) {
    return new Write(change, reply, ref);
  }
}
