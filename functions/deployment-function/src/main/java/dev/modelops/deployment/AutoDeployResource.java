package dev.modelops.deployment;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Change.Effect;
import dev.modelops.domain.deployment.Environment;
import dev.modelops.domain.deployment.Slot;
import dev.modelops.domain.registry.Model;
import dev.modelops.edge.Outcome;
import dev.modelops.edge.Reply;
import dev.modelops.edge.Request;
import dev.modelops.edge.Routes;
import dev.modelops.edge.Write;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether new versions of a model go into an environment by themselves. */
final class AutoDeployResource {

  private final Entities entities;
  private final Visible visible;
  private final Environments environments;

  @Inject
  AutoDeployResource(Entities entities, Visible visible, Environments environments) {
    this.entities = entities;
    this.visible = visible;
    this.environments = environments;
  }

  void bind(Routes routes) {
    routes.bind("getAutoDeploy", this::get).bind("putAutoDeploy", this::put);
  }

  /** What the setting is replaced by. */
  record AutoDeploySetting(boolean enabled) {}

  /** The setting as it is answered. */
  record AutoDeployView(String environment, String model, boolean enabled, int reached, @Nullable Instant setAt,
      @Nullable String setBy) {

    static AutoDeployView of(Slot slot) {
      Slot.@Nullable AutoDeploy setting = slot.autoDeploy();
      return setting == null
          ? new AutoDeployView(slot.environment(), slot.model(), false, slot.reached(), null, null)
          : new AutoDeployView(slot.environment(), slot.model(), setting.enabled(), slot.reached(), setting.setAt(),
              setting.setBy());
    }
  }

  private Outcome get(Request request) {
    Stored<Slot> slot = slot(request, visible.model(request, request.path("model"), Permission.READ));
    return Reply.ok(AutoDeployView.of(slot.entity())).rev(slot.rev());
  }

  private Outcome put(Request request) {
    AutoDeploySetting setting = request.body(AutoDeploySetting.class);
    Stored<Model> model = visible.model(request, request.path("model"), Permission.REQUEST_DEPLOYMENT);
    Stored<Environment> environment = environments.require(request.path("environment"));
    DeploymentResource.requireMayAsk(request, model, environment);
    Stored<Slot> slot = slot(request, model);
    Slot next = slot.entity().withAutoDeploy(new Slot.AutoDeploy(setting.enabled(),
        request.now().truncatedTo(ChronoUnit.MILLIS), request.caller().subject()));
    Change change = new Change(
        List.of(new Effect<>("slot.auto-deploy-" + (setting.enabled() ? "enabled" : "disabled"),
            slot.rev() == 0 ? null : slot, next)),
        List.of(), List.of());
    return Write.of(change, done -> Reply.ok(AutoDeployView.of(done.of(next).entity())).rev(done.of(next).rev()))
        .guardedBy(next.ref());
  }

  /** An environment where nothing of the model has happened yet is at revision 0. */
  private Stored<Slot> slot(Request request, Stored<Model> model) {
    String environment = environments.require(request.path("environment")).entity().name();
    return entities.get(Slot.class, Ref.slot(environment, model.entity().name())).orElseGet(() -> new Stored<>(
        Slot.empty(environment, model.entity().name(), model.entity().department()), 0, ""));
  }
}
