package dev.modelops.domain;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/**
 * Reads governed entities. Single reads are strongly consistent; lists read an index that may lag behind by some
 * seconds, and then the entities themselves, so that what a list shows is never older than what the index says.
 * Throttling and time-outs are retried inside; what remains is {@link dev.modelops.domain.change.Unavailable}.
 */
public interface Entities {

  /** One entity, strongly consistent. Costs one read unit up to 4 KB. */
  <E extends Entity> Optional<Stored<E>> get(Class<E> type, Ref ref);

  /** One entity of whatever kind the reference names, strongly consistent. */
  Optional<Stored<? extends Entity>> find(Ref ref);

  /** Several at once, strongly consistent; absent ones are left out. At most 100. */
  <E extends Entity> Map<Ref, Stored<E>> getAll(Class<E> type, Collection<Ref> refs);

  /** One page of a list. The union of all pages is exact for what does not change meanwhile. */
  <E extends Entity> Page<Stored<E>> list(Listing<E> listing);
}
