package dev.modelops.access;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.modelops.access.Identification.Known;
import dev.modelops.access.Identification.Unknown;
import dev.modelops.domain.change.Changes;
import dev.modelops.edge.Snapshot;
import dev.modelops.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The Lambda authorizer of the HTTP API (payload 2.0, simple response). It identifies and lets everybody pass: a credential
 * that is not accepted goes on as unauthenticated, with the reason, since the gateway's own refusal could not say one.
 * Only a store that does not answer ends in an error, which the gateway does not cache.
 *
 * <p>Nothing is remembered of an API token: with the gateway's own 30 seconds a revocation counts within 60.
 */
public final class AuthorizerFunction implements RequestStreamHandler {

  private final Identifier identifier;
  private final Snapshot snapshot;

  public AuthorizerFunction() {
    this(System.getenv());
  }

  /** @param env the function's environment */
  public AuthorizerFunction(Map<String, String> env) {
    this(env, Clock.systemUTC());
  }

  AuthorizerFunction(Map<String, String> env, Clock clock) {
    AuthorizerComponent component = DaggerAuthorizerComponent.factory().create(env, clock);
    this.identifier = component.identifier();
    this.snapshot = Snapshot.register(() -> prime(component.changes()), identifier::forget);
  }

  @Override
  public void handleRequest(InputStream input, OutputStream output, Context context) throws IOException {
    output.write(Json.write(answer(Json.jackson().readTree(input.readAllBytes()))));
  }

  private Map<String, Object> answer(JsonNode event) {
    if (!event.has("requestContext")) {
      return Map.of("isAuthorized", false); // the weekly call that keeps a version from going inactive
    }
    return answer(identifier.identify(credential(event)));
  }

  private static Map<String, Object> answer(Identification identification) {
    Map<String, String> context = new LinkedHashMap<>();
    switch (identification) {
      case Known known -> context.put("principal", Json.text(known.caller()));
      case Unknown unknown -> {
        context.put("error", unknown.fault().wire());
        context.put("errorDescription", unknown.description());
      }
    }
    return Map.of("isAuthorized", true, "context", context);
  }

  /** The identity source is what the gateway caches by, so it is what is examined. */
  private static String credential(JsonNode event) {
    JsonNode source = event.path("identitySource").path(0);
    return source.isString() ? source.asString() : event.path("headers").path("authorization").asString("");
  }

  private void prime(Changes changes) {
    answer(Json.jackson().readTree("{\"requestContext\":{},\"identitySource\":[\"Bearer -\"]}".getBytes(
        StandardCharsets.UTF_8)));
    Json.write(answer(identifier.prime(changes)));
  }
}
