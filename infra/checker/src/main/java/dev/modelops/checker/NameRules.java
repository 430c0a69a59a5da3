package dev.modelops.checker;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import dev.modelops.domain.access.IdentityProvider;
import dev.modelops.domain.access.Token;
import dev.modelops.domain.change.Change.Claim;
import dev.modelops.domain.registry.Model;
import dev.modelops.domain.registry.Version;
import dev.modelops.store.dynamodb.Layout;
import dev.modelops.store.dynamodb.Row;
import java.util.Optional;

/** Claimed names, departments, and the tokens that take the place of others. */
final class NameRules {

  private static final String ISSUERS = "issuer";
  private static final String FIRST_ADMIN = "first-admin";
  private static final String EXTERNAL_IDS = "external:";

  private NameRules() {}

  static void judge(Entity entity, View view, Findings findings) {
    switch (entity) {
      case Model model -> department(model.department(), view, findings);
      case Token token -> {
        department(token.department(), view, findings);
        findings.expect(token.rotatedTo() == null || view.has(Ref.token(token.rotatedTo())), Rule.TOKEN,
            "was rotated to %s, which is not there", token.rotatedTo());
      }
      case IdentityProvider provider -> findings.expect(
          owner(ISSUERS, provider.issuer(), view).filter(provider.ref()::equals).isPresent(), Rule.CLAIM,
          "has not claimed its issuer %s", provider.issuer());
      case Version version when version.externalId() != null -> findings.expect(
          claimed(version, version.externalId(), view), Rule.CLAIM, "has not claimed its external id %s",
          version.externalId());
      default -> {
      }
    }
  }

  private static void department(String department, View view, Findings findings) {
    findings.expect(department.equals(Entity.ORGANISATION) || view.has(Ref.department(department)), Rule.DEPARTMENT,
        "belongs to %s, which is not there", department);
  }

  /** An external id whose version expired can be claimed again, in the space of the next turn. */
  private static boolean claimed(Version version, String externalId, View view) {
    String space = EXTERNAL_IDS + Ref.fold(version.model());
    Optional<Ref> owner = owner(space, externalId, view);
    for (int turn = 2; owner.isPresent() && !owner.get().equals(version.ref()); turn++) {
      owner = owner(space + ":" + turn, externalId, view);
    }
    return owner.isPresent();
  }

  private static Optional<Ref> owner(String space, String name, View view) {
    return view.row(Layout.claim(space, name))
        .flatMap(row -> row instanceof Row.Claimed claimed ? Optional.of(claimed.claim().owner()) : Optional.empty());
  }

  static void claim(Claim claim, View view, Findings findings) {
    boolean bears = switch (view.find(Entity.class, claim.owner()).map(stored -> stored.entity()).orElse(null)) {
      case IdentityProvider provider -> claim.space().equals(ISSUERS) && claim.name().equals(provider.issuer());
      case Version version -> claim.space().matches(
          java.util.regex.Pattern.quote(EXTERNAL_IDS + Ref.fold(version.model())) + "(:[0-9]+)?")
          && claim.name().equals(version.externalId());
      case Token token -> claim.space().equals(FIRST_ADMIN);
      case null, default -> false;
    };
    findings.expect(bears, Rule.CLAIM, "belongs to %s, which does not bear the name", claim.owner());
  }
}
