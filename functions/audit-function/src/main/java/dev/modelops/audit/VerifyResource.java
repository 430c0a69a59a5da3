package dev.modelops.audit;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Entity;
import dev.modelops.domain.Page;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.audit.AuditEntry;
import dev.modelops.domain.audit.AuditLog;
import dev.modelops.domain.audit.ChainCheck;
import dev.modelops.domain.audit.ChainCheck.Break;
import dev.modelops.domain.audit.ChainCheck.Whole;
import dev.modelops.edge.Outcome;
import dev.modelops.edge.Reply;
import dev.modelops.edge.Request;
import dev.modelops.json.Digests;
import dev.modelops.json.Json;
import dev.modelops.json.Seal;
import jakarta.inject.Inject;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Recomputes the chain of one entity, page by page. */
final class VerifyResource {

  private final AuditLog log;
  private final Entities entities;
  private final Entries entries;

  @Inject
  VerifyResource(AuditLog log, Entities entities, Entries entries) {
    this.log = log;
    this.entities = entities;
    this.entries = entries;
  }

  /** The verdict on one page. */
  enum Verdict {
    INTACT,
    SO_FAR_INTACT,
    BROKEN
  }

  /** A page of the verification as it is answered. */
  record Verification(Ref entity, Verdict verdict, int entries, long rev, @Nullable String head,
      ChainCheck.@Nullable Break broken, @Nullable String next) {}

  Outcome verify(Request request) {
    Ref ref = entries.visible(request, request.path("entity"));
    String[] filters = {ref.toString()};
    String position = request.position(filters);
    Whole whole = position == null ? Whole.NOTHING : Json.read(position, Whole.class);
    int counted = 0;
    for (int left = request.limit(); left > 0; left = request.limit() - counted) {
      Page<AuditEntry> page = log.chain(ref, whole.rev() + 1, left);
      for (AuditEntry entry : page.items()) {
        Optional<Break> flaw = ChainCheck.next(whole, entry, Seal::hash);
        if (flaw.isPresent()) {
          return verdict(request, ref, Verdict.BROKEN, counted, whole, flaw.get(), null, filters);
        }
        whole = ChainCheck.with(entry);
        counted++;
      }
      if (page.position() != null) {
        break;
      }
      // The entity after its entries: it is as new as they are, or newer, and then there must be more of them.
      Optional<Stored<? extends Entity>> stored = entities.find(ref);
      if (page.items().isEmpty() || stored.isEmpty() || stored.get().rev() <= whole.rev()) {
        Optional<Break> flaw = ChainCheck.end(whole, stored, VerifyResource::digest);
        return verdict(request, ref, flaw.isPresent() ? Verdict.BROKEN : Verdict.INTACT, counted, whole,
            flaw.orElse(null), null, filters);
      }
    }
    return verdict(request, ref, Verdict.SO_FAR_INTACT, counted, whole, null, Json.text(whole), filters);
  }

  private static String digest(Stored<?> stored) {
    return Digests.of(Json.read(Objects.requireNonNull(stored.json()), JsonNode.class));
  }

  private static Reply verdict(Request request, Ref ref, Verdict verdict, int counted, Whole whole,
      @Nullable Break flaw, @Nullable String position, String[] filters) {
    String next = position == null ? null : request.cursor(position, filters);
    return Reply.ok(new Verification(ref, verdict, counted, whole.rev(), whole.hash(), flaw, next));
  }
}
