package dev.modelops.registry;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Ids;
import dev.modelops.domain.Page;
import dev.modelops.domain.Ref;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.audit.AccessEntry;
import dev.modelops.domain.audit.AuditLog;
import dev.modelops.domain.change.Origin;
import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.domain.problem.Violation;
import dev.modelops.domain.registry.Artifact;
import dev.modelops.domain.registry.ArtifactGrant;
import dev.modelops.domain.registry.ArtifactStore;
import dev.modelops.domain.registry.ArtifactStore.Proved;
import dev.modelops.domain.registry.Check;
import dev.modelops.domain.registry.Version;
import dev.modelops.edge.Reply;
import dev.modelops.edge.Request;
import dev.modelops.edge.Routes;
import dev.modelops.json.Digests;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code …/versions/{version}/artifacts}: what the files are, and leave to move them. */
final class Artifacts {

  private static final String GRANTED = "artifact.downloaded";
  private static final int LONGEST_DETAIL = 256;

  record Paths(@Nullable List<String> paths) {}

  record Uploads(List<VersionViews.Upload> items) {}

  /** Leave to read a file of a version in this state. */
  record Download(String path, long size, String sha256, String mediaType, @Nullable String format,
      Version.State state, ArtifactGrant grant) {}

  private final Entities entities;
  private final VersionReads reads;
  private final VersionViews views;
  private final ArtifactStore store;
  private final AuditLog audit;
  private final Ids ids;

  @Inject
  Artifacts(Entities entities, VersionReads reads, VersionViews views, ArtifactStore store, AuditLog audit, Ids ids) {
    this.entities = entities;
    this.reads = reads;
    this.views = views;
    this.store = store;
    this.audit = audit;
    this.ids = ids;
  }

  void bind(Routes routes) {
    routes.bind("listArtifacts", this::list)
        .bind("grantUploads", this::grantUploads, (request, status, version) -> grantUploads(request))
        .bind("downloadArtifact", this::download);
  }

  private Reply list(Request request) {
    Version version = reads.version(request, Permission.READ).entity();
    List<Artifact> artifacts = reads.manifest(version).artifacts();
    String[] filters = {version.ref().id()};
    String position = request.position(filters);
    int from = position == null ? 0 : Integer.parseInt(position);
    int to = Math.min(from + request.limit(), artifacts.size());
    return request.page(
        new Page<>(artifacts.subList(from, to), to < artifacts.size() ? Integer.toString(to) : null), filters);
  }

  private Reply grantUploads(Request request) {
    Version version = reads.version(request, Permission.WRITE_MODELS).entity();
    if (!VersionViews.awaitsFiles(version, request.now())) {
      throw Refused.of(Problem.CONFLICT, "version " + version.version() + " of " + version.model()
          + (version.state() == Version.State.PENDING ? " was not finalised in time" : " is " + version.state().wire())
          + " and takes no more files");
    }
    List<Artifact> artifacts = reads.manifest(version).artifacts();
    List<String> paths = request.body(Paths.class).paths();
    return Reply.ok(new Uploads(views.uploads(version, paths == null ? artifacts : named(paths, artifacts))))
        .header("Cache-Control", "no-store");
  }

  private static List<Artifact> named(List<String> paths, List<Artifact> artifacts) {
    Map<String, Artifact> byPath = new HashMap<>();
    artifacts.forEach(artifact -> byPath.put(artifact.path(), artifact));
    List<Artifact> named = new ArrayList<>();
    List<Violation> unknown = new ArrayList<>();
    for (int i = 0; i < paths.size(); i++) {
      Artifact artifact = byPath.get(paths.get(i));
      if (artifact == null) {
        unknown.add(new Violation("/paths/" + i, "unknown", "the version declares no file of this path", null));
      } else {
        named.add(artifact);
      }
    }
    if (!unknown.isEmpty()) {
      throw Refused.invalid(Problem.UNPROCESSABLE, unknown);
    }
    return named;
  }

  private Reply download(Request request) {
    Version version = reads.version(request, Permission.DOWNLOAD_ARTIFACTS).entity();
    Optional<String> path = request.query("path");
    Optional<String> check = request.query("check");
    if (path.isPresent() == check.isPresent()) {
      throw Refused.invalid(Problem.INVALID_REQUEST, List.of(new Violation("query:path", "required",
          "name either a path or a check", "path or check")));
    }
    Artifact artifact = path.isPresent() ? file(version, path.get()) : report(version, check.orElseThrow());
    ArtifactGrant grant = store.download(version.model(), version.version(), artifact);
    record(request, version, path.orElseGet(() -> "check " + check.orElseThrow() + ": " + artifact.path()));
    if (request.mediaType().equals("application/octet-stream")) {
      return new Reply(302, Map.of("Location", grant.url().toString(), "Cache-Control", "no-store"), null);
    }
    return Reply.ok(new Download(artifact.path(), artifact.size(), artifact.sha256(), artifact.mediaType(),
        artifact.format(), version.state(), grant)).header("Cache-Control", "no-store");
  }

  private Artifact file(Version version, String path) {
    if (version.state() == Version.State.PENDING || version.state() == Version.State.EXPIRED) {
      throw Refused.of(Problem.CONFLICT, "version " + version.version() + " of " + version.model() + " is "
          + version.state().wire() + ": its files were never verified");
    }
    return reads.manifest(version).artifacts().stream().filter(artifact -> artifact.path().equals(path)).findFirst()
        .orElseThrow(() -> Refused.notFound("the version has no file of this path"));
  }

  /** Reports are not part of what finalising verifies, so each is verified when it is asked for. */
  private Artifact report(Version version, String check) {
    Artifact report = entities.get(Check.class, Ref.check(version.model(), version.version(), check))
        .map(stored -> stored.entity().report())
        .orElseThrow(() -> Refused.notFound("the version has no check of this name with a report"));
    if (!(store.verify(version.model(), version.version(), report) instanceof Proved)) {
      throw Refused.of(Problem.CONFLICT, "the report of the check " + check + " has not been uploaded");
    }
    return report;
  }

  private void record(Request request, Version version, String what) {
    Origin origin = request.origin();
    audit.record(new AccessEntry(ids.next("acc"), version.ref(), version.department(), GRANTED, origin.at(),
        origin.subject(), origin.onBehalfOf(), origin.requestId(), origin.source(), origin.reason(), detail(what)));
  }

  private static String detail(String what) {
    byte[] bytes = what.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= LONGEST_DETAIL ? what : "sha256:" + Digests.sha256(bytes) + "," + bytes.length;
  }
}
