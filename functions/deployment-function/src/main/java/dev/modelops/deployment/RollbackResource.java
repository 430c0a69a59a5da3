package dev.modelops.deployment;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Ids;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.deployment.Deployment;
import dev.modelops.domain.deployment.Deployment.State;
import dev.modelops.domain.deployment.Environment;
import dev.modelops.domain.deployment.Move;
import dev.modelops.domain.deployment.Moves;
import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.domain.registry.Version;
import dev.modelops.edge.Outcome;
import dev.modelops.edge.Request;
import dev.modelops.edge.Routes;
import jakarta.inject.Inject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The way back. */
final class RollbackResource {

  private final Entities entities;
  private final Visible visible;
  private final Environments environments;
  private final Gate gate;
  private final Situations situations;
  private final Answers answers;
  private final Ids ids;

  @Inject
  RollbackResource(Entities entities, Visible visible, Environments environments, Gate gate, Situations situations,
      Answers answers, Ids ids) {
    this.entities = entities;
    this.visible = visible;
    this.environments = environments;
    this.gate = gate;
    this.situations = situations;
    this.answers = answers;
    this.ids = ids;
  }

  void bind(Routes routes) {
    routes.bind("rollbackDeployment", this::rollBack, answers::again);
  }

  /** @param to a deployment that was live here before; null for the one that the undone deployment names */
  record Rollback(@Nullable String to) {}

  private Outcome rollBack(Request request) {
    Rollback rollback = request.body(Rollback.class);
    Stored<Deployment> live = visible.deployment(request, Permission.OPERATE);
    Stored<Environment> environment = environments.require(live.entity().environment());
    if (live.entity().state() != State.LIVE) {
      throw Refused.illegalMove(
          live.entity().id() + " is " + live.entity().state().wire() + ": roll back is not possible",
          Move.legalMoves(live.entity(), environment.entity()));
    }
    Deployment target = target(live.entity(), rollback.to());
    Stored<Version> version =
        entities.get(Version.class, Ref.version(target.model(), target.version())).orElseThrow();
    Deployment asked = Deployment.asked(ids.next("dep"), version.entity(), target.environment(),
        request.caller().subject(), request.caller().onBehalfOf(), request.now()).asRollback(live.entity(), target);
    Moves moves = new Moves(situations.read(environment, target.model(), List.of(live), List.of(version)),
        request.caller().subject(), request.now());
    return Answers.created(moves.rollBack(live, asked, gate.askRollback(environment, version)), asked);
  }

  private Deployment target(Deployment live, @Nullable String to) {
    String id = to == null ? live.fallback() : to;
    if (id == null) {
      throw Refused.of(Problem.CONFLICT, "no other version was live just before " + live.id()
          + ": retire it, or name a deployment that was live here earlier as to");
    }
    return entities.get(Deployment.class, Ref.deployment(id)).map(Stored::entity)
        .filter(found -> found.liveAt() != null && found.environment().equals(live.environment())
            && Ref.fold(found.model()).equals(Ref.fold(live.model())) && found.version() != live.version())
        .orElseThrow(() -> Refused.unprocessable("/to", "target",
            "must be a deployment of another version of " + live.model() + " that was live in " + live.environment(),
            null));
  }
}
