package dev.modelops.access;

import dev.modelops.domain.access.Granting.Wanted;
import dev.modelops.domain.access.SubjectType;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What an identity provider is replaced by. */
record ProviderContent(String issuer, @Nullable String jwksUri, @Nullable String audience, SubjectType subjects,
    @Nullable String onBehalfOfClaim, List<RuleContent> rules, @Nullable Boolean enabled) {

  /** When every claim matches, the grants are given. */
  record RuleContent(Map<String, String> claims, List<Wanted> grants) {
    RuleContent {
      claims = Map.copyOf(claims);
    }
  }
}
