package dev.modelops.whole;

import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.Role;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.Operations.Operation;
import dev.modelops.testkit.Operations;
import dev.modelops.testkit.Writes.Ask;
import dev.modelops.testkit.Writes;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A request of every operation that is asked by GET, in every form in which it answers, in a world in which all succeed. */
final class Readings {

  /** One of them. */
  record Reading(String operation, Ask ask) {
    @Override
    public String toString() {
      return operation + " as " + ask.headers().get("Accept");
    }
  }

  private static final Map<String, String> QUERIES = Map.of("downloadArtifact", "path=model.onnx", "getDeployability",
      "environment=staging", "queryMetrics", "environment=production&series=latency_ms@1", "listSeries",
      "environment=production", "queryAudit", "since=" + Instant.now().minusSeconds(3600));

  private final String name;
  private final Map<String, String> places = new LinkedHashMap<>();

  /** Makes the world. @param name occurs in all that it is about */
  Readings(Writes writes, String name) {
    this.name = name;
    writes.send(writes.prepare("finalizeVersion", name), "finalizeVersion").is(200);
    String version = "/v1/models/" + name + "/versions/1";
    writes.send(Role.ML_ENGINEER, "postCheck", version + "/checks", Map.of("name", "holdout", "status", "passed"))
        .is(201);
    writes.send(Role.ML_ENGINEER, "putAlias", "/v1/models/" + name + "/aliases/champion", Map.of("version", 1)).is(201);
    Answer deployment = writes.send(Role.ML_ENGINEER, "createDeployment", "/v1/deployments",
        Map.of("model", name, "version", 1, "environment", "staging")).is(201);
    Answer token = writes.send(writes.prepare("createToken", name), "createToken").is(201);
    writes.send(writes.prepare("putIdentityProvider", name), "putIdentityProvider").is(201);
    // Of a minute that is over, which stays the same. Without points the version would be looked up, once: it is
    // remembered, and what is asked later makes other calls.
    writes.send(Role.ML_ENGINEER, "ingestMetrics", "/v1/metrics", Map.of("model", name, "environment", "production",
        "series", List.of(Map.of("metric", "latency_ms", "version", 1, "points",
            List.of(Map.of("time", Instant.now().minusSeconds(600).toString(), "value", 12.5))))))
        .is(202);
    places.put("model", name);
    places.put("version", "1");
    places.put("check", "holdout");
    places.put("alias", "champion");
    places.put("deployment", deployment.text("/id"));
    places.put("environment", "staging");
    places.put("token", token.text("/token/id"));
    places.put("subject", token.text("/token/subject/id"));
    places.put("provider", name);
    places.put("department", "credit");
    places.put("entity", "version:" + name + ":1");
    places.put("problem", "precondition-failed");
  }

  Stream<Reading> all() {
    return Operations.all().stream().filter(operation -> operation.method().equals("GET")).flatMap(this::forms);
  }

  private Stream<Reading> forms(Operation operation) {
    String path = operation.template();
    for (Map.Entry<String, String> place : places.entrySet()) {
      path = path.replace("{" + place.getKey() + "}", place.getValue());
    }
    String query = QUERIES.get(operation.id());
    String target = query == null ? path : path + "?" + query;
    Role role = operation.permission() == Permission.SELF ? Role.ADMIN : operation.role();
    List<String> forms = operation.json().at("/responses/200/content").propertyNames().stream().toList();
    return forms.stream().map(
        form -> new Reading(operation.id(), Writes.ask(role, name, target, null).with("Accept", form)));
  }
}
