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
import dev.modelops.domain.registry.Alias;
import dev.modelops.domain.registry.AliasRules;
import dev.modelops.domain.registry.Heads.Head;
import dev.modelops.domain.registry.Version;
import dev.modelops.edge.Outcome;
import dev.modelops.edge.Reply;
import dev.modelops.edge.Request;
import dev.modelops.edge.Routes;
import dev.modelops.edge.Write;
import jakarta.inject.Inject;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code /v1/models/{model}/aliases}. The alias, the version that it leaves and the one that it comes to change in one
 * transaction: a version knows its aliases, so that archiving one that is aliased cannot slip in between.
 */
final class Aliases {

  record Target(int version) {}

  private final Entities entities;
  private final VersionReads reads;
  private final AliasHistory history;

  @Inject
  Aliases(Entities entities, VersionReads reads, AliasHistory history) {
    this.entities = entities;
    this.reads = reads;
    this.history = history;
  }

  void bind(Routes routes) {
    routes.bind("listAliases", this::list)
        .bind("putAlias", this::put)
        .bind("getAlias", this::get)
        .bind("deleteAlias", this::delete)
        .bind("listAliasHistory", history::list);
  }

  private Reply list(Request request) {
    Head head = reads.head(request, Permission.READ);
    String[] filters = {head.model()};
    Page<Stored<Alias>> page =
        entities.list(new Listing<>(Alias.class, new Listing.Children(Ref.model(head.model()), false),
            alias -> alias.version() != null, request.limit(), request.position(filters)));
    return request.page(page.map(Stored::entity), filters);
  }

  private Reply get(Request request) {
    return reply(present(request, Permission.READ));
  }

  private Outcome put(Request request) {
    String name = request.path("alias");
    int number = request.body(Target.class).version();
    Optional<Stored<Alias>> found = entities.get(Alias.class, Ref.alias(request.path("model"), name));
    if (found.isEmpty()) {
      Head head = reads.head(request, Permission.MOVE_ALIASES);
      return create(request, null, head.model(), head.department(), number);
    }
    Stored<Alias> before = found.get();
    Alias alias = before.entity();
    request.require(Permission.MOVE_ALIASES, alias.department(), alias.model());
    Integer present = alias.version();
    if (present == null) {
      return create(request, before, alias.model(), alias.department(), number);
    }
    if (request.ifNoneMatchAny()) {
      throw Refused.of(Problem.PRECONDITION_FAILED, "the alias exists already",
          Reply.noContent().rev(before.rev()).headers());
    }
    return present == number ? reply(before) : move(request, before, number);
  }

  /** @param deleted the record of an alias that was there once */
  private Write create(Request request, @Nullable Stored<Alias> deleted, String model, String department, int number) {
    Alias alias = new Alias(model, request.path("alias"), department, number, request.now(),
        request.caller().subject());
    Write write = Write.of(taking(change("alias.created", deleted, alias), alias, number),
        done -> Reply.created("/v1/models/" + model + "/aliases/" + alias.alias(), alias).rev(done.of(alias).rev()));
    return request.ifMatchOptional().isPresent() ? write.guardedBy(alias.ref()) : write;
  }

  private Write move(Request request, Stored<Alias> before, int number) {
    request.requireMatch(before.rev());
    Alias alias = before.entity();
    Alias moved = new Alias(alias.model(), alias.alias(), alias.department(), number, request.now(),
        request.caller().subject());
    return Write.of(leaving(taking(change("alias.moved", before, moved), moved, number), alias),
        done -> reply(done.of(moved))).guardedBy(alias.ref());
  }

  private static Change change(String action, @Nullable Stored<Alias> before, Alias after) {
    return new Change(List.of(new Effect<>(action, before, after)), List.of(), List.of());
  }

  private Change taking(Change change, Alias alias, int number) {
    Stored<Version> target = entities.get(Version.class, Ref.version(alias.model(), number))
        .orElseThrow(() -> Refused.unprocessable("/version", "unknown",
            "the model " + alias.model() + " has no version " + number, null));
    return change.and("version.aliased", target, AliasRules.taken(target.entity(), alias.alias()));
  }

  private Outcome delete(Request request) {
    Stored<Alias> before = present(request, Permission.MOVE_ALIASES);
    Alias alias = before.entity();
    Alias removed = new Alias(alias.model(), alias.alias(), alias.department(), null, request.now(),
        request.caller().subject());
    return Write.of(leaving(Change.replace("alias.deleted", before, removed), alias), done -> Reply.noContent())
        .guardedBy(alias.ref());
  }

  private Change leaving(Change change, Alias alias) {
    Ref ref = Ref.version(alias.model(), Objects.requireNonNull(alias.version()));
    Stored<Version> left = entities.get(Version.class, ref)
        .orElseThrow(() -> new IllegalStateException(alias.ref() + " points to no version"));
    return change.and("version.unaliased", left, AliasRules.released(left.entity(), alias.alias()));
  }

  private Stored<Alias> present(Request request, Permission permission) {
    Stored<Alias> stored = entities.get(Alias.class, Ref.alias(request.path("model"), request.path("alias")))
        .orElseThrow(Request::absent);
    request.require(permission, stored.entity().department(), stored.entity().model());
    if (stored.entity().version() == null) {
      throw Request.absent();
    }
    return stored;
  }

  private static Reply reply(Stored<Alias> stored) {
    return Reply.ok(stored.entity()).rev(stored.rev());
  }
}
