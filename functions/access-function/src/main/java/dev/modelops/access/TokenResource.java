package dev.modelops.access;

import dev.modelops.domain.Ids;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Grant;
import dev.modelops.domain.access.Granting;
import dev.modelops.domain.access.Granting.Receiver;
import dev.modelops.domain.access.Granting.Verdict;
import dev.modelops.domain.access.Granting.Wanted;
import dev.modelops.domain.access.Lifetimes;
import dev.modelops.domain.access.Token;
import dev.modelops.domain.change.Change;
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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes, rotates and revokes tokens. The rules of who may do what are {@link Granting} and {@link Lifetimes}. */
final class TokenResource {

  private final TokenReads reads;
  private final Departments departments;
  private final Receivers receivers;
  private final Ids ids;

  @Inject
  TokenResource(TokenReads reads, Departments departments, Receivers receivers, Ids ids) {
    this.reads = reads;
    this.departments = departments;
    this.receivers = receivers;
    this.ids = ids;
  }

  /** What a token is made of. */
  record NewToken(String name, Receivers.@Nullable NewSubject subject, List<Wanted> grants,
      @Nullable Duration lifetime) {}

  /** How a token is rotated. */
  record Rotation(@Nullable Duration overlap, @Nullable Duration lifetime) {}

  void bind(Routes routes) {
    routes.bind("createToken", this::create, this::again)
        .bind("rotateToken", this::rotate, this::again)
        .bind("revokeToken", this::revoke, this::again);
  }

  private Outcome create(Request request) {
    NewToken wanted = request.body(NewToken.class);
    Caller caller = request.caller();
    Receivers.Resolved receiver = receivers.resolve(caller, wanted.subject());
    Departments.Found found = departments.checked(caller, wanted.grants(), receiver.type(), "/grants");
    Verdict verdict = allowed(Granting.decide(caller, receiver.receiver(), wanted.grants()));
    Instant now = request.now().truncatedTo(ChronoUnit.MILLIS);
    Instant latest = Lifetimes.latest(caller, verdict.administered(), now);
    Instant end = within(Lifetimes.end(wanted.lifetime(), latest, now), latest, now);
    receivers.introduce(receiver);
    ApiToken secret = ApiToken.issue(ids.next("tok"));
    Token token = new Token(secret.id(), wanted.name(), receiver.id(), receiver.type(),
        behind(caller, receiver.receiver(), verdict, receiver.behind()), verdict.grants(), secret.hash(), now,
        caller.subject(), end, null, null, null);
    TokenView view = reads.unused(token, request.now());
    return Write.of(Change.create("token.created", token).resting(found.facts()),
        done -> issued(view, done.of(token).rev(), secret.text()));
  }

  private Outcome rotate(Request request) {
    Rotation rotation = request.body(Rotation.class);
    Stored<Token> stored = reads.require(request.caller(), request.path("token"));
    Token old = stored.entity();
    Instant now = request.now().truncatedTo(ChronoUnit.MILLIS);
    if (old.state(now) != Token.State.ACTIVE || old.rotatedTo() != null) {
      throw Refused.of(Problem.CONFLICT,
          old.rotatedTo() != null ? "the token was rotated already, to " + old.rotatedTo()
              : "the token is " + old.state(now).wire() + ": make a new one");
    }
    Caller caller = request.caller();
    Receiver receiver = receivers.of(caller, old);
    Verdict verdict = allowed(Granting.decide(caller, receiver, old.grants().stream().map(Wanted::of).toList()));
    Duration life = Duration.between(old.createdAt(), old.expiresAt());
    Instant latest = verdict.administered() ? now.plus(Lifetimes.LONGEST) : now.plus(life);
    Instant end = within(now.plus(rotation.lifetime() == null ? life : rotation.lifetime()), latest, now);
    ApiToken secret = ApiToken.issue(ids.next("tok"));
    List<Grant> grants = receiver == Receiver.SELF ? old.grants() : verdict.grants();
    Token next = new Token(secret.id(), old.name(), old.subject(), old.type(),
        behind(caller, receiver, verdict, old.onBehalfOf()), grants, secret.hash(), now, caller.subject(), end, null,
        null, null);
    TokenView view = reads.unused(next, request.now());
    return Write.of(Change.create("token.created", next)
        .and("token.rotated", stored, old.rotated(next.id(), now.plus(overlap(rotation)))),
        done -> issued(view, done.of(next).rev(), secret.text()));
  }

  private static Duration overlap(Rotation rotation) {
    Duration overlap = rotation.overlap() == null ? Lifetimes.USUAL_OVERLAP : rotation.overlap();
    if (overlap.compareTo(Lifetimes.LONGEST_OVERLAP) > 0) {
      throw Refused.unprocessable("/overlap", "range", "the old token may stay valid for 7 days at most",
          "PT0S to P7D");
    }
    return overlap;
  }

  private Outcome revoke(Request request) {
    Stored<Token> stored = reads.require(request.caller(), request.path("token"));
    Token token = stored.entity();
    if (token.revokedAt() != null) {
      return Reply.ok(reads.view(token, request.now())).rev(stored.rev());
    }
    Token revoked = token.revoked(request.caller().subject(), request.now().truncatedTo(ChronoUnit.MILLIS));
    TokenView view = reads.view(revoked, request.now());
    return Write.of(Change.replace("token.revoked", stored, revoked),
        done -> Reply.ok(view).rev(done.of(revoked).rev()));
  }

  /** The first answer again, without the secret. */
  private Reply again(Request request, int status, Ref ref) {
    Stored<Token> stored = reads.require(request.caller(), ref.id());
    TokenView view = reads.view(stored.entity(), request.now());
    return status == 201 ? issued(view, stored.rev(), null) : Reply.ok(view).rev(stored.rev());
  }

  /** Asks nothing of the store any more: the secret is told now or never. */
  private static Reply issued(TokenView view, long rev, @Nullable String secret) {
    return Reply.created("/v1/tokens/" + view.id(), new TokenView.Issued(view, secret)).rev(rev)
        .header("Cache-Control", "no-store");
  }

  /**
   * Who stands behind a token: the person who makes one for a service out of his own grants, so that he cannot approve what
   * it asks for; for oneself, whoever stands behind the credential in hand.
   *
   * @param before who stood there already, and stays
   */
  private static @Nullable String behind(Caller caller, Receiver receiver, Verdict verdict, @Nullable String before) {
    return before != null ? before : switch (receiver) {
      case SELF -> caller.onBehalfOf();
      case OWN_SERVICE -> verdict.administered() ? null : caller.subject();
      case NEW_PERSON, OTHER -> null;
    };
  }

  private static Verdict allowed(Verdict verdict) {
    if (!verdict.refusals().isEmpty()) {
      throw Refused.invalid(Problem.FORBIDDEN, verdict.refusals());
    }
    return verdict;
  }

  private static Instant within(Instant end, Instant latest, Instant now) {
    Lifetimes.refused(end, latest, now).ifPresent(violation -> {
      throw Refused.invalid(Problem.UNPROCESSABLE, List.<Violation>of(violation));
    });
    return end;
  }
}
