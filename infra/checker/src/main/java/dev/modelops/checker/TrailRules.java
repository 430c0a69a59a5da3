package dev.modelops.checker;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.audit.AccessEntry;
import dev.modelops.domain.audit.AuditEntry;
import dev.modelops.domain.audit.ChainCheck;
import dev.modelops.domain.audit.ChainCheck.Break;
import dev.modelops.domain.audit.ChainCheck.Whole;
import dev.modelops.json.Digests;
import dev.modelops.json.Json;
import dev.modelops.json.Seal;
import dev.modelops.store.dynamodb.Layout;
import dev.modelops.store.dynamodb.Row;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The audit trail, and what is remembered of requests. */
final class TrailRules {

  private static final int CREATED = 201;

  private TrailRules() {}

  /** How far a chain was followed, and where it broke. */
  private static final class Followed {
    private Whole whole = Whole.NOTHING;
    private @Nullable Break flaw;

    boolean goesOn(AuditEntry entry) {
      flaw = ChainCheck.next(whole, entry, Seal::hash).orElse(null);
      whole = ChainCheck.with(entry);
      return flaw == null;
    }
  }

  /**
   * The chain up to the state's own revision: what comes after it is either a later state's, or found as an entry
   * without a state.
   */
  static void chain(Stored<?> stored, View view, Findings findings) {
    Followed chain = new Followed();
    view.entries(stored.entity().ref(), entry -> entry.rev() <= stored.rev() && chain.goesOn(entry));
    Break flaw = chain.flaw != null ? chain.flaw
        : ChainCheck.end(chain.whole, Optional.of(stored), TrailRules::digest).orElse(null);
    if (flaw != null) {
      findings.expect(false, Rule.CHAIN, "breaks at revision %d: %s, expected %s, found %s", flaw.rev(), flaw.what(),
          flaw.expected(), flaw.found());
    }
  }

  /** Of the very text that is stored: another build may have written fields that this one does not know. */
  private static String digest(Stored<?> stored) {
    return Digests.of(Json.read(Objects.requireNonNull(stored.json()), JsonNode.class));
  }

  static void entry(AuditEntry entry, View view, Findings findings) {
    @Nullable Stored<Entity> state = view.find(Entity.class, entry.entity()).orElse(null);
    if (state == null) {
      findings.expect(false, Rule.ENTRY, "tells of %s, which is not there", entry.entity());
      return;
    }
    findings.expect(state.rev() >= entry.rev(), Rule.ENTRY, "tells of revision %d of %s, which has only %d",
        entry.rev(), entry.entity(), state.rev());
    findings.expect(state.entity().department().equals(entry.department()), Rule.ENTRY,
        "belongs to %s, and %s to %s", entry.department(), entry.entity(), state.entity().department());
  }

  /** Reads are of entities, or of a department's trail as a whole. */
  static void access(AccessEntry entry, View view, Findings findings) {
    findings.expect(entry.entity().id().equals(Entity.ORGANISATION) || view.has(entry.entity()), Rule.ENTRY,
        "tells of a read of %s, which is not there", entry.entity());
  }

  static void remembered(Row.Remembered remembered, View view, Findings findings) {
    int status = remembered.first().status();
    Ref entity = remembered.first().entity();
    findings.expect(status >= 200 && status < 300, Rule.IDEMPOTENCY, "remembers the answer %d", status);
    findings.expect(view.has(entity), Rule.IDEMPOTENCY, "is about %s, which is not there", entity);
    Long rev = remembered.rev();
    if (rev == null) {
      return;
    }
    if (view.row(Layout.entry(entity, rev)).orElse(null) instanceof Row.Entry told) {
      findings.expect(status >= 300 || (status == CREATED) == creates(told.entry()), Rule.IDEMPOTENCY,
          "remembers the answer %d, and what was done is %s at revision %d", status, told.entry().action(), rev);
    } else {
      findings.expect(false, Rule.IDEMPOTENCY, "is about revision %d of %s, which is not on record", rev, entity);
    }
  }

  /** Each result of a check is new, also in the place of an earlier one. */
  private static boolean creates(AuditEntry entry) {
    return entry.rev() == 1 || entry.action().equals("check.posted");
  }
}
