package dev.modelops.domain.access;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An API token, without its secret.
 *
 * @param id {@code tok_…}; part of the token's text
 * @param name what it is for
 * @param onBehalfOf the person who made it for a service without being an admin; counts as requester beside it
 * @param secretHash SHA-256 of the secret, lower-case hex; never leaves the system
 * @param rotatedTo the token that takes its place; this one stays valid until {@code expiresAt}
 */
public record Token(String id, String name, String subject, SubjectType type, @Nullable String onBehalfOf,
    List<Grant> grants, String secretHash, Instant createdAt, String createdBy, Instant expiresAt,
    @Nullable Instant revokedAt, @Nullable String revokedBy, @Nullable String rotatedTo) implements Entity {

  /** Whether a token is accepted, and why not. */
  public enum State {
    ACTIVE,
    EXPIRED,
    REVOKED;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Token {
    grants = List.copyOf(grants);
  }

  /** Revoked counts before expired: a revocation is never forgotten. */
  public State state(Instant now) {
    if (revokedAt != null) {
      return State.REVOKED;
    }
    return now.isBefore(expiresAt) ? State.ACTIVE : State.EXPIRED;
  }

  /** The same token, no longer accepted. */
  public Token revoked(String by, Instant at) {
    return new Token(id, name, subject, type, onBehalfOf, grants, secretHash, createdAt, createdBy, expiresAt, at, by,
        rotatedTo);
  }

  /** The same token, to be accepted until another has taken its place, never longer than before. */
  public Token rotated(String to, Instant until) {
    return new Token(id, name, subject, type, onBehalfOf, grants, secretHash, createdAt, createdBy,
        until.isBefore(expiresAt) ? until : expiresAt, revokedAt, revokedBy, to);
  }

  @Override
  public Ref ref() {
    return Ref.token(id);
  }

  /** The one department that all grants are for; else the organisation's. Grants never change, so neither does this. */
  @Override
  public String department() {
    List<String> departments = grants.stream().map(Grant::department).distinct().toList();
    return departments.size() == 1 ? departments.getFirst() : ORGANISATION;
  }
}
