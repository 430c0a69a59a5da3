package dev.modelops.deployment;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.deployment.Deployment;
import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.domain.registry.Model;
import dev.modelops.domain.registry.Version;
import dev.modelops.edge.Request;
import jakarta.inject.Inject;

/**
 * Finds what a request names, as far as its caller may see it: what belongs to another department is answered as if it
 * did not exist, and only then is the permission asked for.
 */
final class Visible {

  private final Entities entities;

  @Inject
  Visible(Entities entities) {
    this.entities = entities;
  }

  /** @throws Refused 404 when there is none to be seen, 403 when only the permission is missing */
  Stored<Model> model(Request request, String name, Permission permission) {
    Stored<Model> model = entities.get(Model.class, Ref.model(name))
        .filter(found -> sees(request, found.entity().department(), found.entity().name()))
        .orElseThrow(() -> Refused.notFound("there is no model " + name));
    permit(request, permission, model.entity().department(), model.entity().name());
    return model;
  }

  /** A version of a model that the caller sees. */
  Stored<Version> version(Stored<Model> model, int number) {
    String name = model.entity().name();
    return entities.get(Version.class, Ref.version(name, number))
        .orElseThrow(() -> Refused.notFound("there is no version " + number + " of " + name));
  }

  /** @throws Refused 404 when there is none to be seen, 403 when only the permission is missing */
  Stored<Deployment> deployment(Request request, Permission permission) {
    String id = request.path("deployment");
    Stored<Deployment> stored = entities.get(Deployment.class, Ref.deployment(id))
        .filter(found -> sees(request, found.entity().department(), found.entity().model()))
        .orElseThrow(() -> Refused.notFound("there is no deployment " + id));
    permit(request, permission, stored.entity().department(), stored.entity().model());
    return stored;
  }

  /** What a deployment is about. They exist as long as it does. */
  Stored<Model> modelOf(Stored<Deployment> deployment) {
    return entities.get(Model.class, Ref.model(deployment.entity().model())).orElseThrow();
  }

  Stored<Version> versionOf(Stored<Deployment> deployment) {
    return entities.get(Version.class, Ref.version(deployment.entity().model(), deployment.entity().version()))
        .orElseThrow();
  }

  static void permit(Request request, Permission permission, String department, String model) {
    if (!request.caller().may(permission, department, model)) {
      throw forbidden("needs the permission " + permission.wire() + " for " + model);
    }
  }

  static Refused forbidden(String why) {
    return Refused.of(Problem.FORBIDDEN, why);
  }

  static boolean sees(Request request, String department, String model) {
    return request.caller().may(Permission.READ, department, model);
  }
}
