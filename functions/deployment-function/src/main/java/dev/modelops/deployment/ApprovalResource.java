package dev.modelops.deployment;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Listing;
import dev.modelops.domain.Page;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.deployment.Approval;
import dev.modelops.domain.deployment.Approval.Decision;
import dev.modelops.domain.deployment.Deployment;
import dev.modelops.domain.deployment.Environment;
import dev.modelops.domain.deployment.Moves;
import dev.modelops.domain.deployment.SeparationOfDuties;
import dev.modelops.domain.registry.Version;
import dev.modelops.edge.Outcome;
import dev.modelops.edge.Request;
import dev.modelops.edge.Routes;
import jakarta.inject.Inject;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decisions of approvers. */
final class ApprovalResource {

  private final Entities entities;
  private final Visible visible;
  private final Environments environments;
  private final Gate gate;
  private final Situations situations;
  private final Answers answers;

  @Inject
  ApprovalResource(Entities entities, Visible visible, Environments environments, Gate gate, Situations situations,
      Answers answers) {
    this.entities = entities;
    this.visible = visible;
    this.environments = environments;
    this.gate = gate;
    this.situations = situations;
    this.answers = answers;
  }

  void bind(Routes routes) {
    routes.bind("decideDeployment", this::decide, answers::again).bind("listApprovals", this::list);
  }

  /** What an approver decides. */
  record Verdict(Decision decision, @Nullable String comment) {}

  private Outcome decide(Request request) {
    Verdict verdict = request.body(Verdict.class);
    Stored<Deployment> stored = visible.deployment(request, Permission.APPROVE);
    Deployment deployment = stored.entity();
    if (verdict.decision() == Decision.APPROVED) {
      SeparationOfDuties.objection(request.caller(), deployment).ifPresent(objection -> {
        throw Visible.forbidden(objection);
      });
    }
    Approval approval = new Approval(deployment.id(), request.caller().subject(), deployment.department(),
        verdict.decision(), deployment.manifest(), verdict.comment(), request.now().truncatedTo(ChronoUnit.MILLIS));
    @Nullable Stored<Approval> before = entities.get(Approval.class, approval.ref()).orElse(null);
    Stored<Environment> environment = environments.require(deployment.environment());
    Stored<Version> version = visible.versionOf(stored);
    Moves moves = new Moves(situations.read(environment, deployment.model(), List.of(stored), List.of(version)),
        request.caller().subject(), request.now());
    return Answers.moved(switch (verdict.decision()) {
      case APPROVED ->
        moves.approve(stored, approval, before, gate.ask(environment, visible.modelOf(stored), version));
      case REJECTED -> moves.reject(stored, approval, before);
    }, deployment);
  }

  private Outcome list(Request request) {
    Deployment deployment = visible.deployment(request, Permission.READ).entity();
    Page<Stored<Approval>> page = entities.list(new Listing<>(Approval.class,
        new Listing.Children(deployment.ref(), false), approval -> true, request.limit(),
        request.position(deployment.id())));
    return request.page(page.map(Stored::entity), deployment.id());
  }
}
