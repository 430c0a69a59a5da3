package dev.modelops.access;

import dev.modelops.checker.Checker;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Role;
import dev.modelops.embedded.TestAws;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.TestCallers;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The function of tokens and what guards them on tables of their own, with callers, and the bodies that they send. At the end
 * of a class nothing in the tables may contradict itself.
 */
final class TokensStage implements AfterAllCallback {

  final TestAws aws = TestAws.fresh();
  final TokensFunction function = new TokensFunction(aws.env("TokensFunction"));
  final TestStore store = TestStore.of(aws, Clock.systemUTC());
  final ApiClient admin = as(TestCallers.of(Role.ADMIN));
  final ApiClient fraudAdmin = as(TestCallers.of(Role.ADMIN, "fraud"));
  final ApiClient engineer = as(TestCallers.of(Role.ML_ENGINEER, "fraud"));
  private final AuthorizerFunction authorizer = new AuthorizerFunction(aws.env("AuthorizerFunction"));

  /** With the departments fraud and credit. */
  TokensStage() {
    admin.put("/v1/departments/fraud", "{\"title\":\"Fraud\"}").is(201);
    admin.put("/v1/departments/credit", "{}").is(201);
  }

  @Override
  public void afterAll(ExtensionContext test) {
    Checker.assertSound(aws);
  }

  ApiClient as(Caller caller) {
    return ApiClient.of(function, caller);
  }

  Caller caller(String token) throws IOException {
    return AuthorizerStage.caller(authorizer, token);
  }

  /** Why the authorizer refuses a token. */
  String error(String token) throws IOException {
    return AuthorizerStage.context(authorizer, AuthorizerStage.bearer(token)).path("error").asString();
  }

  static Map<String, Object> viewer() {
    return Map.of("role", "viewer", "department", "fraud");
  }

  static Object newPerson(String name, String role, String department) {
    return token(Map.of("type", "person", "displayName", name), null, Map.of("role", role, "department", department));
  }

  static Object newService(String role, String department) {
    return token(Map.of("type", "service", "displayName", "CI"), null, Map.of("role", role, "department", department));
  }

  static Object lasting(String lifetime) {
    return token(Map.of("type", "service", "displayName", "CI"), lifetime, viewer());
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  static Object token(@Nullable Object subject, @Nullable String lifetime, Map<String, Object>... grants) {
    Map<String, Object> body = new LinkedHashMap<>(Map.of("name", "a token", "grants", List.of(grants)));
    if (subject != null) {
      body.put("subject", subject);
    }
    if (lifetime != null) {
      body.put("lifetime", lifetime);
    }
    return body;
  }

  static Object provider(String issuer, Map<String, String> claims, String role) {
    return Map.of("issuer", issuer, "subjects", "person", "rules",
        List.of(Map.of("claims", claims, "grants", List.of(Map.of("role", role, "department", "fraud")))));
  }

  static Duration life(Answer issued) {
    return Duration.between(Instant.parse(issued.text("/token/createdAt")),
        Instant.parse(issued.text("/token/expiresAt")));
  }

  static List<String> ids(ApiClient client, String target) {
    return client.all(target).stream().map(item -> item.path("id").asString()).toList();
  }

  static List<String> names(ApiClient client, String target) {
    return client.all(target).stream().map(item -> item.path("name").asString()).toList();
  }
}
