package dev.modelops.access;

import dev.modelops.domain.Entity;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.Subjects;
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

  @Inject
  SubjectResource(Subjects subjects) {
    this.subjects = subjects;
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
    subjects.erase(request.path("subject"));
    return Reply.noContent();
  }
}
