package dev.modelops.registry;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Listing;
import dev.modelops.domain.Page;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Change.Effect;
import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.domain.problem.Violation;
import dev.modelops.domain.registry.Artifact;
import dev.modelops.domain.registry.Check;
import dev.modelops.domain.registry.ManifestRules;
import dev.modelops.domain.registry.Version;
import dev.modelops.edge.Outcome;
import dev.modelops.edge.Reply;
import dev.modelops.edge.Request;
import dev.modelops.edge.Routes;
import dev.modelops.edge.Write;
import dev.modelops.json.Json;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code …/versions/{version}/checks}. A result rests on no condition of its version, since that would make parallel
 * jobs collide: one that is posted while the version is being archived counts as posted before.
 */
final class Checks {

  record CheckContent(String name, Check.Status status, Map<String, Double> metrics, @Nullable String url,
      @Nullable Artifact report) {}

  private final Entities entities;
  private final VersionReads reads;
  private final VersionViews views;
  private final Limits limits;

  @Inject
  Checks(Entities entities, VersionReads reads, VersionViews views, Limits limits) {
    this.entities = entities;
    this.reads = reads;
    this.views = views;
    this.limits = limits;
  }

  void bind(Routes routes) {
    routes.bind("postCheck", this::post, this::again).bind("listChecks", this::list).bind("getCheck", this::get);
  }

  private Outcome post(Request request) {
    Version version = reads.version(request, Permission.WRITE_MODELS).entity();
    if (version.state() == Version.State.ARCHIVED || version.state() == Version.State.EXPIRED) {
      throw Refused.of(Problem.CONFLICT, "version " + version.version() + " of " + version.model() + " is "
          + version.state().wire() + " and takes no more checks");
    }
    CheckContent content = request.body(CheckContent.class);
    if (content.report() != null) {
      List<Violation> violations = ManifestRules.violations("/report", content.report(), limits.largestFile());
      if (!violations.isEmpty()) {
        throw Refused.invalid(Problem.UNPROCESSABLE, violations);
      }
    }
    Check check = new Check(version.model(), version.version(), content.name(), version.department(), content.status(),
        content.metrics(), content.report(), content.url(), request.now(), request.caller().subject());
    @Nullable Stored<Check> before = entities.get(Check.class, check.ref()).orElse(null);
    return Write.of(new Change(List.of(new Effect<>("check.posted", before, check)), List.of(), List.of()),
        done -> posted(done.of(check)));
  }

  private Reply again(Request request, int status, Ref ref) {
    reads.version(request, Permission.WRITE_MODELS);
    return posted(entities.get(Check.class, ref).orElseThrow(Request::absent));
  }

  private Reply posted(Stored<Check> stored) {
    Check check = stored.entity();
    ObjectNode posted = (ObjectNode) Json.node(check);
    if (check.report() != null) {
      posted.set("upload", Json.node(views.upload(check.model(), check.version(), check.report())));
    }
    return Reply.created(
        "/v1/models/" + check.model() + "/versions/" + check.version() + "/checks/" + check.name(), posted)
        .rev(stored.rev());
  }

  private Reply list(Request request) {
    Ref version = reads.version(request, Permission.READ).entity().ref();
    String[] filters = {version.id()};
    Page<Stored<Check>> page = entities.list(new Listing<>(Check.class, new Listing.Children(version, false),
        check -> true, request.limit(), request.position(filters)));
    return request.page(page.map(Stored::entity), filters);
  }

  private Reply get(Request request) {
    Version version = reads.version(request, Permission.READ).entity();
    Stored<Check> stored = entities
        .get(Check.class, Ref.check(version.model(), version.version(), request.path("check")))
        .orElseThrow(Request::absent);
    return Reply.ok(stored.entity()).rev(stored.rev());
  }
}
