package dev.modelops.registry;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Page;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.audit.AuditEntry;
import dev.modelops.domain.audit.AuditEntry.FieldChange;
import dev.modelops.domain.audit.AuditLog;
import dev.modelops.domain.registry.Alias;
import dev.modelops.edge.Reply;
import dev.modelops.edge.Request;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where an alias pointed and since when: its audit chain, read backwards. */
final class AliasHistory {

  /** One move; without a version the alias was deleted, without a previous one created. */
  record Move(long rev, @Nullable Integer version, @Nullable Integer previousVersion, Instant at, String by,
      @Nullable String onBehalfOf, String requestId, @Nullable String reason) {

    static Move of(AuditEntry entry) {
      Optional<FieldChange> change =
          entry.changes().stream().filter(field -> field.pointer().equals("/version")).findFirst();
      return new Move(entry.rev(), change.map(FieldChange::now).map(Integer::valueOf).orElse(null),
          change.map(FieldChange::old).map(Integer::valueOf).orElse(null), entry.at(), entry.actor(),
          entry.onBehalfOf(), entry.requestId(), entry.reason());
    }
  }

  private final Entities entities;
  private final AuditLog audit;

  @Inject
  AliasHistory(Entities entities, AuditLog audit) {
    this.entities = entities;
    this.audit = audit;
  }

  Reply list(Request request) {
    Stored<Alias> stored = entities.get(Alias.class, Ref.alias(request.path("model"), request.path("alias")))
        .orElseThrow(Request::absent);
    Alias alias = stored.entity();
    request.require(Permission.READ, alias.department(), alias.model());
    String[] filters = {alias.ref().id()};
    String position = request.position(filters);
    long newest = position == null ? stored.rev() : Long.parseLong(position);
    long oldest = Math.max(1, newest - request.limit() + 1);
    int count = (int) (newest - oldest + 1);
    List<AuditEntry> entries = audit.chain(alias.ref(), oldest, count).items();
    // Every revision has its entry; one that came since the alias was read is for the next reader.
    List<Move> moves = entries.stream().filter(entry -> entry.rev() <= newest).map(Move::of).toList().reversed();
    return request.page(new Page<>(moves, oldest > 1 ? Long.toString(oldest - 1) : null), filters);
  }
}
