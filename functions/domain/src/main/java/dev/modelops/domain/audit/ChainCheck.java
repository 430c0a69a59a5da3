package dev.modelops.domain.audit;

import dev.modelops.domain.Stored;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Checks an entity's chain of audit entries, in parts if it is long: every revision has its entry, every entry its own
 * hash and that of the one before, every change starts from the state that the one before left; and at the end the stored
 * entity is the one that the last entry describes.
 */
public final class ChainCheck {

  /** What is wrong where a chain breaks. */
  public enum What {
    /** A revision has no entry. */
    MISSING_ENTRY,
    /** An entry's content is not what its hash was taken of. */
    ENTRY_HASH,
    /** An entry does not name the hash of the one before. */
    LINK,
    /** A change did not start from the state that the one before left. */
    STATE_BEFORE,
    /** The stored entity is not the one that the last entry describes. */
    ENTITY_DIGEST,
    /** The stored entity has another revision than the last entry. */
    ENTITY_REVISION,
    /** The stored entity names another hash than the last entry has. */
    ENTITY_HEAD,
    /** There are entries, but no entity. */
    ENTITY_MISSING
  }

  /** Where a chain breaks first. */
  public record Break(long rev, What what, @Nullable String expected, @Nullable String found) {}

  /**
   * How far a chain was found whole.
   *
   * @param rev the last revision checked, 0 before the first
   * @param hash of its entry
   * @param after digest of the state it left
   */
  public record Whole(long rev, @Nullable String hash, @Nullable String after) {
    public static final Whole NOTHING = new Whole(0, null, null);
  }

  private ChainCheck() {}

  /** Where the entry breaks the chain that is whole so far; empty when it continues it. */
  public static Optional<Break> next(Whole so, AuditEntry entry, Function<AuditEntry, String> hash) {
    long rev = so.rev() + 1;
    if (entry.rev() != rev) {
      return broken(rev, What.MISSING_ENTRY, Long.toString(rev), Long.toString(entry.rev()));
    }
    String computed = hash.apply(entry);
    if (!computed.equals(entry.hash())) {
      return broken(rev, What.ENTRY_HASH, computed, entry.hash());
    }
    if (!Objects.equals(so.hash(), entry.previous())) {
      return broken(rev, What.LINK, so.hash(), entry.previous());
    }
    if (!Objects.equals(so.after(), entry.before())) {
      return broken(rev, What.STATE_BEFORE, so.after(), entry.before());
    }
    return Optional.empty();
  }

  /** The chain that is whole with the entry, which {@link #next} has accepted. */
  public static Whole with(AuditEntry entry) {
    return new Whole(entry.rev(), entry.hash(), entry.after());
  }

  /** Where the stored entity contradicts its whole chain; empty when it does not. */
  public static Optional<Break> end(Whole chain, Optional<? extends Stored<?>> entity,
      Function<Stored<?>, String> digest) {
    if (entity.isEmpty()) {
      return chain.rev() == 0 ? Optional.empty()
          : broken(chain.rev(), What.ENTITY_MISSING, Long.toString(chain.rev()), null);
    }
    Stored<?> stored = entity.get();
    if (stored.rev() > chain.rev()) {
      return broken(chain.rev() + 1, What.MISSING_ENTRY, Long.toString(chain.rev() + 1), null);
    }
    if (stored.rev() != chain.rev()) {
      return broken(chain.rev(), What.ENTITY_REVISION, Long.toString(chain.rev()), Long.toString(stored.rev()));
    }
    if (!stored.head().equals(chain.hash())) {
      return broken(chain.rev(), What.ENTITY_HEAD, chain.hash(), stored.head());
    }
    String found = digest.apply(stored);
    return found.equals(chain.after()) ? Optional.empty()
        : broken(chain.rev(), What.ENTITY_DIGEST, chain.after(), found);
  }

  private static Optional<Break> broken(long rev, What what, @Nullable String expected, @Nullable String found) {
    return Optional.of(new Break(rev, what, expected, found));
  }
}
