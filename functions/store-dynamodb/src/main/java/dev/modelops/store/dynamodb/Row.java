package dev.modelops.store.dynamodb;

import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.audit.AccessEntry;
import dev.modelops.domain.audit.AuditEntry;
import dev.modelops.domain.change.Change.Claim;
import dev.modelops.domain.change.Idempotency;
import dev.modelops.domain.metrics.RollupKey;
import dev.modelops.domain.registry.Heads.Head;
import dev.modelops.domain.registry.Manifest;
import org.jspecify.annotations.Nullable;

/** What an item of the tables is, for those who look at whole tables. */
public sealed interface Row {

  /** A governed entity. */
  record State(Stored<?> stored) implements Row {}

  /** An audit entry. */
  record Entry(AuditEntry entry) implements Row {}

  /** An audited read. */
  record Access(AccessEntry entry) implements Row {}

  /** A model's head. */
  record Counter(Head head) implements Row {}

  /** A name that was claimed for ever. */
  record Claimed(Claim claim) implements Row {}

  /**
   * What is remembered of a request.
   *
   * @param rev revision of the entity that the request led to; null in records of builds that did not note it
   */
  record Remembered(Idempotency first, @Nullable Long rev) implements Row {}

  /**
   * A manifest.
   *
   * @param digest under which it is found
   * @param computed digest of the stored text
   */
  record Content(String digest, String computed, Manifest manifest) implements Row {}

  /** A subject's name, perhaps erased. */
  record Name(String subject) implements Row {}

  /** A network address, by its digest, and the reference that stands for it. */
  record Address(String digest, String source) implements Row {}

  /** What address a reference stands for. */
  record Source(String source) implements Row {}

  /** The last day on which a token was used. */
  record Used(String token) implements Row {}

  /** A key by which an entity is listed or searched. */
  record TermOf(Ref entity) implements Row {}

  /** A block of metric points. */
  record Points(String model, String environment, long firstMinute, long lastMinute, String digest) implements Row {}

  /** A page of a month's catalog of series. */
  record Catalog(String model, String environment, String month, int page, long rev) implements Row {}

  /** A cell of roll-ups. */
  record Rollup(RollupKey key, long rev) implements Row {}

  /** Nothing that the store writes. */
  record Unknown() implements Row {}
}
