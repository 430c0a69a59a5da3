package dev.modelops.domain;

/**
 * An entity as the store holds it.
 *
 * @param rev counts its changes from 1; the ETag of the API
 * @param head the hash of its latest audit entry
 */
public record Stored<E extends Entity>(E entity, long rev, String head) {}
