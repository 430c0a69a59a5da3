package dev.modelops.audit;

import dev.modelops.domain.Ref;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.audit.AuditEntry;
import dev.modelops.domain.audit.AuditLog;
import dev.modelops.domain.problem.Refused;
import dev.modelops.edge.Request;
import jakarta.inject.Inject;
import java.util.Optional;

/** Finds the trail of one entity for a caller who may see it. */
final class Entries {

  private final AuditLog log;

  @Inject
  Entries(AuditLog log) {
    this.log = log;
  }

  /** The entity that the text names, once the caller may read its trail. What he may not see does not exist. */
  Ref visible(Request request, String entity) {
    Ref ref;
    try {
      ref = Ref.parse(entity);
    } catch (IllegalArgumentException e) {
      throw missing(entity);
    }
    // The first entry says whose it is: an entity's department never changes.
    Optional<AuditEntry> first = log.chain(ref, 1, 1).items().stream().findFirst();
    return first.filter(entry -> mayRead(request.caller(), entry)).map(AuditEntry::entity)
        .orElseThrow(() -> missing(entity));
  }

  private static boolean mayRead(Caller caller, AuditEntry entry) {
    return model(entry.entity())
        .map(model -> caller.may(Permission.READ_AUDIT, entry.department(), model))
        .orElseGet(() -> caller.may(Permission.READ_AUDIT, entry.department()));
  }

  /** The model that an entity belongs to, where its reference says so. */
  private static Optional<String> model(Ref ref) {
    String[] names = ref.id().split(":");
    return switch (ref.kind()) {
      case MODEL, VERSION, ALIAS, CHECK -> Optional.of(names[0]);
      case SLOT -> Optional.of(names[names.length - 1]);
      case DEPLOYMENT, APPROVAL, ENVIRONMENT, TOKEN, DEPARTMENT, IDENTITY_PROVIDER -> Optional.empty();
    };
  }

  private static Refused missing(String entity) {
    return Refused.notFound("there is no trail of " + entity);
  }
}
