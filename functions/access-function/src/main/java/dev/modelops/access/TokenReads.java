package dev.modelops.access;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Listing;
import dev.modelops.domain.Page;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Grant;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.Scope;
import dev.modelops.domain.access.Subjects;
import dev.modelops.domain.access.Token;
import dev.modelops.domain.access.TokenUse;
import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.edge.Outcome;
import dev.modelops.edge.Reply;
import dev.modelops.edge.Request;
import dev.modelops.edge.Routes;
import jakarta.inject.Inject;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads tokens: one's own and those that one made, as far as the credential in hand reaches, and, for an admin, those of
 * his departments.
 */
final class TokenReads {

  private final Entities entities;
  private final Subjects subjects;
  private final TokenUse use;

  @Inject
  TokenReads(Entities entities, Subjects subjects, TokenUse use) {
    this.entities = entities;
    this.subjects = subjects;
    this.use = use;
  }

  void bind(Routes routes) {
    routes.bind("listTokens", this::list).bind("getToken", this::get);
  }

  private Outcome get(Request request) {
    Stored<Token> stored = require(request.caller(), request.path("token"));
    return Reply.ok(view(stored.entity(), request.now())).rev(stored.rev());
  }

  /** @throws Refused 404 when there is none, or the caller may not know of it */
  Stored<Token> require(Caller caller, String id) {
    return entities.get(Token.class, Ref.token(id))
        .filter(stored -> visible(caller, stored.entity()))
        .orElseThrow(() -> Refused.notFound("there is no token " + id));
  }

  /** Whoever made the credential in hand may have had no say in the departments that another token is for. */
  private static boolean visible(Caller caller, Token token) {
    boolean own = token.subject().equals(caller.subject()) || token.createdBy().equals(caller.subject());
    boolean reached = token.grants().stream().map(Grant::department).allMatch(caller::reaches);
    return own && reached || caller.may(Permission.ADMINISTER, token.department());
  }

  /** With the names and days that lie beside it. */
  TokenView view(Token token, Instant now) {
    return TokenView.of(token, name(token), use.lastUsed(List.of(token.id())).get(token.id()), now);
  }

  /** The same of a token that is only about to be. */
  TokenView unused(Token token, Instant now) {
    return TokenView.of(token, name(token), null, now);
  }

  private @Nullable String name(Token token) {
    return subjects.get(token.subject()).map(Subjects.Subject::displayName).orElse(null);
  }

  private Outcome list(Request request) {
    Caller caller = request.caller();
    String subject = request.query("subject").orElse(null);
    String creator = request.query("createdBy").orElse(null);
    String state = request.query("state").orElse(null);
    if (subject == null && creator == null && !caller.may(Permission.ADMINISTER)) {
      subject = caller.subject();
    }
    String[] filters = {String.valueOf(subject), String.valueOf(creator), String.valueOf(state)};
    Page<Stored<Token>> page = entities.list(new Listing<>(Token.class, walk(caller, subject, creator),
        filter(subject, creator, state, request.now()).and(token -> visible(caller, token)), request.limit(),
        request.position(filters)));
    Map<String, LocalDate> used = use.lastUsed(page.items().stream().map(each -> each.entity().id()).toList());
    return request.page(
        page.map(each -> TokenView.of(each.entity(), null, used.get(each.entity().id()), request.now())),
        filters);
  }

  /** What is one's own or of one's making is walked whole, all else within the departments that one administers. */
  private static Listing.Walk walk(Caller caller, @Nullable String subject, @Nullable String creator) {
    Scope administered = caller.scope(Permission.ADMINISTER);
    boolean own = caller.subject().equals(subject);
    boolean made = caller.subject().equals(creator);
    if (!own && !made && !caller.may(Permission.ADMINISTER)) {
      throw Refused.of(Problem.FORBIDDEN,
          "only an admin lists tokens of others: name your own subject or leave it out");
    }
    if (subject != null && (own || !made)) {
      return new Listing.ByTerm(own ? Scope.ALL : administered, "subject", subject, true);
    }
    return creator == null ? new Listing.ByTerm(administered, "all", "", true)
        : new Listing.ByTerm(made ? Scope.ALL : administered, "creator", creator, true);
  }

  private static Predicate<Token> filter(@Nullable String subject, @Nullable String creator,
      @Nullable String state, Instant now) {
    return token -> (subject == null || token.subject().equals(subject))
        && (creator == null || token.createdBy().equals(creator))
        && (state == null || token.state(now).wire().equals(state));
  }
}
