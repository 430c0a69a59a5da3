package dev.modelops.domain.change;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The one way in which governed entities change. */
public interface Changes {

  /** What a commit made, by reference: the new states with their revisions. */
  record Committed(Map<Ref, Stored<?>> states) {
    /** The new state of an entity that the change replaced. */
    @SuppressWarnings("unchecked")
    public <E extends Entity> Stored<E> of(E entity) {
      Stored<?> stored = states.get(entity.ref());
      if (stored == null) {
        throw new IllegalArgumentException(entity.ref() + " was not part of the change");
      }
      return (Stored<E>) stored;
    }
  }

  /**
   * Writes all of the change with its audit entries and, when given, its idempotency record, or nothing of it, as one
   * transaction. Conflicts with other transactions and throttling are retried with jitter until the deadline; an unknown
   * outcome is resolved by sending the identical transaction again.
   *
   * @throws Lost when an entity, a fact or a claim has moved, or the idempotency key has been used; nothing was written
   * @throws Unavailable when the deadline passed without a known outcome: it may or may not have been written
   */
  Committed commit(Change change, Origin origin, @Nullable Idempotency idempotency, Instant deadline) throws Lost;

  /** What is remembered under an idempotency key, strongly consistent. */
  Optional<Idempotency> remembered(String key);

  /** The entity that owns a claimed name, strongly consistent. */
  Optional<Ref> owner(String space, String name);
}
