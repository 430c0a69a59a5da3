package dev.modelops.audit;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Ids;
import dev.modelops.domain.Page;
import dev.modelops.domain.Ref;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.Scope;
import dev.modelops.domain.access.Subjects;
import dev.modelops.domain.audit.AccessEntry;
import dev.modelops.domain.audit.AuditLog;
import dev.modelops.domain.audit.AuditLog.Line;
import dev.modelops.domain.change.Origin;
import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.domain.problem.Violation;
import dev.modelops.edge.Outcome;
import dev.modelops.edge.Reply;
import dev.modelops.edge.Request;
import dev.modelops.json.Json;
import jakarta.inject.Inject;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Queries of the trail. */
final class TrailResource {

  /** Entries carry the time of their decision, which is before their commit, and indexes lag: this old, all is there. */
  static final Duration SETTLED = Duration.ofSeconds(60);
  private static final String NDJSON = "application/x-ndjson";

  private final AuditLog log;
  private final Subjects subjects;
  private final Entries entries;
  private final Ids ids;

  @Inject
  TrailResource(AuditLog log, Subjects subjects, Entries entries, Ids ids) {
    this.log = log;
    this.subjects = subjects;
    this.entries = entries;
    this.ids = ids;
  }

  /** A page as it is answered. */
  record Answer(List<AuditLine> items, @Nullable String next, @Nullable Instant completeUntil) {}

  Outcome ofEntity(Request request) {
    Ref ref = entries.visible(request, request.path("entity"));
    String[] filters = {ref.toString()};
    Page<Line> page = log.ofEntity(ref, request.limit(), request.position(filters));
    return answer(request, page.position(), filters, AuditLine.of(page.items(), subjects), null);
  }

  Outcome query(Request request) {
    Optional<String> entity = request.query("entity");
    Optional<String> requestId = request.query("requestId");
    Optional<String> actor = request.query("actor");
    @Nullable Instant since = request.queryTime("since").orElse(null);
    @Nullable Instant until = request.queryTime("until").orElse(null);
    String[] filters = {entity.orElse(""), requestId.orElse(""), actor.orElse(""), String.valueOf(since),
        String.valueOf(until), request.query("action").orElse("")};
    String position = request.position(filters);
    Scope scope = request.caller().wholeScope(Permission.READ_AUDIT);
    int limit = request.limit();
    @Nullable Instant completeUntil = null;
    Page<Line> page;
    if (entity.isPresent()) {
      page = log.ofEntity(entries.visible(request, entity.get()), limit, position);
    } else if (requestId.isPresent()) {
      page = log.ofRequest(scope, requestId.get(), limit, position);
    } else if (actor.isPresent()) {
      page = log.ofActor(scope, actor.get(), since, until, limit, position);
    } else if (since != null) {
      Instant settled = request.now().minus(SETTLED);
      completeUntil = until == null || until.isAfter(settled) ? settled : until;
      page = overTime(scope, since, completeUntil, until, limit, position);
    } else {
      throw Refused.invalid(Problem.INVALID_REQUEST, List.of(new Violation("query:since", "required",
          "say what to look for: entity, requestId, actor or since", "an RFC 3339 time")));
    }
    List<AuditLine> lines = AuditLine.of(
        page.items().stream().filter(line -> matches(line, request, actor, since, until)).toList(), subjects);
    return request.mediaType().equals(NDJSON)
        ? export(request, page.position(), filters, lines)
        : answer(request, page.position(), filters, lines, completeUntil);
  }

  private static Reply answer(Request request, @Nullable String position, String[] filters, List<AuditLine> lines,
      @Nullable Instant completeUntil) {
    String next = position == null ? null : request.cursor(position, filters);
    Reply reply = Reply.ok(new Answer(lines, next, completeUntil));
    return next == null ? reply : reply.header("Link", request.link(next));
  }

  /** A span whose end has not come yet is followed: its last page has a position too. */
  private Page<Line> overTime(Scope scope, Instant since, Instant complete, @Nullable Instant until, int limit,
      @Nullable String position) {
    AuditLog.Span span = log.overTime(scope, since, complete.isAfter(since) ? complete : since, limit, position);
    boolean over = span.ended() && until != null && !until.isAfter(complete);
    return new Page<>(span.items(), over ? null : span.position());
  }

  private static boolean matches(Line line, Request request, Optional<String> actor, @Nullable Instant since,
      @Nullable Instant until) {
    String action = line.change() != null ? line.change().action() : Objects.requireNonNull(line.access()).action();
    String by = line.change() != null ? line.change().actor() : Objects.requireNonNull(line.access()).actor();
    String asked =
        line.change() != null ? line.change().requestId() : Objects.requireNonNull(line.access()).requestId();
    return request.query("action").map(wanted -> wanted.endsWith(".") ? action.startsWith(wanted)
        : action.equals(wanted)).orElse(true)
        && actor.map(by::equals).orElse(true)
        && request.query("requestId").map(asked::equals).orElse(true)
        && (since == null || !line.at().isBefore(since))
        && (until == null || line.at().isBefore(until));
  }

  /** One entry per line; taking the trail away is itself recorded. */
  private Reply export(Request request, @Nullable String position, String[] filters, List<AuditLine> lines) {
    String department = switch (request.caller().wholeScope(Permission.READ_AUDIT)) {
      case Scope.Departments departments when departments.names().size() == 1 ->
        departments.names().iterator().next();
      case Scope.All all -> Entity.ORGANISATION;
      case Scope.Departments departments -> Entity.ORGANISATION;
    };
    Origin origin = request.origin();
    log.record(new AccessEntry(ids.next("acc"), Ref.department(department), department, "audit.exported", origin.at(),
        origin.subject(), origin.onBehalfOf(), origin.requestId(), origin.source(), origin.reason(),
        lines.size() + " entries"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (AuditLine line : lines) {
      out.writeBytes(Json.write(line));
      out.write('\n');
    }
    Reply reply = Reply.raw(NDJSON, out.toByteArray());
    return position == null ? reply : reply.header("Link", request.link(request.cursor(position, filters)));
  }
}
