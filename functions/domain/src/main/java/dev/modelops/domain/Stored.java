package dev.modelops.domain;

import org.jspecify.annotations.Nullable;

/**
 * An entity as the store holds it.
 *
 * @param rev counts its changes from 1; the ETag of the API
 * @param head the hash of its latest audit entry
 * @param json the very text that is stored: what its digest is taken from, since an older build may have written fields
 *     that this one would leave out; null when the entity does not come from a store
 */
public record Stored<E extends Entity>(E entity, long rev, String head, @Nullable String json) {

  public Stored(E entity, long rev, String head) {
    this(entity, rev, head, null);
  }
}
