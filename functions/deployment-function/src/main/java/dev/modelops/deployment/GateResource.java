package dev.modelops.deployment;

import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.deployment.Deployability.Verdict;
import dev.modelops.domain.deployment.Environment;
import dev.modelops.domain.problem.Reason;
import dev.modelops.domain.registry.Model;
import dev.modelops.domain.registry.Version;
import dev.modelops.edge.Outcome;
import dev.modelops.edge.Reply;
import dev.modelops.edge.Request;
import dev.modelops.edge.Routes;
import jakarta.inject.Inject;
import java.util.List;

/** Asking the gate without going through it. */
final class GateResource {

  private final Visible visible;
  private final Environments environments;
  private final Gate gate;

  @Inject
  GateResource(Visible visible, Environments environments, Gate gate) {
    this.visible = visible;
    this.environments = environments;
    this.gate = gate;
  }

  void bind(Routes routes) {
    routes.bind("getDeployability", this::get);
  }

  /** The gate's answer. */
  record Answer(String model, int version, String environment, String manifest, boolean deployable,
      boolean approvalRequired, List<Reason> reasons) {}

  private Outcome get(Request request) {
    Stored<Model> model = visible.model(request, request.path("model"), Permission.READ);
    Stored<Version> version = visible.version(model, Integer.parseInt(request.path("version")));
    Stored<Environment> environment = environments.require(request.query("environment").orElseThrow());
    Verdict verdict = gate.ask(environment, model, version);
    return Reply.ok(new Answer(model.entity().name(), version.entity().version(), environment.entity().name(),
        version.entity().manifest(), verdict.open(), verdict.approvalRequired(), verdict.reasons()));
  }
}
