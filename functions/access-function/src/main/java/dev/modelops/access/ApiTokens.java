package dev.modelops.access;

import dev.modelops.access.Identification.Fault;
import dev.modelops.access.Identification.Known;
import dev.modelops.access.Identification.Unknown;
import dev.modelops.domain.Entities;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Grant;
import dev.modelops.domain.access.Role;
import dev.modelops.domain.access.SubjectType;
import dev.modelops.domain.access.Token;
import dev.modelops.domain.access.TokenUse;
import dev.modelops.domain.change.Changes;
import dev.modelops.domain.change.Unavailable;
import dev.modelops.edge.Snapshot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/** Checks API tokens: one strongly consistent read, so that a revocation counts at once. */
final class ApiTokens {

  private final Entities entities;
  private final TokenUse use;
  private final Clock clock;

  ApiTokens(Entities entities, TokenUse use, Clock clock) {
    this.entities = entities;
    this.use = use;
    this.clock = clock;
  }

  Identification identify(String text) {
    Optional<ApiToken> presented = ApiToken.parse(text);
    if (presented.isEmpty()) {
      return new Unknown(Fault.INVALID, "the token is mistyped or cut short");
    }
    Optional<Token> stored = entities.get(Token.class, Ref.token(presented.get().id())).map(Stored::entity);
    if (stored.isEmpty() || !presented.get().matches(stored.get().secretHash())) {
      // The same answer for both: whether an id exists is nobody's business.
      return new Unknown(Fault.INVALID, "there is no such token");
    }
    return known(stored.get(), clock.instant());
  }

  /** Before a snapshot: what a token goes through that is known, on its first day, and on one that another has noted. */
  Identification prime(Changes changes) {
    Grant grant = new Grant(Role.VIEWER, "-", null, null, "priming");
    Token token =
        new Token("tok_-", "priming", "priming", SubjectType.SERVICE, null, List.of(grant), "-", Instant.EPOCH,
            "priming", Instant.EPOCH.plus(Duration.ofDays(2)), null, null, null);
    Snapshot.rehearse(changes, token);
    Token stored = entities.get(Token.class, token.ref()).map(Stored::entity).orElse(token);
    known(stored, Instant.EPOCH);
    return known(stored, Instant.EPOCH.plus(Duration.ofDays(1)));
  }

  private Identification known(Token token, Instant now) {
    return switch (token.state(now)) {
      case REVOKED -> new Unknown(Fault.REVOKED, "the token was revoked");
      case EXPIRED -> new Unknown(Fault.EXPIRED, "the token has expired");
      case ACTIVE -> {
        noteUse(token, now);
        yield new Known(new Caller(token.subject(), token.type(), null, token.onBehalfOf(), token.grants(),
            token.expiresAt(), token.id()));
      }
    };
  }

  private void noteUse(Token token, Instant now) {
    try {
      use.used(token.id(), LocalDate.ofInstant(now, ZoneOffset.UTC));
    } catch (Unavailable e) {
      return; // a day without its mark is better than a caller turned away
    }
  }
}
