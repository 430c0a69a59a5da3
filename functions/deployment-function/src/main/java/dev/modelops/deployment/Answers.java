package dev.modelops.deployment;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.deployment.Deployment;
import dev.modelops.domain.problem.Refused;
import dev.modelops.edge.Outcome;
import dev.modelops.edge.Reply;
import dev.modelops.edge.Request;
import dev.modelops.edge.Write;
import jakarta.inject.Inject;

/** How a deployment is answered with: after a change, and again when the change was made before. */
final class Answers {

  private final Entities entities;

  @Inject
  Answers(Entities entities) {
    this.entities = entities;
  }

  static Outcome created(Change change, Deployment deployment) {
    return Write.of(change, done -> reply(201, done.of(deployment)));
  }

  static Outcome moved(Change change, Deployment deployment) {
    return Write.of(change, done -> reply(200, done.of(deployment)));
  }

  static Reply read(Stored<Deployment> stored) {
    return reply(200, stored);
  }

  /** @throws Refused 404 when the caller's present credential may not see it */
  Reply again(Request request, int status, Ref deployment) {
    return reply(status, entities.get(Deployment.class, deployment)
        .filter(stored -> Visible.sees(request, stored.entity().department(), stored.entity().model()))
        .orElseThrow(() -> Refused.notFound("there is no deployment " + deployment.id())));
  }

  private static Reply reply(int status, Stored<Deployment> stored) {
    Reply reply = status == 201
        ? Reply.created("/v1/deployments/" + stored.entity().id(), stored.entity())
        : Reply.ok(stored.entity());
    return reply.rev(stored.rev());
  }
}
