package dev.modelops.access;

import dev.modelops.access.ProviderContent.RuleContent;
import dev.modelops.domain.Entities;
import dev.modelops.domain.Entity;
import dev.modelops.domain.Listing;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Grant;
import dev.modelops.domain.access.Granting.Wanted;
import dev.modelops.domain.access.IdentityProvider;
import dev.modelops.domain.access.IdentityProvider.Rule;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Changes;
import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.edge.Outcome;
import dev.modelops.edge.Reply;
import dev.modelops.edge.Request;
import dev.modelops.edge.Routes;
import dev.modelops.edge.Write;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whose JWTs are accepted, and what they give. Only an admin of the whole organisation reads or changes that. */
final class IdentityProviderResource {

  private final Entities entities;
  private final Changes changes;
  private final ProviderChecks checks;
  private final String audience;

  @Inject
  IdentityProviderResource(Entities entities, Changes changes, ProviderChecks checks, Map<String, String> env) {
    this.entities = entities;
    this.changes = changes;
    this.checks = checks;
    this.audience = env.getOrDefault("API_AUDIENCE", "modelops");
  }

  void bind(Routes routes) {
    routes.bind("listIdentityProviders", this::list).bind("getIdentityProvider", this::get)
        .bind("putIdentityProvider", this::put).bind("deleteIdentityProvider", this::delete);
  }

  private Outcome list(Request request) {
    request.require(Permission.ADMINISTER, Entity.ORGANISATION);
    return request.page(entities.list(new Listing<>(IdentityProvider.class, new Listing.Organisation(),
        each -> each.deletedAt() == null, request.limit(), request.position())).map(Stored::entity));
  }

  private Outcome get(Request request) {
    Stored<IdentityProvider> stored = require(request);
    return Reply.ok(stored.entity()).rev(stored.rev());
  }

  private Stored<IdentityProvider> require(Request request) {
    request.require(Permission.ADMINISTER, Entity.ORGANISATION);
    String name = request.path("provider");
    return find(name).filter(stored -> stored.entity().deletedAt() == null)
        .orElseThrow(() -> Refused.notFound("there is no identity provider " + name));
  }

  private Optional<Stored<IdentityProvider>> find(String name) {
    return entities.get(IdentityProvider.class, Ref.identityProvider(name));
  }

  private Outcome put(Request request) {
    request.require(Permission.ADMINISTER, Entity.ORGANISATION);
    String name = request.path("provider");
    ProviderContent content = request.body(ProviderContent.class);
    Departments.Found found = checks.check(content);
    Stored<IdentityProvider> stored = find(name).orElse(null);
    IdentityProvider before = stored == null ? null : stored.entity();
    if (before != null && !before.issuer().equals(content.issuer())) {
      throw Refused.of(Problem.CONFLICT,
          "the issuer of a provider never changes: choose another name for another issuer");
    }
    IdentityProvider next = provider(request, name, content, before);
    if (stored == null || stored.entity().deletedAt() != null) {
      return create(request, stored, next, found);
    }
    if (request.ifNoneMatchAny()) {
      throw Refused.of(Problem.PRECONDITION_FAILED, "the identity provider exists already",
          Reply.noContent().rev(stored.rev()).headers());
    }
    if (next.updated(stored.entity().updatedAt(), stored.entity().updatedBy()).equals(stored.entity())) {
      return Reply.ok(stored.entity()).rev(stored.rev());
    }
    return Write.of(Change.replace("identity-provider.changed", stored, next).resting(found.facts()),
        done -> Reply.ok(next).rev(done.of(next).rev())).guardedBy(next.ref());
  }

  private Outcome create(Request request, @Nullable Stored<IdentityProvider> deleted, IdentityProvider next,
      Departments.Found found) {
    if (request.ifMatchOptional().isPresent()) {
      request.requireMatch(0);
    }
    String place = "/v1/identity-providers/" + next.name();
    if (deleted != null) {
      return Write.of(Change.replace("identity-provider.created", deleted, next).resting(found.facts()),
          done -> Reply.created(place, next).rev(done.of(next).rev()));
    }
    changes.owner(Providers.ISSUERS, next.issuer()).ifPresent(owner -> {
      throw Refused.of(Problem.CONFLICT, "the issuer belongs to the identity provider " + owner.id() + ", for ever");
    });
    return Write.of(Change.create("identity-provider.created", next).resting(found.facts())
        .claiming(new Change.Claim(Providers.ISSUERS, next.issuer(), next.ref())),
        done -> Reply.created(place, next).rev(done.of(next).rev()));
  }

  private Outcome delete(Request request) {
    Stored<IdentityProvider> stored = require(request);
    IdentityProvider last = stored.entity();
    IdentityProvider deleted = new IdentityProvider(last.name(), last.issuer(), last.jwksUri(), last.audience(),
        last.subjects(), last.onBehalfOfClaim(), last.rules(), false, last.createdAt(), last.createdBy(), now(request),
        request.caller().subject(), now(request));
    return Write.of(Change.replace("identity-provider.deleted", stored, deleted), done -> Reply.noContent())
        .guardedBy(deleted.ref());
  }

  private IdentityProvider provider(Request request, String name, ProviderContent content,
      @Nullable IdentityProvider before) {
    String by = request.caller().subject();
    IdentityProvider lasting = before == null || before.deletedAt() != null ? null : before;
    return new IdentityProvider(name, content.issuer(), content.jwksUri(),
        content.audience() == null ? audience : content.audience(), content.subjects(), content.onBehalfOfClaim(),
        rules(content.rules(), before == null ? List.of() : before.rules(), by),
        !Boolean.FALSE.equals(content.enabled()),
        lasting == null ? now(request) : lasting.createdAt(), lasting == null ? by : lasting.createdBy(), now(request),
        by, null);
  }

  /** Who gave a grant is whoever wrote it: what stood there before keeps its giver, so that nobody takes over by editing. */
  private static List<Rule> rules(List<RuleContent> wanted, List<Rule> before, String by) {
    List<Rule> rules = new ArrayList<>();
    for (RuleContent rule : wanted) {
      List<Grant> old = before.stream().filter(each -> each.claims().equals(rule.claims()))
          .flatMap(each -> each.grants().stream()).toList();
      rules.add(new Rule(rule.claims(), rule.grants().stream().map(grant -> given(grant, old, by)).toList()));
    }
    return rules;
  }

  private static Grant given(Wanted wanted, List<Grant> old, String by) {
    return old.stream().filter(grant -> Wanted.of(grant).equals(wanted)).findFirst()
        .orElse(new Grant(wanted.role(), wanted.department(), wanted.permissions(), wanted.models(), by));
  }

  private static Instant now(Request request) {
    return request.now().truncatedTo(ChronoUnit.MILLIS);
  }
}
