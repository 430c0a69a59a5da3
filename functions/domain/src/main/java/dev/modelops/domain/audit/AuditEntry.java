package dev.modelops.domain.audit;

import dev.modelops.domain.Ref;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One change of one entity. Its hash is the SHA-256 of its canonical JSON (RFC 8785) without {@code hash}; this format
 * never changes once entries exist.
 *
 * @param entity what changed
 * @param rev its revision after the change, from 1; no revision is without its entry
 * @param department whose it is
 * @param actor opaque subject id of who did it
 * @param changes changed fields; at most 16, the digest of the rest stands in {@code more}
 * @param before digest of the entity before; null for a creation
 * @param after digest of the entity after: SHA-256 over its canonical JSON
 * @param previous hash of the entity's previous entry; null for its first
 */
public record AuditEntry(Ref entity, long rev, String department, String action, Instant at, String actor,
    @Nullable String onBehalfOf, String requestId, @Nullable String source, @Nullable String reason,
    List<FieldChange> changes, @Nullable More more, @Nullable String before, String after, @Nullable String previous,
    String hash) {

  public AuditEntry {
    changes = List.copyOf(changes);
  }

  /**
   * A changed field.
   *
   * @param pointer JSON pointer into the entity
   * @param old the value as compact JSON, or {@code sha256:<hex>,<bytes>} when that is longer than 128 bytes; null when
   *     it was absent
   * @param now likewise; null when it is absent now
   */
  public record FieldChange(String pointer, @Nullable String old, @Nullable String now) {}

  /** What did not fit: how many more fields changed, and the digest over them. */
  public record More(int count, String digest) {}
}
