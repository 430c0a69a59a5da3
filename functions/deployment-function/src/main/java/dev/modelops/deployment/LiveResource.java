package dev.modelops.deployment;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Listing;
import dev.modelops.domain.Page;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.deployment.Deployment;
import dev.modelops.domain.deployment.Slot;
import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.domain.problem.Violation;
import dev.modelops.edge.Outcome;
import dev.modelops.edge.Reply;
import dev.modelops.edge.Request;
import dev.modelops.edge.Routes;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is live, and what was live when: the callers' hot path. */
final class LiveResource {

  /** A caller's clock may be this much ahead of ours. */
  private static final Duration AHEAD = Duration.ofMinutes(1);

  private final Entities entities;
  private final Environments environments;
  private final PointInTime pointInTime;

  @Inject
  LiveResource(Entities entities, Environments environments, PointInTime pointInTime) {
    this.entities = entities;
    this.environments = environments;
    this.pointInTime = pointInTime;
  }

  void bind(Routes routes) {
    routes.bind("getLive", this::get).bind("listLive", this::list).bind("listLiveHistory", this::history);
  }

  /** One strongly consistent read, unless a past instant is asked for. */
  private Outcome get(Request request) {
    @Nullable Instant at = at(request);
    Slot slot = slot(request);
    Live live = (at == null ? Live.of(slot) : pointInTime.find(slot, at, request.now()))
        .orElseThrow(() -> nothing(request));
    return Reply.ok(live).etag(live.etag()).header("Cache-Control", "private, no-cache");
  }

  private Outcome list(Request request) {
    String environment = environments.require(request.path("environment")).entity().name();
    @Nullable Instant at = at(request);
    Caller caller = request.caller();
    String[] filters = {environment, request.query("at").orElse("")};
    Page<Stored<Slot>> page = entities.list(new Listing<>(Slot.class,
        new Listing.ByTerm(caller.scope(Permission.READ), "environment", environment, false),
        slot -> slot.changedAt() != null && (at != null || slot.live() != null)
            && caller.may(Permission.READ, slot.department(), slot.model()),
        request.limit(), request.position(filters)));
    List<Live> items = page.items().stream().map(Stored::entity)
        .map(slot -> at == null ? Live.of(slot) : pointInTime.find(slot, at, request.now()))
        .flatMap(Optional::stream).toList();
    return request.page(new Page<>(items, page.position()), filters);
  }

  private Outcome history(Request request) {
    Slot slot = slot(request);
    String[] filters = {slot.environment(), Ref.fold(slot.model())};
    Page<Stored<Deployment>> page = entities.list(new Listing<>(Deployment.class,
        new Listing.LiveHistory(slot.environment(), slot.model(), null), deployment -> true, request.limit(),
        request.position(filters)));
    return request.page(page.map(Stored::entity), filters);
  }

  /** The slot, when the caller may see it; otherwise the same answer as when nothing is live. */
  private Slot slot(Request request) {
    return entities.get(Slot.class, Ref.slot(request.path("environment"), request.path("model"))).map(Stored::entity)
        .filter(slot -> request.caller().may(Permission.READ, slot.department(), slot.model()))
        .orElseThrow(() -> nothing(request));
  }

  private static Refused nothing(Request request) {
    return Refused.notFound("nothing of " + request.path("model") + " is, or then was, live in "
        + request.path("environment"));
  }

  private static @Nullable Instant at(Request request) {
    @Nullable Instant at = request.queryTime("at").orElse(null);
    if (at != null && at.isAfter(request.now().plus(AHEAD))) {
      throw Refused.invalid(Problem.INVALID_REQUEST,
          List.of(new Violation("query:at", "range", "lies in the future", "an instant that has passed")));
    }
    return at;
  }
}
