package dev.modelops.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import dev.modelops.domain.Ids;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Grant;
import dev.modelops.domain.access.IdentityProvider;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.Role;
import dev.modelops.domain.access.SubjectType;
import dev.modelops.domain.access.Token;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Lost;
import dev.modelops.domain.change.Origin;
import dev.modelops.embedded.TestAws;
import dev.modelops.json.Json;
import dev.modelops.testkit.MovingClock;
import dev.modelops.testkit.TestContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class AuthorizerFunctionTest {

  private static final TestAws AWS = TestAws.fresh();
  private static final MovingClock CLOCK = new MovingClock(Instant.now().truncatedTo(ChronoUnit.MILLIS));
  private static final TestStore STORE = TestStore.of(AWS, CLOCK);
  private static RSAKey others;
  private static TestIssuer github;
  private static TestIssuer okta;
  private static TestIssuer stranger;
  private static AuthorizerFunction function;

  @BeforeAll
  static void issuers() throws Exception {
    github = new TestIssuer(TestIssuer.rsa());
    others = TestIssuer.rsa();
    okta = new TestIssuer(others);
    stranger = new TestIssuer(others);
    function = function();
    store(provider("github", github.url(), SubjectType.SERVICE, "actor_id",
        Map.of("repository_id", "42", "ref", "refs/heads/main"), Role.ML_ENGINEER));
    store(provider("okta", okta.url(), SubjectType.PERSON, null, Map.of("groups", "risk"), Role.RISK_OFFICER));
  }

  @AfterAll
  static void stop() {
    Stream.of(github, okta, stranger).forEach(TestIssuer::close);
  }

  // --- API tokens

  @Test
  void a_valid_api_token_names_its_subject_and_grants() throws Exception {
    ApiToken token = stored(Duration.ofDays(1));

    Caller caller = accepted(token.text());

    assertThat(caller.subject()).isEqualTo("svc_ci");
    assertThat(caller.type()).isEqualTo(SubjectType.SERVICE);
    assertThat(caller.credential()).isEqualTo(token.id());
    assertThat(caller.expiresAt()).isEqualTo(CLOCK.instant().plus(Duration.ofDays(1)));
    assertThat(caller.may(Permission.POST_METRICS, "fraud", "m")).isTrue();
    assertThat(caller.may(Permission.POST_METRICS, "credit", "m")).isFalse();
  }

  @Test
  void an_api_token_with_another_secret_or_of_nobody_is_refused_alike() throws Exception {
    ApiToken token = stored(Duration.ofDays(1));

    assertThat(refused(ApiToken.issue(token.id()).text())).isEqualTo("invalid");
    assertThat(refused(ApiToken.issue(new Ids(CLOCK).next("tok")).text())).isEqualTo("invalid");
    assertThat(answer(bearer(ApiToken.issue(token.id()).text())))
        .isEqualTo(answer(bearer(ApiToken.issue(new Ids(CLOCK).next("tok")).text())));
  }

  @Test
  void a_malformed_api_token_is_refused_without_a_read() throws Exception {
    AuthorizerFunction cut = new AuthorizerFunction(AWS.env("AuthorizerFunction",
        Map.of("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1")), CLOCK);
    String text = stored(Duration.ofDays(1)).text();

    for (String malformed : List.of(text.substring(1), text.substring(0, 88), text + "0", flipped(text, 40), "mop_")) {
      assertThat(context(cut, bearer(malformed)).path("error").asString()).isEqualTo("invalid");
    }
  }

  @Test
  void an_api_token_ends_when_it_expires() throws Exception {
    ApiToken token = stored(Duration.ofMinutes(5));
    assertThat(accepted(token.text())).isNotNull();

    CLOCK.advance(Duration.ofMinutes(5));

    assertThat(refused(token.text())).isEqualTo("expired");
  }

  @Test
  void a_revocation_counts_at_once() throws Exception {
    ApiToken token = stored(Duration.ofDays(1));
    assertThat(accepted(token.text())).isNotNull();
    Stored<Token> before = STORE.entities().get(Token.class, Ref.token(token.id())).orElseThrow();

    commit(Change.replace("token.revoked", before, before.entity().revoked("usr_admin", CLOCK.instant())));

    assertThat(refused(token.text())).isEqualTo("revoked");
  }

  @Test
  void use_is_noted_to_the_day_and_only_that_of_valid_tokens() throws Exception {
    ApiToken used = stored(Duration.ofDays(3));
    ApiToken unused = stored(Duration.ofDays(3));
    LocalDate today = LocalDate.ofInstant(CLOCK.instant(), ZoneOffset.UTC);
    accepted(used.text());
    accepted(used.text());
    refused(ApiToken.issue(unused.id()).text());

    assertThat(STORE.use().lastUsed(List.of(used.id(), unused.id()))).isEqualTo(Map.of(used.id(), today));

    CLOCK.advance(Duration.ofDays(1));
    accepted(used.text());
    assertThat(STORE.use().lastUsed(List.of(used.id()))).isEqualTo(Map.of(used.id(), today.plusDays(1)));
    STORE.use().used(used.id(), today);
    assertThat(STORE.use().lastUsed(List.of(used.id()))).as("never back")
        .isEqualTo(Map.of(used.id(), today.plusDays(1)));
    assertThat(STORE.entities().get(Token.class, Ref.token(used.id())).orElseThrow().rev()).isEqualTo(1);
  }

  // --- JWTs

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "PS256", "ES256", "ES384"})
  void a_jwt_under_an_accepted_algorithm_gives_what_the_rules_say(String algorithm) throws Exception {
    String jwt = github.signed(JWSAlgorithm.parse(algorithm), workflow(github).build());

    Caller caller = accepted(jwt);

    assertThat(caller.subject()).matches("svc_[0-9a-z]{26}").isEqualTo(accepted(jwt).subject());
    assertThat(caller.type()).isEqualTo(SubjectType.SERVICE);
    assertThat(caller.onBehalfOf()).matches("usr_[0-9a-z]{26}");
    assertThat(caller.credential()).isEqualTo("github");
    assertThat(caller.displayName()).isEqualTo("acme/fraud");
    assertThat(caller.may(Permission.WRITE_MODELS, "fraud")).isTrue();
    assertThat(caller.may(Permission.WRITE_MODELS, "credit")).isFalse();
    assertThat(STORE.subjects().get(caller.subject()).orElseThrow().displayName()).isEqualTo("acme/fraud");
  }

  @Test
  void a_token_that_no_rule_means_is_known_and_may_nothing_and_leaves_no_trace() throws Exception {
    Caller caller = accepted(github.signed(workflow(github).claim("repository_id", "43").subject("repo:evil").build()));

    assertThat(caller.grants()).isEmpty();
    assertThat(STORE.subjects().get(caller.subject())).isEmpty();
  }

  @Test
  void subjects_of_two_issuers_are_never_the_same() throws Exception {
    String one = accepted(github.signed(workflow(github).subject("same").build())).subject();
    String two = accepted(okta.signed(workflow(okta).subject("same").build())).subject();

    assertThat(one.substring(4)).isNotEqualTo(two.substring(4));
  }

  @Test
  void times_are_kept_with_a_skew_of_at_most_a_minute() throws Exception {
    Instant now = CLOCK.instant().truncatedTo(ChronoUnit.SECONDS);

    assertThat(refused(github.signed(workflow(github).expirationTime(Date.from(now)).build()))).isEqualTo("expired");
    assertThat(refused(github.signed(workflow(github).expirationTime(null).build()))).isEqualTo("invalid");
    assertThat(refused(github.signed(workflow(github).notBeforeTime(Date.from(now.plusSeconds(62))).build())))
        .isEqualTo("invalid");
    assertThat(refused(github.signed(workflow(github).issueTime(Date.from(now.plusSeconds(62))).build())))
        .isEqualTo("invalid");
    assertThat(accepted(github.signed(workflow(github).notBeforeTime(Date.from(now.plusSeconds(59))).build())))
        .isNotNull();
    assertThat(accepted(github.signed(workflow(github).issueTime(Date.from(now.plusSeconds(59))).build()))).isNotNull();
  }

  @Test
  void the_audience_must_be_ours() throws Exception {
    assertThat(refused(github.signed(workflow(github).audience("sts.amazonaws.com").build())))
        .isEqualTo("wrong-audience");
    assertThat(refused(github.signed(workflow(github).audience(List.of()).build()))).isEqualTo("wrong-audience");
    assertThat(refused(github.signed(workflow(github).audience("MODELOPS").build()))).isEqualTo("wrong-audience");
    assertThat(accepted(github.signed(workflow(github).audience(List.of("x", "modelops")).build()))).isNotNull();
  }

  @Test
  void a_subject_is_required() throws Exception {
    assertThat(refused(github.signed(workflow(github).subject(null).build()))).isEqualTo("invalid");
    assertThat(refused(github.signed(workflow(github).subject("").build()))).isEqualTo("invalid");
    assertThat(refused(github.signed(workflow(github).subject("s".repeat(256)).build()))).isEqualTo("invalid");
  }

  @Test
  void an_issuer_that_nobody_entered_is_unknown_and_never_asked() throws Exception {
    assertThat(refused(stranger.signed(workflow(stranger).build()))).isEqualTo("unknown-issuer");
    assertThat(refused(github.signed(workflow(github).issuer(null).build()))).isEqualTo("unknown-issuer");
    assertThat(refused(github.signed(workflow(github).issuer("https://" + "x".repeat(600)).build())))
        .isEqualTo("unknown-issuer");
    assertThat(stranger.hits).hasValue(0);
  }

  @ParameterizedTest
  @MethodSource("forgeries")
  void a_forged_jwt_is_refused(String how, String jwt) throws Exception {
    assertThat(refused(jwt)).as(how).isEqualTo("invalid");
  }

  static Stream<Arguments> forgeries() throws Exception {
    JWTClaimsSet claims = workflow(github).build();
    RSAKey own = TestIssuer.rsa();
    String valid = github.signed(JWSAlgorithm.RS256, claims);
    String[] parts = valid.split("\\.");
    String none = new PlainJWT(claims).serialize();
    byte[] publicKey = github.rsa.toRSAPublicKey().getEncoded();
    String pem = "-----BEGIN PUBLIC KEY-----\n"
        + java.util.Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(publicKey)
        + "\n-----END PUBLIC KEY-----\n";
    JWSHeader hmac = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa").build();
    JWSHeader rs256 = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa").build();
    String foreignClaims = Base64URL.encode(workflow(github).claim("repository_id", "1").build().toString()).toString();
    return Stream.of(
        args("alg none", none),
        args("alg none with the signature of another", none + parts[2]),
        args("alg none spelt otherwise", Base64URL.encode("{\"alg\":\"nOnE\"}") + "." + parts[1] + "."),
        args("no signature", parts[0] + "." + parts[1] + "."),
        args("HMAC with the public key", TestIssuer.signed(hmac, claims, new MACSigner(publicKey))),
        args("HMAC with the public key as PEM",
            TestIssuer.signed(hmac, claims, new MACSigner(pem.getBytes(StandardCharsets.UTF_8)))),
        args("a key of the forger's own under the issuer's kid",
            TestIssuer.signed(rs256, claims, new RSASSASigner(own))),
        args("a key of the forger's own in the header", TestIssuer.signed(
            new JWSHeader.Builder(JWSAlgorithm.RS256).jwk(own.toPublicJWK()).build(), claims, new RSASSASigner(own))),
        args("a place of the forger's own in the header", TestIssuer.signed(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa").jwkURL(java.net.URI.create(stranger.url() + "/jwks"))
                .build(),
            claims, new RSASSASigner(stranger.rsa))),
        args("the kid of another of the issuer's keys", TestIssuer.signed(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("ec384").build(), claims, new ECDSASigner(github.ec256))),
        args("an unknown kid", TestIssuer.signed(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("../rsa").build(), claims, new RSASSASigner(github.rsa))),
        args("an algorithm that is not accepted", TestIssuer.signed(
            new JWSHeader.Builder(JWSAlgorithm.RS512).keyID("rsa").build(), claims, new RSASSASigner(github.rsa))),
        args("signed by the key of another issuer", TestIssuer.signed(rs256, claims, new RSASSASigner(okta.rsa))),
        args("claims exchanged", parts[0] + "." + foreignClaims + "." + parts[2]),
        args("header exchanged",
            Base64URL.encode("{\"alg\":\"RS256\",\"kid\":\"ec256\"}") + "." + parts[1] + "." + parts[2]),
        args("a critical extension", TestIssuer.signed(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa")
            .criticalParams(Set.of("exp")).customParam("exp", 1).build(), claims, new RSASSASigner(github.rsa))),
        args("a JWT of another kind", TestIssuer.signed(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa")
            .type(new JOSEObjectType("logout+jwt")).build(), claims, new RSASSASigner(github.rsa))),
        args("an empty ECDSA signature",
            Base64URL.encode("{\"alg\":\"ES256\",\"kid\":\"ec256\"}") + "." + parts[1] + "."
                + Base64URL.encode(new byte[64])),
        args("truncated", valid.substring(0, valid.length() - 10)),
        args("another spelling of the same signature", respelt(valid)),
        args("drawn out", valid + "A"),
        args("five parts", parts[0] + "..." + parts[1] + "." + parts[2]),
        args("no JSON", Base64URL.encode("{") + "." + parts[1] + "." + parts[2]),
        args("deep JSON", Base64URL.encode("{\"alg\":\"RS256\"}") + "." + Base64URL.encode("[".repeat(5000)) + ".AA"),
        args("enormous", "a".repeat(1_000_000)),
        args("too long by its padding claims",
            github.signed(workflow(github).claim("padding", "x".repeat(8000)).build())),
        args("empty", ""),
        args("dots", ".."));
  }

  @Test
  void every_flipped_character_of_a_jwt_is_noticed() throws Exception {
    String valid = github.signed(JWSAlgorithm.ES256, workflow(github).build());
    assertThat(accepted(valid)).isNotNull();
    for (int at = 0; at < valid.length(); at++) {
      if (valid.charAt(at) != '.') {
        assertThat(context(function, bearer(flipped(valid, at))).has("principal")).as("at " + at).isFalse();
      }
    }
  }

  @Test
  void an_issuer_that_is_down_is_not_the_callers_fault() throws Exception {
    TestIssuer gone = new TestIssuer(others);
    store(provider("gone", gone.url(), SubjectType.PERSON, null, Map.of("groups", "risk"), Role.VIEWER));
    String jwt = gone.signed(workflow(gone).build());
    gone.close();

    assertThat(refused(jwt)).isEqualTo("issuer-unavailable");
  }

  @Test
  void a_provider_switched_off_or_deleted_counts_within_half_a_minute() throws Exception {
    try (TestIssuer issuer = new TestIssuer(others)) {
      IdentityProvider on =
          provider("switched", issuer.url(), SubjectType.PERSON, null, Map.of("groups", "risk"), Role.VIEWER);
      store(on);
      String jwt = issuer.signed(workflow(issuer).build());
      assertThat(accepted(jwt)).isNotNull();
      Stored<IdentityProvider> before = STORE.entities().get(IdentityProvider.class, on.ref()).orElseThrow();

      commit(Change.replace("identity-provider.deleted", before, new IdentityProvider(on.name(), on.issuer(), null,
          on.audience(), on.subjects(), null, on.rules(), true, on.createdAt(), on.createdBy(), CLOCK.instant(),
          "usr_admin",
          CLOCK.instant())));

      CLOCK.advance(Providers.REMEMBERED);
      assertThat(refused(jwt)).isEqualTo("unknown-issuer");
    }
  }

  @Test
  void an_issuer_on_this_machine_is_not_asked_unless_local_runs_allow_it() throws Exception {
    AuthorizerFunction deployed = new AuthorizerFunction(AWS.env("AuthorizerFunction"), CLOCK);
    int before = github.hits.get();

    assertThat(context(deployed, bearer(github.signed(workflow(github).build()))).path("error").asString())
        .isEqualTo("issuer-unavailable");
    assertThat(github.hits).hasValue(before);
  }

  // --- the first admin

  @Test
  void the_first_admin_of_the_template_is_admin_before_any_provider_exists_and_nobody_else_is() throws Exception {
    try (TestIssuer issuer = new TestIssuer(others)) {
      AuthorizerFunction first = firstAdmin(issuer, "boss");

      Caller boss = caller(first, issuer.signed(workflow(issuer).subject("boss").build()));
      Caller other = caller(first, issuer.signed(workflow(issuer).subject("boss2").build()));

      assertThat(boss.may(Permission.ADMINISTER, "*")).isTrue();
      assertThat(other.grants()).isEmpty();
      assertThat(context(first, bearer(issuer.signed(workflow(issuer).subject("boss").audience("other").build())))
          .path("error").asString()).isEqualTo("wrong-audience");
    }
  }

  @Test
  void no_provider_can_lend_its_own_keys_to_the_first_admin() throws Exception {
    try (TestIssuer issuer = new TestIssuer(others); TestIssuer rogue = new TestIssuer(others)) {
      AuthorizerFunction first = firstAdmin(issuer, "boss");
      IdentityProvider bent = new IdentityProvider("bent", issuer.url(), rogue.url() + "/jwks", "modelops",
          SubjectType.PERSON, null, List.of(), true, CLOCK.instant(), "usr_rogue", CLOCK.instant(), "usr_rogue", null);
      store(bent);

      Caller forged = caller(first, TestIssuer.signed(new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("ec256").build(),
          workflow(issuer).subject("boss").build(), new ECDSASigner(rogue.ec256)));

      assertThat(forged.grants()).isEmpty();
      assertThat(caller(first, issuer.signed(workflow(issuer).subject("boss").build())).may(Permission.ADMINISTER, "*"))
          .isTrue();
    }
  }

  // --- the event

  @Test
  void anything_but_a_bearer_token_is_refused_with_a_reason() throws Exception {
    String token = stored(Duration.ofDays(1)).text();

    for (String header : List.of("", "Basic dXNlcjpwYXNz", "Bearer", "Bearer ", token,
        "Bearer " + token + ",Bearer " + token,
        "Bearer " + token + " x")) {
      JsonNode answer = answer(event(header));
      assertThat(answer.path("isAuthorized").asBoolean()).isTrue();
      assertThat(answer.path("context").path("error").asString()).as(header).isEqualTo("invalid");
      assertThat(answer.path("context").path("errorDescription").asString()).isNotBlank();
      assertThat(answer.path("context").has("principal")).isFalse();
    }
    assertThat(caller(function, event("bEaReR " + token))).isNotNull();
  }

  @Test
  void the_weekly_call_is_answered_with_nothing_done() throws Exception {
    assertThat(answer("{\"source\":\"modelops.weekly\"}").path("isAuthorized").asBoolean()).isFalse();
  }

  // --- support

  private static AuthorizerFunction function() {
    return new AuthorizerFunction(AWS.env("AuthorizerFunction", Map.of(AccessModule.LOOPBACK_ISSUERS, "true")), CLOCK);
  }

  private static AuthorizerFunction firstAdmin(TestIssuer issuer, String subject) {
    return new AuthorizerFunction(AWS.env("AuthorizerFunction", Map.of(AccessModule.LOOPBACK_ISSUERS, "true",
        "FIRST_ADMIN_ISSUER", issuer.url(), "FIRST_ADMIN_SUBJECT", subject, "API_AUDIENCE", "modelops")), CLOCK);
  }

  private static JWTClaimsSet.Builder workflow(TestIssuer issuer) {
    Instant now = CLOCK.instant();
    return new JWTClaimsSet.Builder().issuer(issuer.url()).subject("repo:acme/fraud:ref:refs/heads/main")
        .audience("modelops").issueTime(Date.from(now)).notBeforeTime(Date.from(now))
        .expirationTime(Date.from(now.plusSeconds(300))).claim("repository_id", "42").claim("ref", "refs/heads/main")
        .claim("repository", "acme/fraud").claim("actor_id", "7");
  }

  private static IdentityProvider provider(String name, String issuer, SubjectType subjects,
      @Nullable String onBehalfOf,
      Map<String, String> claims, Role role) {
    Instant now = CLOCK.instant();
    return new IdentityProvider(name, issuer, null, "modelops", subjects, onBehalfOf,
        List.of(new IdentityProvider.Rule(claims, List.of(new Grant(role, "fraud", null, null, "usr_admin")))), true,
        now,
        "usr_admin", now, "usr_admin", null);
  }

  private static void store(IdentityProvider provider) throws Lost {
    commit(Change.create("identity-provider.created", provider)
        .claiming(new Change.Claim(Providers.ISSUERS, provider.issuer(), provider.ref())));
  }

  private static ApiToken stored(Duration lifetime) throws Lost {
    ApiToken secret = ApiToken.issue(new Ids(CLOCK).next("tok"));
    Instant now = CLOCK.instant();
    commit(Change.create("token.created", new Token(secret.id(), "ci", "svc_ci", SubjectType.SERVICE, null,
        List.of(new Grant(Role.ML_ENGINEER, "fraud", null, null, "usr_admin")), secret.hash(), now, "usr_admin",
        now.plus(lifetime), null, null, null)));
    return secret;
  }

  private static void commit(Change change) throws Lost {
    STORE.changes().commit(change, Origin.system("test", "req", "test", CLOCK.instant()), null,
        Instant.now().plusSeconds(20));
  }

  private static Caller accepted(String token) throws Exception {
    return caller(function, token);
  }

  private static Caller caller(AuthorizerFunction function, String token) throws Exception {
    JsonNode context = context(function, token.startsWith("{") ? token : bearer(token));
    assertThat(context.has("principal")).as(context.toString()).isTrue();
    return Json.read(context.path("principal").asString(), Caller.class);
  }

  private static String refused(String token) throws Exception {
    JsonNode context = context(function, bearer(token));
    assertThat(context.has("principal")).isFalse();
    return context.path("error").asString();
  }

  private static String flipped(String text, int at) {
    char other = text.charAt(at) == 'A' ? 'B'
        : text.charAt(at) == 'a' ? 'b' : Character.isUpperCase(text.charAt(at)) ? 'A' : 'a';
    return text.substring(0, at) + other + text.substring(at + 1);
  }

  /** The last character with other bits where base64 has none to say. */
  private static String respelt(String jwt) {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char last = alphabet.charAt(alphabet.indexOf(jwt.charAt(jwt.length() - 1)) + 1);
    return jwt.substring(0, jwt.length() - 1) + last;
  }

  private static String bearer(String token) {
    return event("Bearer " + token);
  }

  private static String event(String authorization) {
    return Json.text(Map.of("version", "2.0", "type", "REQUEST", "identitySource", List.of(authorization), "headers",
        Map.of("authorization", authorization), "requestContext", Map.of("requestId", "r1")));
  }

  private static JsonNode context(AuthorizerFunction function, String event) throws Exception {
    return answer(function, event).path("context");
  }

  private static JsonNode answer(String event) throws Exception {
    return answer(function, event);
  }

  private static JsonNode answer(AuthorizerFunction function, String event) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    function.handleRequest(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), out, new TestContext());
    return Json.tree(out.toByteArray());
  }

  private static Arguments args(String how, String jwt) {
    return Arguments.of(how, jwt);
  }
}
