package dev.modelops.registry;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.Scope;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.domain.problem.Violation;
import dev.modelops.domain.registry.Heads;
import dev.modelops.domain.registry.Heads.Head;
import dev.modelops.domain.registry.Manifest;
import dev.modelops.domain.registry.ManifestRules;
import dev.modelops.domain.registry.Manifests;
import dev.modelops.domain.registry.Model;
import dev.modelops.domain.registry.ModelKind;
import dev.modelops.domain.registry.Version;
import dev.modelops.edge.Outcome;
import dev.modelops.edge.Reply;
import dev.modelops.edge.Request;
import dev.modelops.edge.Write;
import dev.modelops.json.Digests;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Creates versions in two sequential steps: the number and, at the same time, the manifest; then the transaction.
 *
 * <p>The number's conditional write is where it is decided that the model takes versions and that the caller may write
 * them: an archive that comes after it comes after the version. No condition on the model is in the transaction, since
 * it would make all writers of one model collide.
 */
final class VersionCreation {

  private final Entities entities;
  private final Heads heads;
  private final Manifests manifests;
  private final ExternalIds externalIds;
  private final VersionReads reads;
  private final VersionViews views;
  private final Limits limits;

  @Inject
  VersionCreation(Entities entities, Heads heads, Manifests manifests, ExternalIds externalIds, VersionReads reads,
      VersionViews views, Limits limits) {
    this.entities = entities;
    this.heads = heads;
    this.manifests = manifests;
    this.externalIds = externalIds;
    this.reads = reads;
    this.views = views;
    this.limits = limits;
  }

  Outcome create(Request request) {
    String name = request.path("model");
    VersionContent content = request.body(VersionContent.class);
    Manifest manifest = content.manifest();
    ExternalIds.@Nullable Holder holder = null;
    if (content.externalId() != null) {
      holder = externalIds.holder(name, content.externalId(), request.now());
      Optional<Stored<Version>> current = holder.current(request.now());
      if (current.isPresent()) {
        return existing(request, current.get(), manifest);
      }
    }
    // The kind is not known yet; what is wrong with every kind must not cost a number.
    check(manifest, ModelKind.ML);
    Scope scope = request.caller().scope(Permission.WRITE_MODELS, name);
    if (scope instanceof Scope.Departments departments && departments.names().isEmpty()) {
      throw refusal(request);
    }
    CompletableFuture<String> digest =
        CompletableFuture.supplyAsync(() -> manifests.put(manifest), Thread::startVirtualThread);
    Head head;
    try {
      head = heads.next(name, scope).orElseThrow(() -> refusal(request));
    } finally {
      // Else it would go on in a sandbox that is frozen, or beside the next request.
      digest.exceptionally(failure -> "").join();
    }
    check(manifest, head.kind());
    Version version = version(request, head, content, manifest, join(digest));
    Change change = Change.create("version.created", version);
    if (holder != null && content.externalId() != null) {
      change = holder.claimed(change, content.externalId());
    }
    return Write.of(change, done -> created(request, done.of(version), manifest));
  }

  private Version version(Request request, Head head, VersionContent content, Manifest manifest, String digest) {
    Caller caller = request.caller();
    boolean waits = !manifest.artifacts().isEmpty();
    return new Version(head.model(), head.latest(), head.department(), content.externalId(),
        waits ? Version.State.PENDING : Version.State.READY, digest, manifest.proof(), manifest.gitCommit(),
        content.description(), content.tags(), request.now(), caller.subject(), caller.onBehalfOf(),
        waits ? request.now().plus(limits.pendingTime()) : null, waits ? null : request.now(), null, Set.of(), Set.of(),
        Set.of());
  }

  /** The same id and the same manifest are the same version, also tomorrow. */
  private Reply existing(Request request, Stored<Version> stored, Manifest manifest) {
    Version version = stored.entity();
    request.require(Permission.WRITE_MODELS, version.department(), version.model());
    if (!Digests.of(manifest).equals(version.manifest())) {
      throw Refused.of(Problem.CONFLICT, "version " + version.version() + " has the external id "
          + version.externalId() + " and another manifest: a version never changes, so take another id");
    }
    return Reply.ok(views.created(version, manifest, request.now())).rev(stored.rev());
  }

  Reply again(Request request, int status, Ref ref) {
    Stored<Version> stored = entities.get(Version.class, ref).orElseThrow(Request::absent);
    request.require(Permission.WRITE_MODELS, stored.entity().department(), stored.entity().model());
    return created(request, stored, reads.manifest(stored.entity()));
  }

  private Reply created(Request request, Stored<Version> stored, Manifest manifest) {
    Version version = stored.entity();
    return Reply.created("/v1/models/" + version.model() + "/versions/" + version.version(),
        views.created(version, manifest, request.now())).rev(stored.rev());
  }

  private void check(Manifest manifest, ModelKind kind) {
    List<Violation> violations = ManifestRules.violations(manifest, kind, limits.largestFile());
    if (!violations.isEmpty()) {
      throw Refused.invalid(Problem.UNPROCESSABLE, violations);
    }
  }

  /** Why no number was given. */
  private Refused refusal(Request request) {
    Head head = reads.head(request, Permission.WRITE_MODELS);
    return Refused.of(Problem.CONFLICT, head.state() == Model.State.ARCHIVED
        ? "the model " + head.model() + " is archived and takes no new versions: restore it first"
        : "the model " + head.model() + " has just been restored: send the request again");
  }

  private static <T> T join(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }
}
