package dev.modelops.audit;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.audit.AuditEntry;
import dev.modelops.domain.audit.AuditLog;
import dev.modelops.domain.deployment.Deployment;
import dev.modelops.domain.problem.Refused;
import dev.modelops.edge.Request;
import dev.modelops.json.Json;
import jakarta.inject.Inject;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the trail of one entity for a caller who may see it. */
final class Entries {

  private static final Ref ORGANISATION = Ref.department(Entity.ORGANISATION);

  private final AuditLog log;
  private final Entities entities;

  @Inject
  Entries(AuditLog log, Entities entities) {
    this.log = log;
    this.entities = entities;
  }

  /** The entity that the text names, once the caller may read its trail. What he may not see does not exist. */
  Ref visible(Request request, String entity) {
    Ref ref;
    try {
      ref = Ref.parse(entity);
    } catch (IllegalArgumentException e) {
      throw missing(entity);
    }
    if (!mayRead(request.caller(), ref)) {
      throw missing(entity);
    }
    return ref;
  }

  private boolean mayRead(Caller caller, Ref ref) {
    // The organisation has no revisions, so no first entry: its trail is of accesses alone.
    return ref.equals(ORGANISATION)
        ? caller.may(Permission.READ_AUDIT, Entity.ORGANISATION)
        : mayRead(caller, ref, first(ref));
  }

  /** The first entry says whose it is. Where all are gone the stored entity does, so that somebody can see that. */
  private boolean mayRead(Caller caller, Ref ref, Optional<AuditEntry> first) {
    return first.map(AuditEntry::department)
        .or(() -> stored(ref).map(Entity::department))
        .filter(department -> caller.may(Permission.READ_AUDIT, department)
            || model(ref, first).filter(model -> caller.may(Permission.READ_AUDIT, department, model)).isPresent())
        .isPresent();
  }

  /** Not what another spelling finds: version 3 has no second trail under 003. */
  private Optional<? extends Entity> stored(Ref ref) {
    return entities.find(ref).map(Stored::entity).filter(entity -> entity.ref().equals(ref));
  }

  private Optional<AuditEntry> first(Ref ref) {
    return log.chain(ref, 1, 1).items().stream().findFirst();
  }

  /** The model that an entity belongs to. */
  private Optional<String> model(Ref ref, Optional<AuditEntry> first) {
    String[] names = ref.id().split(":");
    return switch (ref.kind()) {
      case MODEL, VERSION, ALIAS, CHECK -> Optional.of(names[0]);
      case SLOT -> Optional.of(names[names.length - 1]);
      case DEPLOYMENT -> deployed(ref, first);
      case APPROVAL -> {
        Ref deployment = Ref.deployment(names[0]);
        yield deployed(deployment, first(deployment));
      }
      case ENVIRONMENT, TOKEN, DEPARTMENT, IDENTITY_PROVIDER -> Optional.empty();
    };
  }

  /**
   * What was deployed, as the deployment's first entry says: the stored deployment may be gone or edited, and then its
   * model's auditor is who must see it. Of the longest names an entry holds only digests: these the stored one tells.
   */
  private Optional<String> deployed(Ref deployment, Optional<AuditEntry> created) {
    return created.stream().flatMap(entry -> entry.changes().stream())
        .filter(change -> change.pointer().equals("/model"))
        .flatMap(change -> Stream.ofNullable(change.now())).filter(value -> value.startsWith("\"")).findFirst()
        .map(value -> Json.read(value, String.class))
        .or(() -> entities.get(Deployment.class, deployment).map(stored -> stored.entity().model()));
  }

  private static Refused missing(String entity) {
    return Refused.notFound("there is no trail of " + entity);
  }
}
