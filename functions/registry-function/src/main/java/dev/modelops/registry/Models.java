package dev.modelops.registry;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Department;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.domain.problem.Violation;
import dev.modelops.domain.registry.Model;
import dev.modelops.domain.registry.ModelRules;
import dev.modelops.domain.registry.RiskTier;
import dev.modelops.edge.Outcome;
import dev.modelops.edge.Reply;
import dev.modelops.edge.Request;
import dev.modelops.edge.Routes;
import dev.modelops.edge.Write;
import dev.modelops.json.Json;
import dev.modelops.json.MergePatch;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** {@code /v1/models}. */
final class Models {

  record Tier(RiskTier riskTier) {}

  private final Entities entities;
  private final ModelSearch search;

  @Inject
  Models(Entities entities, ModelSearch search) {
    this.entities = entities;
    this.search = search;
  }

  void bind(Routes routes) {
    routes.bind("listModels", search::list)
        .bind("putModel", this::put)
        .bind("getModel", request -> reply(find(request, Permission.READ)))
        .bind("patchModel", this::patch)
        .bind("archiveModel", request -> move(request, "model.archived", Model.State.ARCHIVED), this::again)
        .bind("restoreModel", request -> move(request, "model.restored", Model.State.ACTIVE), this::again)
        .bind("setRiskTier", this::setRiskTier);
  }

  private Outcome put(Request request) {
    String name = request.path("model");
    ModelContent content = request.body(ModelContent.class);
    Optional<Stored<Model>> found = entities.get(Model.class, Ref.model(name));
    return found.isPresent() ? replace(request, found.get(), content) : create(request, name, content);
  }

  private Outcome create(Request request, String name, ModelContent content) {
    request.require(Permission.WRITE_MODELS, content.department(), name);
    // Departments are never removed, so what was read once stays true.
    if (entities.get(Department.class, Ref.department(content.department())).isEmpty()) {
      throw Refused.unprocessable("/department", "unknown", "there is no department of this name", null);
    }
    Model model = content.create(name, request.now(), request.caller().subject());
    check(model);
    Write write = Write.of(Change.create("model.created", model),
        done -> Reply.created("/v1/models/" + name, model).rev(done.of(model).rev()));
    return request.ifMatchOptional().isPresent() ? write.guardedBy(model.ref()) : write;
  }

  private Outcome replace(Request request, Stored<Model> stored, ModelContent content) {
    Model before = stored.entity();
    if (!request.caller().may(Permission.READ, before.department(), before.name())) {
      // Only to whoever could have created it: all others are answered as if the name were free.
      request.require(Permission.WRITE_MODELS, content.department(), request.path("model"));
      throw Refused.of(Problem.ALREADY_EXISTS, "the name " + request.path("model") + " is taken");
    }
    request.require(Permission.WRITE_MODELS, before.department(), before.name());
    if (request.ifNoneMatchAny()) {
      throw Refused.of(Problem.PRECONDITION_FAILED, "the model exists already",
          Reply.noContent().rev(stored.rev()).headers());
    }
    ModelContent whole = content.orTier(before.riskTier());
    if (whole.replace(before, before.updatedAt(), before.updatedBy()).equals(before)) {
      return reply(stored);
    }
    return changed(request, stored, whole);
  }

  private Outcome patch(Request request) {
    Stored<Model> stored = find(request, Permission.WRITE_MODELS);
    JsonNode merged =
        MergePatch.apply(Json.node(ModelContent.of(stored.entity())), request.body(JsonNode.class));
    return changed(request, stored, Json.bind(merged, ModelContent.class));
  }

  private Outcome changed(Request request, Stored<Model> stored, ModelContent content) {
    Model before = stored.entity();
    Model after = content.replace(before, request.now(), request.caller().subject());
    ModelRules.replaces(before, after);
    if (!Objects.equals(before.riskTier(), after.riskTier())) {
      request.require(Permission.CHANGE_RISK_TIER, before.department(), before.name());
    }
    check(after);
    return write(stored, "model.changed", after);
  }

  private Outcome setRiskTier(Request request) {
    Stored<Model> stored = find(request, Permission.CHANGE_RISK_TIER);
    RiskTier tier = request.body(Tier.class).riskTier();
    return write(stored, "model.risk-tier-changed",
        stored.entity().rated(tier, request.now(), request.caller().subject()));
  }

  private Outcome move(Request request, String action, Model.State state) {
    Stored<Model> stored = find(request, Permission.WRITE_MODELS);
    return stored.entity().state() == state ? reply(stored)
        : write(stored, action, stored.entity().in(state, request.now(), request.caller().subject()));
  }

  private Reply again(Request request, int status, Ref ref) {
    return reply(find(request, Permission.READ));
  }

  private Stored<Model> find(Request request, Permission permission) {
    Stored<Model> stored =
        entities.get(Model.class, Ref.model(request.path("model"))).orElseThrow(Request::absent);
    request.require(permission, stored.entity().department(), stored.entity().name());
    return stored;
  }

  private static void check(Model model) {
    List<Violation> violations = ModelRules.violations(model);
    if (!violations.isEmpty()) {
      throw Refused.invalid(Problem.UNPROCESSABLE, violations);
    }
  }

  private static Write write(Stored<Model> before, String action, Model after) {
    return Write.of(Change.replace(action, before, after), done -> reply(done.of(after))).guardedBy(after.ref());
  }

  private static Reply reply(Stored<Model> stored) {
    return Reply.ok(stored.entity()).rev(stored.rev());
  }
}
