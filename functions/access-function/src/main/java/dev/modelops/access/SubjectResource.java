package dev.modelops.access;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Ids;
import dev.modelops.domain.Ref;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.Subjects;
import dev.modelops.domain.audit.AccessEntry;
import dev.modelops.domain.audit.AuditLog;
import dev.modelops.domain.change.Origin;
import dev.modelops.domain.problem.Refused;
import dev.modelops.edge.Outcome;
import dev.modelops.edge.Reply;
import dev.modelops.edge.Request;
import dev.modelops.edge.Routes;
import jakarta.inject.Inject;

/**
 * The names behind opaque subject ids. They can be erased: the audit trail and its hashes hold ids alone and stay whole.
 */
final class SubjectResource {

  private final Subjects subjects;
  private final AuditLog log;
  private final Ids ids;

  @Inject
  SubjectResource(Subjects subjects, AuditLog log, Ids ids) {
    this.subjects = subjects;
    this.log = log;
    this.ids = ids;
  }

  void bind(Routes routes) {
    routes.bind("getSubject", this::get).bind("eraseSubject", this::erase);
  }

  private Outcome get(Request request) {
    String id = request.path("subject");
    return Reply.ok(subjects.get(id).orElseThrow(() -> Refused.notFound("no name is known of " + id)))
        .header("Cache-Control", "no-store");
  }

  private Outcome erase(Request request) {
    request.require(Permission.ADMINISTER, Entity.ORGANISATION);
    String subject = request.path("subject");
    // A name is no entity with revisions; that it was erased is on record all the same, and before it is gone.
    Origin origin = request.origin();
    log.record(
        new AccessEntry(ids.next("acc"), Ref.department(Entity.ORGANISATION), Entity.ORGANISATION, "subject.erased",
            origin.at(), origin.subject(), origin.onBehalfOf(), origin.requestId(), origin.source(), origin.reason(),
            subject));
    subjects.erase(subject);
    return Reply.noContent();
  }
}
