package dev.modelops.domain.access;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An OIDC issuer whose JWTs are accepted.
 *
 * @param issuer the {@code iss} claim, an https URL; its keys are found by discovery unless {@code jwksUri} is given.
 *     One issuer belongs to one provider, for ever
 * @param audience the {@code aud} claim that tokens must carry
 * @param subjects whether its tokens name persons or services
 * @param onBehalfOfClaim the claim that names the person behind a service's run, e.g. GitHub's {@code actor_id}
 * @param rules what tokens may do: every rule whose claims all match adds its grants
 * @param enabled whether its tokens are accepted at present
 * @param deletedAt when it was deleted; null when it was not
 */
public record IdentityProvider(String name, String issuer, @Nullable String jwksUri, String audience,
    SubjectType subjects, @Nullable String onBehalfOfClaim, List<Rule> rules, boolean enabled, Instant createdAt,
    String createdBy, Instant updatedAt, String updatedBy, @Nullable Instant deletedAt) implements Entity {

  /** When every named claim equals its value (or holds it, when the claim is a list), the grants are given. */
  public record Rule(Map<String, String> claims, List<Grant> grants) {
    public Rule {
      claims = Map.copyOf(claims);
      grants = List.copyOf(grants);
    }

    /** Whether a token with these claims is meant. A rule without claims means none. */
    public boolean matches(Map<String, ?> token) {
      return !claims.isEmpty()
          && claims.entrySet().stream().allMatch(wanted -> holds(token.get(wanted.getKey()), wanted.getValue()));
    }

    private static boolean holds(@Nullable Object claim, String value) {
      return switch (claim) {
        case String text -> text.equals(value);
        case Boolean truth -> truth.toString().equals(value);
        case Integer number -> number.toString().equals(value);
        case Long number -> number.toString().equals(value);
        case Collection<?> values ->
          values.stream().anyMatch(each -> !(each instanceof Collection) && holds(each, value));
        case null, default -> false;
      };
    }
  }

  public IdentityProvider {
    rules = List.copyOf(rules);
  }

  /** The same as of another change. */
  public IdentityProvider updated(Instant at, String by) {
    return new IdentityProvider(name, issuer, jwksUri, audience, subjects, onBehalfOfClaim, rules, enabled, createdAt,
        createdBy, at, by, deletedAt);
  }

  /** Whether its tokens are accepted. */
  public boolean accepts() {
    return enabled && deletedAt == null;
  }

  /**
   * What a token with these claims may do. Nobody gives himself anything: a grant does not reach the subject that wrote
   * it into a rule.
   */
  public List<Grant> grants(Map<String, ?> claims, String subject) {
    return rules.stream()
        .filter(rule -> rule.matches(claims))
        .flatMap(rule -> rule.grants().stream())
        .filter(grant -> !grant.grantedBy().equals(subject))
        .distinct()
        .toList();
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
