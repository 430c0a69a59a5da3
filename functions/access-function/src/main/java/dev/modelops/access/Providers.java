package dev.modelops.access;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Grant;
import dev.modelops.domain.access.IdentityProvider;
import dev.modelops.domain.access.Role;
import dev.modelops.domain.access.SubjectType;
import dev.modelops.domain.change.Changes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Whose JWTs are accepted: the identity providers of the store, remembered for half a minute, and the first admin that the
 * template names. An issuer is looked up by name, so that what a lookup costs does not grow with their number.
 */
final class Providers {

  static final Duration REMEMBERED = Duration.ofSeconds(30);
  /** Names the space of claims in which every issuer belongs to one provider. */
  static final String ISSUERS = "issuer";
  static final String FIRST_ADMIN = "first-admin";
  private static final int MOST_REMEMBERED = 1000;

  private record Remembered(Optional<IdentityProvider> provider, Instant until) {}

  private final Entities entities;
  private final Changes changes;
  private final Clock clock;
  private final @Nullable IdentityProvider firstAdmin;
  private final Map<String, Remembered> remembered = new ConcurrentHashMap<>();
  /** Whose an issuer is: claimed for ever, so that it is read once. */
  private final Map<String, Ref> owners = new ConcurrentHashMap<>();

  Providers(Entities entities, Changes changes, Clock clock, Map<String, String> env) {
    this.entities = entities;
    this.changes = changes;
    this.clock = clock;
    this.firstAdmin = firstAdmin(env);
  }

  /** Those that accept tokens of the issuer: the first admin's trust stands apart, so that no provider can bend it. */
  List<IdentityProvider> of(String issuer) {
    List<IdentityProvider> found = new ArrayList<>();
    stored(issuer).filter(IdentityProvider::accepts).ifPresent(found::add);
    if (firstAdmin != null && firstAdmin.issuer().equals(issuer)) {
      found.add(firstAdmin);
    }
    return found;
  }

  private Optional<IdentityProvider> stored(String issuer) {
    Instant now = clock.instant();
    Remembered known = remembered.get(issuer);
    if (known != null && now.isBefore(known.until())) {
      return known.provider();
    }
    if (remembered.size() >= MOST_REMEMBERED) {
      remembered.clear();
    }
    Optional<IdentityProvider> provider = owner(issuer)
        .flatMap(this::read)
        .filter(found -> found.issuer().equals(issuer));
    remembered.put(issuer, new Remembered(provider, now.plus(REMEMBERED)));
    return provider;
  }

  private Optional<Ref> owner(String issuer) {
    Ref known = owners.get(issuer);
    if (known != null) {
      return Optional.of(known);
    }
    Optional<Ref> owner = changes.owner(ISSUERS, issuer);
    owner.ifPresent(ref -> owners.put(issuer, ref));
    return owner;
  }

  /** What was remembered before a snapshot is of another time. */
  void forget() {
    remembered.clear();
    owners.clear();
  }

  private Optional<IdentityProvider> read(Ref ref) {
    return entities.get(IdentityProvider.class, ref).map(Stored::entity);
  }

  private static @Nullable IdentityProvider firstAdmin(Map<String, String> env) {
    String issuer = env.getOrDefault("FIRST_ADMIN_ISSUER", "");
    String subject = env.getOrDefault("FIRST_ADMIN_SUBJECT", "");
    String audience = env.getOrDefault("API_AUDIENCE", "");
    if (issuer.isBlank() || subject.isBlank() || audience.isBlank()) {
      return null;
    }
    Grant admin = new Grant(Role.ADMIN, Entity.ORGANISATION, null, null, "system:template");
    return new IdentityProvider(FIRST_ADMIN, issuer, null, audience, SubjectType.PERSON, null,
        List.of(new IdentityProvider.Rule(Map.of("sub", subject), List.of(admin))), true, Instant.EPOCH,
        "system:template", Instant.EPOCH, "system:template", null);
  }
}
