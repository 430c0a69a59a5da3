package dev.modelops.access;

import static dev.modelops.access.AuthorizerStage.bearer;
import static dev.modelops.access.AuthorizerStage.caller;
import static dev.modelops.access.AuthorizerStage.context;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.IdentityProvider;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.Role;
import dev.modelops.domain.access.SubjectType;
import dev.modelops.domain.change.Change;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TrustedIssuerTest {

  @RegisterExtension private static final AuthorizerStage STAGE = new AuthorizerStage();
  private static final TestIssuer GITHUB = STAGE.github;
  private static final TestIssuer STRANGER = STAGE.stranger;

  @Test
  void an_issuer_that_nobody_entered_is_unknown_and_never_asked() throws Exception {
    assertThat(STAGE.refused(STRANGER.signed(STAGE.workflow(STRANGER).build()))).isEqualTo("unknown-issuer");
    assertThat(STAGE.refused(GITHUB.signed(STAGE.workflow(GITHUB).issuer(null).build()))).isEqualTo("unknown-issuer");
    assertThat(STAGE.refused(GITHUB.signed(STAGE.workflow(GITHUB).issuer("https://" + "x".repeat(600)).build())))
        .isEqualTo("unknown-issuer");
    assertThat(STRANGER.hits).hasValue(0);
  }

  @Test
  void an_issuer_that_is_down_is_not_the_callers_fault() throws Exception {
    TestIssuer gone = STAGE.anotherIssuer();
    STAGE.enter(STAGE.provider("gone", gone.url(), SubjectType.PERSON, null, Map.of("groups", "risk"), Role.VIEWER));
    String jwt = gone.signed(STAGE.workflow(gone).build());
    gone.close();

    assertThat(STAGE.refused(jwt)).isEqualTo("issuer-unavailable");
  }

  @Test
  void a_provider_switched_off_or_deleted_counts_within_half_a_minute() throws Exception {
    try (TestIssuer issuer = STAGE.anotherIssuer()) {
      IdentityProvider on =
          STAGE.provider("switched", issuer.url(), SubjectType.PERSON, null, Map.of("groups", "risk"), Role.VIEWER);
      STAGE.enter(on);
      String jwt = issuer.signed(STAGE.workflow(issuer).build());
      assertThat(STAGE.accepted(jwt)).isNotNull();
      Stored<IdentityProvider> before = STAGE.store.entities().get(IdentityProvider.class, on.ref()).orElseThrow();

      STAGE.commit(Change.replace("identity-provider.deleted", before,
          new IdentityProvider(on.name(), on.issuer(), null,
              on.audience(), on.subjects(), null, on.rules(), true, on.createdAt(), on.createdBy(),
              STAGE.clock.instant(),
              "usr_admin",
              STAGE.clock.instant())));

      STAGE.clock.advance(Providers.REMEMBERED);
      assertThat(STAGE.refused(jwt)).isEqualTo("unknown-issuer");
    }
  }

  @Test
  void an_issuer_on_this_machine_is_not_asked_unless_local_runs_allow_it() throws Exception {
    AuthorizerFunction deployed = new AuthorizerFunction(STAGE.aws.env("AuthorizerFunction"), STAGE.clock);
    int before = GITHUB.hits.get();

    assertThat(context(deployed, bearer(GITHUB.signed(STAGE.workflow(GITHUB).build()))).path("error").asString())
        .isEqualTo("issuer-unavailable");
    assertThat(GITHUB.hits).hasValue(before);
  }

  @Test
  void the_first_admin_of_the_template_is_admin_before_any_provider_exists_and_nobody_else_is() throws Exception {
    try (TestIssuer issuer = STAGE.anotherIssuer()) {
      AuthorizerFunction first = firstAdmin(issuer, "boss");

      Caller boss = caller(first, issuer.signed(STAGE.workflow(issuer).subject("boss").build()));
      Caller other = caller(first, issuer.signed(STAGE.workflow(issuer).subject("boss2").build()));

      assertThat(boss.may(Permission.ADMINISTER, "*")).isTrue();
      assertThat(other.grants()).isEmpty();
      assertThat(context(first, bearer(issuer.signed(STAGE.workflow(issuer).subject("boss").audience("other").build())))
          .path("error").asString()).isEqualTo("wrong-audience");
    }
  }

  @Test
  void no_provider_can_lend_its_own_keys_to_the_first_admin() throws Exception {
    try (TestIssuer issuer = STAGE.anotherIssuer(); TestIssuer rogue = STAGE.anotherIssuer()) {
      AuthorizerFunction first = firstAdmin(issuer, "boss");
      IdentityProvider bent = new IdentityProvider("bent", issuer.url(), rogue.url() + "/jwks", "modelops",
          SubjectType.PERSON, null, List.of(), true, STAGE.clock.instant(), "usr_rogue", STAGE.clock.instant(),
          "usr_rogue", null);
      STAGE.enter(bent);

      Caller forged = caller(first, TestIssuer.signed(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("ec256").build(),
          STAGE.workflow(issuer).subject("boss").build(), new ECDSASigner(rogue.ec256)));

      assertThat(forged.grants()).isEmpty();
      assertThat(
          caller(first, issuer.signed(STAGE.workflow(issuer).subject("boss").build())).may(Permission.ADMINISTER, "*"))
          .isTrue();
    }
  }

  private static AuthorizerFunction firstAdmin(TestIssuer issuer, String subject) {
    return new AuthorizerFunction(STAGE.aws.env("AuthorizerFunction", Map.of(AccessModule.LOOPBACK_ISSUERS, "true",
        "FIRST_ADMIN_ISSUER", issuer.url(), "FIRST_ADMIN_SUBJECT", subject, "API_AUDIENCE", "modelops")), STAGE.clock);
  }
}
