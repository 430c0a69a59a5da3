package dev.modelops.access;

import dev.modelops.access.ProviderContent.RuleContent;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Department;
import dev.modelops.domain.access.Granting;
import dev.modelops.domain.access.Granting.Wanted;
import dev.modelops.domain.problem.Refused;
import dev.modelops.domain.problem.Violation;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What can be said of an identity provider before any of its tokens comes. */
final class ProviderChecks {

  /**
   * Issuers that sign for everybody in the world: a rule must name whose tokens it means, by something that is never given
   * to another (names of repositories are).
   */
  private static final Map<String, Set<String>> PUBLIC_ISSUERS = Map.of(
      "https://token.actions.githubusercontent.com",
      Set.of("repository_id", "repository_owner_id", "enterprise_id"),
      "https://gitlab.com", Set.of("project_id", "namespace_id"),
      "https://accounts.google.com", Set.of("hd", "sub"));

  /** Each is checked in the transaction that stores the rules. */
  private static final int MOST_DEPARTMENTS = 50;

  private final Departments departments;
  private final boolean loopback;

  @Inject
  ProviderChecks(Departments departments, Map<String, String> env) {
    this.departments = departments;
    this.loopback = Boolean.parseBoolean(env.get(AccessModule.LOOPBACK_ISSUERS));
  }

  /** @throws Refused 422 with every violation */
  Departments.Found check(ProviderContent content) {
    List<Violation> violations = new ArrayList<>();
    url(content.issuer(), "/issuer", violations);
    if (content.jwksUri() != null) {
      url(content.jwksUri(), "/jwksUri", violations);
    }
    List<Wanted> all = content.rules().stream().flatMap(rule -> rule.grants().stream()).toList();
    if (Granting.departments(all).size() > MOST_DEPARTMENTS) {
      throw Refused.unprocessable("/rules", "count", "These rules name too many departments.",
          "at most " + MOST_DEPARTMENTS);
    }
    Map<Ref, Stored<Department>> found = departments.find(all);
    Set<String> identifying = PUBLIC_ISSUERS.get(content.issuer());
    for (int i = 0; i < content.rules().size(); i++) {
      RuleContent rule = content.rules().get(i);
      String at = "/rules/" + i;
      violations.addAll(Granting.malformed(rule.grants(), content.subjects(), at + "/grants"));
      Departments.missing(rule.grants(), found.keySet(), at + "/grants", violations);
      if (identifying != null && rule.claims().keySet().stream().noneMatch(identifying::contains)) {
        violations.add(new Violation(at + "/claims", "public-issuer",
            "This issuer signs for everybody: the rule must say whose tokens it means.",
            "one of " + String.join(", ", new TreeSet<>(identifying))));
      }
    }
    Departments.refuse(violations);
    return Departments.facts(found);
  }

  private void url(String text, String at, List<Violation> violations) {
    @Nullable URI uri = parsed(text);
    String scheme = uri == null ? null : uri.getScheme();
    boolean fits = uri != null && uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawFragment() == null
        && ("https".equals(scheme) || loopback && "http".equals(scheme));
    if (!fits) {
      violations.add(new Violation(at, "format", "must be an https URL without user and fragment", "https://…"));
    }
  }

  private static @Nullable URI parsed(String text) {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
