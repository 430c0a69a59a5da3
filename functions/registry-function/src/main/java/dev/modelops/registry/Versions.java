package dev.modelops.registry;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Listing;
import dev.modelops.domain.Page;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.domain.problem.Violation;
import dev.modelops.domain.registry.Heads.Head;
import dev.modelops.domain.registry.Manifest;
import dev.modelops.domain.registry.ModelRules;
import dev.modelops.domain.registry.Version;
import dev.modelops.domain.registry.VersionMoves;
import dev.modelops.edge.Outcome;
import dev.modelops.edge.Reply;
import dev.modelops.edge.Request;
import dev.modelops.edge.Routes;
import dev.modelops.edge.Write;
import dev.modelops.json.Json;
import dev.modelops.json.MergePatch;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** {@code /v1/models/{model}/versions}, but for their creation. */
final class Versions {

  record Words(@Nullable String description, Map<String, String> tags) {}

  record Recall(String reason) {}

  private final Entities entities;
  private final ExternalIds externalIds;
  private final VersionReads reads;
  private final VersionCreation creation;
  private final Proofs proofs;

  @Inject
  Versions(Entities entities, ExternalIds externalIds, VersionReads reads, VersionCreation creation, Proofs proofs) {
    this.entities = entities;
    this.externalIds = externalIds;
    this.reads = reads;
    this.creation = creation;
    this.proofs = proofs;
  }

  void bind(Routes routes) {
    routes.bind("createVersion", creation::create, creation::again)
        .bind("listVersions", this::list)
        .bind("getVersion", this::get)
        .bind("patchVersion", this::patch)
        .bind("finalizeVersion", this::finalizeVersion, this::again)
        .bind("archiveVersion", this::archive, this::again)
        .bind("withdrawVersion", this::withdraw, this::again);
  }

  private Reply list(Request request) {
    Head head = reads.head(request, Permission.READ);
    Optional<String> state = request.query("state");
    Optional<String> externalId = request.query("externalId");
    Optional<String> commit = request.query("gitCommit");
    String[] filters = {head.model(), state.orElse(""), externalId.orElse(""), commit.orElse("")};
    Predicate<Version> wanted = version -> state.map(version.state().wire()::equals).orElse(true)
        && externalId.map(id -> id.equals(version.externalId())).orElse(true)
        && commit.map(id -> id.equals(version.gitCommit())).orElse(true);
    @Nullable String position = request.position(filters);
    Page<Stored<Version>> page = externalId.isPresent()
        ? new Page<>(externalIds.holder(head.model(), externalId.get(), request.now()).latest().stream()
            .filter(stored -> wanted.test(stored.entity())).toList(), null)
        : entities.list(new Listing<>(Version.class,
            commit.isPresent() ? new Listing.ByCommit(head.model(), commit.get())
                : new Listing.Children(Ref.model(head.model()), true),
            wanted, request.limit(), position));
    return request.page(page.map(Stored::entity), filters);
  }

  private Reply get(Request request) {
    Stored<Version> stored = reads.version(request, Permission.READ);
    return Reply.ok(VersionViews.whole(stored.entity(), reads.manifest(stored.entity()))).rev(stored.rev());
  }

  private Outcome patch(Request request) {
    Stored<Version> stored = reads.version(request, Permission.WRITE_MODELS);
    Version before = stored.entity();
    Words words = Json.bind(MergePatch.apply(Json.node(new Words(before.description(), before.tags())),
        request.body(JsonNode.class)), Words.class);
    List<Violation> violations = ModelRules.tags(words.tags());
    if (!violations.isEmpty()) {
      throw Refused.invalid(Problem.UNPROCESSABLE, violations);
    }
    Version after = before.described(words.description(), words.tags());
    return write(stored, "version.changed", after).guardedBy(after.ref());
  }

  private Outcome finalizeVersion(Request request) {
    Stored<Version> stored = reads.version(request, Permission.WRITE_MODELS);
    Version before = stored.entity();
    if (before.state() == Version.State.READY) {
      return reply(stored);
    }
    Version after = VersionMoves.finalized(before, request.now());
    Manifest manifest = reads.manifest(before);
    List<Violation> missing = proofs.missing(before, manifest.artifacts(), request.deadline());
    if (!missing.isEmpty()) {
      throw Refused.invalid(Problem.CONFLICT, missing);
    }
    return write(stored, "version.finalized", after);
  }

  private Outcome archive(Request request) {
    Stored<Version> stored = reads.version(request, Permission.WRITE_MODELS);
    if (stored.entity().state() == Version.State.ARCHIVED) {
      return reply(stored);
    }
    request.requireMatch(stored.rev());
    Version after = VersionMoves.archived(stored.entity());
    return write(stored, "version.archived", after).guardedBy(after.ref());
  }

  private Outcome withdraw(Request request) {
    Stored<Version> stored = reads.version(request, Permission.WITHDRAW_VERSIONS);
    if (stored.entity().state() == Version.State.WITHDRAWN) {
      return reply(stored);
    }
    Version after = VersionMoves.withdrawn(stored.entity(), request.body(Recall.class).reason(), request.now(),
        request.caller().subject());
    Write write = write(stored, "version.withdrawn", after);
    return request.ifMatchOptional().isPresent() ? write.guardedBy(after.ref()) : write;
  }

  private Reply again(Request request, int status, Ref ref) {
    return reply(reads.version(request, Permission.READ));
  }

  private static Write write(Stored<Version> before, String action, Version after) {
    return Write.of(Change.replace(action, before, after), done -> reply(done.of(after)));
  }

  private static Reply reply(Stored<Version> stored) {
    return Reply.ok(stored.entity()).rev(stored.rev());
  }
}
