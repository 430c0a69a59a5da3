package dev.modelops.deployment;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Page;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Change.Effect;
import dev.modelops.domain.deployment.Environment;
import dev.modelops.domain.deployment.Environment.Mode;
import dev.modelops.domain.deployment.Environment.RequiredCheck;
import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.domain.problem.Violation;
import dev.modelops.edge.Outcome;
import dev.modelops.edge.Reply;
import dev.modelops.edge.Request;
import dev.modelops.edge.Routes;
import dev.modelops.edge.Write;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The places where versions are live. They belong to the organisation. */
final class EnvironmentResource {

  private static final Duration SHORTEST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofDays(7);
  private static final Duration USUAL = Duration.ofHours(1);

  private final Environments environments;

  @Inject
  EnvironmentResource(Environments environments) {
    this.environments = environments;
  }

  void bind(Routes routes) {
    routes.bind("listEnvironments", this::list).bind("getEnvironment", this::get).bind("putEnvironment", this::put);
  }

  /** What an environment is replaced by. */
  record EnvironmentContent(@Nullable String title, Mode mode, boolean protection,
      @Nullable List<RequiredCheck> requiredChecks, @Nullable Boolean requireProved, @Nullable Duration timeLimit) {}

  private Outcome list(Request request) {
    Page<Stored<Environment>> page = environments.list(request.limit(), request.position());
    return request.page(page.map(Stored::entity));
  }

  private Outcome get(Request request) {
    Stored<Environment> environment = environments.require(request.path("environment"));
    return Reply.ok(environment.entity()).rev(environment.rev());
  }

  private Outcome put(Request request) {
    if (!request.caller().may(Permission.ADMINISTER, Entity.ORGANISATION)) {
      throw Refused.of(Problem.FORBIDDEN, "needs the permission administer in the whole organisation");
    }
    String name = request.path("environment");
    EnvironmentContent content = request.body(EnvironmentContent.class);
    check(content);
    Stored<Environment> current = environments.find(name).orElse(null);
    if (current == null) {
      if (request.ifMatchOptional().isPresent()) {
        request.requireMatch(0);
      }
      Environment created = environment(request, name, content, null);
      return Write.of(Change.create("environment.created", created), done -> Reply
          .created("/v1/environments/" + name, done.of(created).entity()).rev(done.of(created).rev()));
    }
    if (request.ifNoneMatchAny()) {
      throw Refused.of(Problem.PRECONDITION_FAILED, "there is an environment " + name,
          Map.of("ETag", "\"" + current.rev() + "\""));
    }
    Environment next = environment(request, name, content, current.entity());
    Environment last = current.entity();
    if (next.updated(last.updatedAt(), last.updatedBy()).equals(last)) {
      return Reply.ok(last).rev(current.rev());
    }
    // Replacing a built-in one for the first time stores it: revision 0 is its absence.
    Stored<Environment> before = current.rev() == 0 ? null : current;
    Change change = new Change(List.of(new Effect<>("environment.changed", before, next)), List.of(), List.of());
    return Write.of(change, done -> Reply.ok(done.of(next).entity()).rev(done.of(next).rev()))
        .guardedBy(Ref.environment(name));
  }

  private static Environment environment(Request request, String name, EnvironmentContent content,
      @Nullable Environment before) {
    Instant now = request.now().truncatedTo(ChronoUnit.MILLIS);
    String by = request.caller().subject();
    @Nullable Instant createdAt = before == null ? null : before.createdAt();
    @Nullable String createdBy = before == null ? null : before.createdBy();
    return new Environment(name, content.title(), content.mode(), content.protection(),
        content.requiredChecks() == null ? List.of() : content.requiredChecks(),
        Boolean.TRUE.equals(content.requireProved()), content.timeLimit() == null ? USUAL : content.timeLimit(),
        createdAt == null ? now : createdAt, createdBy == null ? by : createdBy, now, by);
  }

  private static void check(EnvironmentContent content) {
    List<Violation> violations = new ArrayList<>();
    Duration limit = content.timeLimit();
    if (limit != null && (limit.compareTo(SHORTEST) < 0 || limit.compareTo(LONGEST) > 0)) {
      violations.add(new Violation("/timeLimit", "range", "must be between one minute and seven days", "PT1M to P7D"));
    }
    List<RequiredCheck> checks = content.requiredChecks() == null ? List.of() : content.requiredChecks();
    for (int i = 0; i < checks.size(); i++) {
      RequiredCheck check = checks.get(i);
      boolean metric = check.metric() != null;
      if (metric != (check.comparison() != null) || metric != (check.threshold() != null)) {
        violations.add(new Violation("/requiredChecks/" + i, "required",
            "metric, comparison and threshold belong together: give all of them or none", null));
      }
    }
    if (!violations.isEmpty()) {
      throw Refused.invalid(Problem.UNPROCESSABLE, violations);
    }
  }
}
