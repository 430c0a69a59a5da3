package dev.modelops.domain.access;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An OIDC issuer whose JWTs are accepted.
 *
 * @param issuer the {@code iss} claim, an https URL; its keys are found by discovery unless {@code jwksUri} is given
 * @param audience the {@code aud} claim that tokens must carry
 * @param subjects whether its tokens name persons or services
 * @param onBehalfOfClaim the claim that names the person behind a service's run, e.g. GitHub's {@code actor_id}
 * @param rules what tokens may do: every rule whose claims all match adds its grants
 */
public record IdentityProvider(String name, String issuer, @Nullable String jwksUri, String audience,
    SubjectType subjects, @Nullable String onBehalfOfClaim, List<Rule> rules, boolean enabled, Instant createdAt,
    String createdBy, Instant updatedAt, String updatedBy) implements Entity {

  /** When every named claim equals its value (or holds it, when the claim is a list), the grants are given. */
  public record Rule(Map<String, String> claims, List<Grant> grants) {
    public Rule {
      claims = Map.copyOf(claims);
      grants = List.copyOf(grants);
    }
  }

  public IdentityProvider {
    rules = List.copyOf(rules);
  }

  @Override
  public Ref ref() {
    return Ref.identityProvider(name);
  }

  @Override
  public String department() {
    return ORGANISATION;
  }
}
