package dev.modelops.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.JWTClaimsSet;
import dev.modelops.checker.Checker;
import dev.modelops.domain.Ids;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Department;
import dev.modelops.domain.access.Grant;
import dev.modelops.domain.access.IdentityProvider;
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
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import tools.jackson.databind.JsonNode;

/**
 * The authorizer on tables of its own, with a clock, tokens and issuers to be trusted and one that nobody entered. At the end
 * of a class nothing in the tables may contradict itself.
 */
final class AuthorizerStage implements AfterAllCallback {

  // They take a second to make, and no test changes them.
  private static final RSAKey ITS_OWN = TestIssuer.rsa();
  private static final RSAKey OTHERS = TestIssuer.rsa();

  final TestAws aws = TestAws.fresh();
  final MovingClock clock = new MovingClock(Instant.now().truncatedTo(ChronoUnit.MILLIS));
  final TestStore store = TestStore.of(aws, clock);
  final AuthorizerFunction function = new AuthorizerFunction(
      aws.env("AuthorizerFunction", Map.of(AccessModule.LOOPBACK_ISSUERS, "true")), clock);
  /** Of workflows: services of whom the rules mean those of one repository's main branch. */
  final TestIssuer github = new TestIssuer(ITS_OWN);
  /** Of persons. */
  final TestIssuer okta = new TestIssuer(OTHERS);
  final TestIssuer stranger = new TestIssuer(OTHERS);

  AuthorizerStage() {
    commit(Change.create("department.created", new Department("fraud", null, clock.instant(), "usr_admin")));
    enter(provider("github", github.url(), SubjectType.SERVICE, "actor_id",
        Map.of("repository_id", "42", "ref", "refs/heads/main"), Role.ML_ENGINEER));
    enter(provider("okta", okta.url(), SubjectType.PERSON, null, Map.of("groups", "risk"), Role.RISK_OFFICER));
  }

  @Override
  public void afterAll(ExtensionContext test) {
    Stream.of(github, okta, stranger).forEach(TestIssuer::close);
    Checker.assertSound(aws);
  }

  /** One that nobody entered yet; the caller closes it. */
  TestIssuer anotherIssuer() {
    return new TestIssuer(OTHERS);
  }

  /** What an issuer says of a workflow on the main branch that it runs now. */
  JWTClaimsSet.Builder workflow(TestIssuer issuer) {
    Instant now = clock.instant();
    return new JWTClaimsSet.Builder().issuer(issuer.url()).subject("repo:acme/fraud:ref:refs/heads/main")
        .audience("modelops").issueTime(Date.from(now)).notBeforeTime(Date.from(now))
        .expirationTime(Date.from(now.plusSeconds(300))).claim("repository_id", "42").claim("ref", "refs/heads/main")
        .claim("repository", "acme/fraud").claim("actor_id", "7");
  }

  IdentityProvider provider(String name, String issuer, SubjectType subjects,
      @Nullable String onBehalfOf,
      Map<String, String> claims, Role role) {
    Instant now = clock.instant();
    return new IdentityProvider(name, issuer, null, "modelops", subjects, onBehalfOf,
        List.of(new IdentityProvider.Rule(claims, List.of(new Grant(role, "fraud", null, null, "usr_admin")))), true,
        now,
        "usr_admin", now, "usr_admin", null);
  }

  /** Has an admin enter a provider. */
  void enter(IdentityProvider provider) {
    commit(Change.create("identity-provider.created", provider)
        .claiming(new Change.Claim(Providers.ISSUERS, provider.issuer(), provider.ref())));
  }

  /** An API token that is stored. */
  ApiToken issued(Duration lifetime) {
    ApiToken secret = ApiToken.issue(new Ids(clock).next("tok"));
    Instant now = clock.instant();
    commit(Change.create("token.created", new Token(secret.id(), "ci", "svc_ci", SubjectType.SERVICE, null,
        List.of(new Grant(Role.ML_ENGINEER, "fraud", null, null, "usr_admin")), secret.hash(), now, "usr_admin",
        now.plus(lifetime), null, null, null)));
    return secret;
  }

  void commit(Change change) {
    try {
      store.changes().commit(change, Origin.system("test", "req", "test", clock.instant()), null,
          Instant.now().plusSeconds(20));
    } catch (Lost lost) {
      throw new AssertionError(lost);
    }
  }

  /** Whom it takes the bearer for. */
  Caller accepted(String token) throws IOException {
    return caller(function, token);
  }

  /** @param token a bearer token, or an event as it is */
  static Caller caller(AuthorizerFunction function, String token) throws IOException {
    JsonNode context = context(function, token.startsWith("{") ? token : bearer(token));
    assertThat(context.has("principal")).as(context.toString()).isTrue();
    return Json.read(context.path("principal").asString(), Caller.class);
  }

  /** Why it refuses the bearer. */
  String refused(String token) throws IOException {
    JsonNode context = context(function, bearer(token));
    assertThat(context.has("principal")).isFalse();
    return context.path("error").asString();
  }

  static JsonNode context(AuthorizerFunction function, String event) throws IOException {
    return answer(function, event).path("context");
  }

  JsonNode answer(String event) throws IOException {
    return answer(function, event);
  }

  static JsonNode answer(AuthorizerFunction function, String event) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    function.handleRequest(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), out, new TestContext());
    return Json.tree(out.toByteArray());
  }

  static String bearer(String token) {
    return event("Bearer " + token);
  }

  static String event(String authorization) {
    return Json.text(Map.of("version", "2.0", "type", "REQUEST", "identitySource", List.of(authorization), "headers",
        Map.of("authorization", authorization), "requestContext", Map.of("requestId", "r1")));
  }

  /** A text with another character in one place. */
  static String flipped(String text, int at) {
    char other = text.charAt(at) == 'A' ? 'B'
        : text.charAt(at) == 'a' ? 'b' : Character.isUpperCase(text.charAt(at)) ? 'A' : 'a';
    return text.substring(0, at) + other + text.substring(at + 1);
  }
}
