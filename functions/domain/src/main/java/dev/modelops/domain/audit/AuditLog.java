package dev.modelops.domain.audit;

import dev.modelops.domain.Page;
import dev.modelops.domain.Ref;
import dev.modelops.domain.access.Scope;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the audit trail. Entries come into being only with the changes they record ({@code Changes.commit}); the one
 * thing written here is an access entry.
 */
public interface AuditLog {

  /** An entry of either sort: exactly one of the two is present. */
  record Line(@Nullable AuditEntry change, @Nullable AccessEntry access) {
    public Instant at() {
      return change != null ? change.at() : java.util.Objects.requireNonNull(access).at();
    }
  }

  /** Entries of one entity in the order of its revisions, strongly consistent, from {@code fromRev} on. */
  Page<AuditEntry> chain(Ref entity, long fromRev, int limit);

  /** Changes and audited reads of one entity, newest first. */
  Page<Line> ofEntity(Ref entity, int limit, @Nullable String position);

  /** What one subject did, newest first; may lag by seconds. Both ends optional, {@code until} exclusive. */
  Page<Line> ofActor(Scope scope, String actor, @Nullable Instant since, @Nullable Instant until, int limit,
      @Nullable String position);

  /** What one request did, department by department; may lag by seconds. */
  Page<Line> ofRequest(Scope scope, String requestId, int limit, @Nullable String position);

  /**
   * A part of a span of time.
   *
   * @param position where to go on, even at the end: time goes on
   * @param ended whether everything before the span's end has been given
   */
  record Span(List<Line> items, String position, boolean ended) {}

  /** Everything in a span of time, oldest first; may lag by seconds, so that callers ask only for what is old enough. */
  Span overTime(Scope scope, Instant since, Instant until, int limit, @Nullable String position);

  /** Records an audited read: a single write, not chained. Retried inside; a repeat of the same id has no effect. */
  void record(AccessEntry entry);
}
