package dev.modelops.access;

import dev.modelops.domain.access.Grant;
import dev.modelops.domain.access.SubjectType;
import dev.modelops.domain.access.Token;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A token as callers see it: all but the hash of its secret. */
record TokenView(String id, String name, Owner subject, @Nullable String onBehalfOf, List<Grant> grants,
    Token.State state,
    Instant createdAt, String createdBy, Instant expiresAt, @Nullable String lastUsedOn, @Nullable Instant revokedAt,
    @Nullable String revokedBy, @Nullable String rotatedTo) {

  /** Whose it is. */
  record Owner(String id, SubjectType type, @Nullable String displayName) {}

  /** A token with its secret, which is shown once: absent when the answer is given again. */
  record Issued(TokenView token, @Nullable String secret) {}

  static TokenView of(Token token, @Nullable String displayName, @Nullable LocalDate lastUsed, Instant now) {
    return new TokenView(token.id(), token.name(), new Owner(token.subject(), token.type(), displayName),
        token.onBehalfOf(), token.grants(), token.state(now), token.createdAt(), token.createdBy(), token.expiresAt(),
        lastUsed == null ? null : lastUsed.toString(), token.revokedAt(), token.revokedBy(), token.rotatedTo());
  }
}
