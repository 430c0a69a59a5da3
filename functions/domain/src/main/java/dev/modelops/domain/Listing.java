package dev.modelops.domain;

import dev.modelops.domain.access.Scope;
import java.time.Instant;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What to list: one index is walked, the rest of the filters is applied to what it finds, under a fixed budget of reads
 * per page. Authorisation is the walk's own: the scope is part of every key that is read.
 *
 * @param walk the index to walk
 * @param filter applied to every entity found; must hold the walk's own condition too, since an index may lag
 * @param limit most items of a page, 1 to 100
 * @param position where the page before ended; null for the first
 */
public record Listing<E extends Entity>(Class<E> type, Walk walk, Predicate<E> filter, int limit,
    @Nullable String position) {

  /** Which index to walk. */
  public sealed interface Walk {}

  /** The children of one entity, e.g. a model's versions, in key order. The caller has checked access to the parent. */
  public record Children(Ref parent, boolean descending) implements Walk {}

  /** What a schedule must look at: everything due before {@code until}, oldest first within a shard. Across departments. */
  public record Due(Instant until) implements Walk {}

  /** All of a kind that belongs to the organisation: departments, environments, identity providers. */
  public record Organisation() implements Walk {}

  /** A model's versions that were built from a commit, newest first. The caller has checked access to the model. */
  public record ByCommit(String model, String commit) implements Walk {}

  /** Deployments of a model that were ever live in an environment, latest first, of those live at {@code until} or before. */
  public record LiveHistory(String environment, String model, @Nullable Instant until) implements Walk {}

  /** Entities of the type that carry this term, within the scope, in the order of the kind's sort key. */
  public record ByTerm(Scope scope, String term, String value, boolean descending) implements Walk {}

  /** Entities with a word that starts so, within the scope, ordered by that word, each once. Folded to lower case. */
  public record ByPrefix(Scope scope, String prefix) implements Walk {}
}
