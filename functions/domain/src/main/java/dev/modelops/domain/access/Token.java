package dev.modelops.domain.access;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An API token, without its secret.
 *
 * @param id {@code tok_…}; part of the token's text
 * @param name what it is for
 * @param secretHash SHA-256 of the secret, lower-case hex; never leaves the system
 * @param rotatedTo the token that takes its place; this one stays valid until {@code expiresAt}
 */
public record Token(String id, String name, String subject, SubjectType type, List<Grant> grants, String secretHash,
    Instant createdAt, String createdBy, Instant expiresAt, @Nullable Instant revokedAt, @Nullable String revokedBy,
    @Nullable String rotatedTo) implements Entity {

  public Token {
    grants = List.copyOf(grants);
  }

  @Override
  public Ref ref() {
    return Ref.token(id);
  }

  @Override
  public String department() {
    return ORGANISATION;
  }
}
