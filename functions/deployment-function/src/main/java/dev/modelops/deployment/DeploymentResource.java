package dev.modelops.deployment;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Ids;
import dev.modelops.domain.Listing;
import dev.modelops.domain.Listing.ByTerm;
import dev.modelops.domain.Listing.Walk;
import dev.modelops.domain.Page;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.deployment.Deployment;
import dev.modelops.domain.deployment.Deployment.State;
import dev.modelops.domain.deployment.Environment;
import dev.modelops.domain.deployment.Moves;
import dev.modelops.domain.deployment.SeparationOfDuties;
import dev.modelops.domain.deployment.Situation;
import dev.modelops.domain.registry.Model;
import dev.modelops.domain.registry.Version;
import dev.modelops.edge.Outcome;
import dev.modelops.edge.Request;
import dev.modelops.edge.Routes;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Asking for deployments, following them, and ending them. */
final class DeploymentResource {

  private static final String REASON = "X-Reason";

  private final Entities entities;
  private final Visible visible;
  private final Environments environments;
  private final Gate gate;
  private final Situations situations;
  private final Answers answers;
  private final Ids ids;

  @Inject
  DeploymentResource(Entities entities, Visible visible, Environments environments, Gate gate, Situations situations,
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
    routes.bind("createDeployment", this::create, answers::again)
        .bind("listDeployments", this::list)
        .bind("getDeployment", this::get)
        .bind("reportDeployment", this::report, answers::again)
        .bind("cancelDeployment", this::cancel, answers::again)
        .bind("retireDeployment", this::retire, answers::again);
  }

  /** What is asked for. */
  record DeploymentContent(String model, int version, String environment) {}

  /** What a deployer reports. */
  record Report(Result state, @Nullable String message, @Nullable String logUrl) {
    /** How it went. */
    enum Result {
      LIVE,
      FAILED
    }
  }

  private Outcome create(Request request) {
    DeploymentContent content = request.body(DeploymentContent.class);
    Stored<Model> model = visible.model(request, content.model(), Permission.REQUEST_DEPLOYMENT);
    Stored<Environment> environment = environments.require(content.environment());
    requireMayAsk(request, model, environment);
    Stored<Version> version = visible.version(model, content.version());
    Situation situation = situations.read(environment, model.entity().name(), List.of(), List.of(version));
    Caller caller = request.caller();
    Deployment asked = Deployment.asked(ids.next("dep"), version.entity(), environment.entity().name(),
        caller.subject(), caller.onBehalfOf(), request.now());
    Change change = new Moves(situation, caller.subject(), request.now())
        .request(asked, gate.ask(environment, model, version));
    return Answers.created(change, asked);
  }

  /** A protected environment is not open to everybody who may ask for a deployment elsewhere. */
  static void requireMayAsk(Request request, Stored<Model> model, Stored<Environment> environment) {
    if (environment.entity().protection()) {
      Visible.permit(request, Permission.REQUEST_ANY_DEPLOYMENT, model.entity().department(), model.entity().name());
    }
  }

  private Outcome get(Request request) {
    return Answers.read(visible.deployment(request, Permission.READ));
  }

  private Outcome list(Request request) {
    Optional<String> environment = request.query("environment");
    Optional<String> model = request.query("model");
    Optional<State> state = request.query("state").map(DeploymentResource::state);
    Caller caller = request.caller();
    Predicate<Deployment> wanted = deployment -> environment.map(deployment.environment()::equals).orElse(true)
        && model.map(name -> Ref.fold(name).equals(Ref.fold(deployment.model()))).orElse(true)
        && state.map(deployment.state()::equals).orElse(true)
        && caller.may(Permission.READ, deployment.department(), deployment.model());
    String[] filters = {environment.orElse(""), model.map(Ref::fold).orElse(""), state.map(State::wire).orElse("")};
    Page<Stored<Deployment>> page = entities.list(new Listing<>(Deployment.class,
        walk(caller, environment, model, state), wanted, request.limit(), request.position(filters)));
    return request.page(page.map(Stored::entity), filters);
  }

  /** A model has few deployments, and few are open at a time; an environment has many, and all of them are most. */
  private static Walk walk(Caller caller, Optional<String> environment, Optional<String> model, Optional<State> state) {
    if (model.isPresent()) {
      return new ByTerm(caller.scope(Permission.READ, model.get()), "model", Ref.fold(model.get()), true);
    }
    if (state.isPresent() && state.get().open()) {
      return new ByTerm(caller.scope(Permission.READ), "state", state.get().wire(), true);
    }
    return environment.isPresent()
        ? new ByTerm(caller.scope(Permission.READ), "environment", environment.get(), true)
        : new ByTerm(caller.scope(Permission.READ), "all", "", true);
  }

  private static State state(String wire) {
    for (State state : State.values()) {
      if (state.wire().equals(wire)) {
        return state;
      }
    }
    throw new IllegalArgumentException(wire); // the contract lists them all
  }

  private Outcome report(Request request) {
    Report report = request.body(Report.class);
    Stored<Deployment> stored = visible.deployment(request, Permission.OPERATE);
    Stored<Environment> environment = environments.require(stored.entity().environment());
    Stored<Version> version = visible.versionOf(stored);
    Moves moves = moves(request, environment, stored, List.of(version));
    return Answers.moved(switch (report.state()) {
      case LIVE -> moves.reportLive(stored, report.message(), report.logUrl(),
          gate.askAgain(environment, visible.modelOf(stored), version, stored.entity()));
      case FAILED -> moves.reportFailed(stored, report.message(), report.logUrl());
    }, stored.entity());
  }

  private Outcome cancel(Request request) {
    Stored<Deployment> stored = visible.deployment(request, Permission.REQUEST_DEPLOYMENT);
    Deployment deployment = stored.entity();
    if (!SeparationOfDuties.isWishOf(request.caller(), deployment)
        && !request.caller().may(Permission.OPERATE, deployment.department(), deployment.model())) {
      throw Visible.forbidden("only whoever asked for it, or somebody with the permission operate, may cancel it");
    }
    return Answers.moved(moves(request, environments.require(deployment.environment()), stored, List.of())
        .cancel(stored, reason(request)), deployment);
  }

  private Outcome retire(Request request) {
    Stored<Deployment> stored = visible.deployment(request, Permission.OPERATE);
    return Answers.moved(moves(request, environments.require(stored.entity().environment()), stored, List.of())
        .retire(stored, reason(request)), stored.entity());
  }

  private Moves moves(Request request, Stored<Environment> environment, Stored<Deployment> deployment,
      List<Stored<Version>> versions) {
    return new Moves(situations.read(environment, deployment.entity().model(), List.of(deployment), versions),
        request.caller().subject(), request.now());
  }

  private static @Nullable String reason(Request request) {
    return request.header(REASON).orElse(null);
  }
}
