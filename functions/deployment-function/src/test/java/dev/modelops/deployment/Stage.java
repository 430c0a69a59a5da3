package dev.modelops.deployment;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Role;
import dev.modelops.domain.deployment.Deployment;
import dev.modelops.json.Json;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.TestCallers;
import dev.modelops.testkit.TestContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The function on tables of its own, callers of every role, and the moves that they make. */
final class Stage extends SeededStore {

  final DeploymentFunction function = new DeploymentFunction(env);

  // Callers.

  ApiClient as(Role role) {
    return as(TestCallers.of(role, DEPARTMENT));
  }

  ApiClient as(Caller caller) {
    return ApiClient.of(function, caller);
  }

  ApiClient engineer() {
    return as(Role.ML_ENGINEER);
  }

  ApiClient operator() {
    return as(Role.OPERATOR);
  }

  ApiClient officer() {
    return as(Role.RISK_OFFICER);
  }

  ApiClient admin() {
    return as(TestCallers.of(Role.ADMIN));
  }

  // The moves.

  static Map<String, Object> wish(String model, int version, String environment) {
    return Map.of("model", model, "version", version, "environment", environment);
  }

  Answer ask(String model, int version, String environment) {
    return engineer().post("/v1/deployments", wish(model, version, environment));
  }

  Deployment asked(String model, int version, String environment) {
    return ask(model, version, environment).is(201).as(Deployment.class);
  }

  /** Lets them go live one after the other where that takes no more; the last one's id. */
  String liveInTurn(String environment, String model, int... versions) {
    String id = "";
    for (int version : versions) {
      id = asked(model, version, environment).id();
    }
    return id;
  }

  Answer approve(String id) {
    return officer().post("/v1/deployments/" + id + "/approvals", Map.of("decision", "approved"));
  }

  Answer report(String id, String state) {
    return operator().post("/v1/deployments/" + id + "/status", Map.of("state", state));
  }

  Answer rollBack(String id) {
    return operator().post("/v1/deployments/" + id + "/rollback");
  }

  Answer live(String environment, String model) {
    return engineer().get("/v1/environments/" + environment + "/models/" + model + "/live");
  }

  /** Invokes a function that is not behind the API. */
  static JsonNode invoke(RequestStreamHandler function, Object event) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      function.handleRequest(new ByteArrayInputStream(Json.write(event)), out, new TestContext());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Json.read(out.toByteArray(), JsonNode.class);
  }
}
