package dev.modelops.testkit;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.modelops.domain.access.Role;
import dev.modelops.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A request of every operation that writes, in a world of its own in which it succeeds. */
public final class Writes {

  /**
   * A request.
   *
   * @param name occurs in all that it is about, and nowhere else
   * @param address where it comes from
   */
  public record Ask(String name, Role role, String path, @Nullable Object body, Map<String, String> headers,
      String address) {

    public Ask with(String header, String value) {
      Map<String, String> more = new TreeMap<>(headers);
      more.put(header, value);
      return new Ask(name, role, path, body, more, address);
    }

    public Ask from(String other) {
      return new Ask(name, role, path, body, headers, other);
    }

    /** @param other a body; octets as they are, anything else as JSON */
    public Ask saying(Object other) {
      return new Ask(name, role, path, other, headers, address);
    }

    public Ask ifMatch(String etag) {
      return with("If-Match", etag);
    }
  }

  private final Function<String, RequestStreamHandler> functions;
  /** By operation: makes the world that a name stands for, and the request. */
  private final Map<String, Function<String, Ask>> writes = new TreeMap<>();

  /** @param functions by their ids: what worlds are made with */
  public Writes(Function<String, RequestStreamHandler> functions) {
    this.functions = functions;
    send(Role.ADMIN, "putDepartment", "/v1/departments/credit", Map.of()).is(201);
    send(Role.ADMIN, "putEnvironment", "/v1/environments/reported", environment("reported")).is(201);
    access();
    registry();
    deployments();
    writes.put("queryAudit", name -> {
      model(name);
      return ask(Role.AUDITOR, name, "/v1/audit?entity=model:" + name, null).with("Accept", "application/x-ndjson");
    });
    writes.put("ingestMetrics", name -> {
      version(name);
      return ask(Role.ML_ENGINEER, name, "/v1/metrics", Map.of("model", name, "environment", "production", "series",
          List.of(Map.of("metric", "latency_ms", "version", 1, "points",
              List.of(Map.of("time", Instant.now().toString(), "value", 12.5))))));
    });
  }

  public Set<String> operations() {
    return writes.keySet();
  }

  /** Makes the world in which the operation succeeds, and says how it is asked there. */
  public Ask prepare(String operation, String name) {
    Function<String, Ask> write = writes.get(operation);
    if (write == null) {
      throw new AssertionError("say here how " + operation + " is asked");
    }
    return write.apply(name);
  }

  private void access() {
    writes.put("createToken", name -> ask(Role.ADMIN, name, "/v1/tokens", token(name)));
    writes.put("rotateToken", name -> ask(Role.ADMIN, name, "/v1/tokens/" + newToken(name) + "/rotate", Map.of()));
    writes.put("revokeToken", name -> ask(Role.ADMIN, name, "/v1/tokens/" + newToken(name) + "/revoke", null));
    writes.put("putDepartment", name -> ask(Role.ADMIN, name, "/v1/departments/" + name, Map.of("title", name)));
    writes.put("putIdentityProvider",
        name -> ask(Role.ADMIN, name, "/v1/identity-providers/" + name, provider(name)));
    writes.put("deleteIdentityProvider", name -> {
      Answer made = send(Role.ADMIN, "putIdentityProvider", "/v1/identity-providers/" + name, provider(name)).is(201);
      return ask(Role.ADMIN, name, "/v1/identity-providers/" + name, null).ifMatch(etag(made));
    });
    writes.put("eraseSubject", name -> ask(Role.ADMIN, name, "/v1/subjects/usr_" + name, null));
  }

  private void registry() {
    writes.put("putModel", name -> ask(Role.ML_ENGINEER, name, "/v1/models/" + name, model()));
    writes.put("patchModel", name -> {
      Answer made = model(name);
      return ask(Role.ML_ENGINEER, name, "/v1/models/" + name, Map.of("title", "Another")).ifMatch(etag(made));
    });
    writes.put("archiveModel", name -> {
      Answer made = model(name);
      return ask(Role.ML_ENGINEER, name, "/v1/models/" + name + "/archive", null).ifMatch(etag(made));
    });
    writes.put("restoreModel", name -> {
      Answer archived = send(prepare("archiveModel", name), "archiveModel").is(200);
      return ask(Role.ML_ENGINEER, name, "/v1/models/" + name + "/restore", null).ifMatch(etag(archived));
    });
    writes.put("setRiskTier", name -> {
      Answer made = model(name);
      return ask(Role.RISK_OFFICER, name, "/v1/models/" + name + "/risk-tier", Map.of("riskTier", "high"))
          .ifMatch(etag(made));
    });
    writes.put("createVersion", name -> {
      model(name);
      return ask(Role.ML_ENGINEER, name, "/v1/models/" + name + "/versions",
          Map.of("externalId", "build-" + name, "artifacts", List.of(Upload.file())));
    });
    writes.put("patchVersion", name -> {
      Answer made = version(name);
      return ask(Role.ML_ENGINEER, name, "/v1/models/" + name + "/versions/1", Map.of("description", "Better"))
          .ifMatch(etag(made));
    });
    writes.put("finalizeVersion", name -> {
      Upload.once(pending(name).json().at("/uploads/0/grant"));
      return ask(Role.ML_ENGINEER, name, "/v1/models/" + name + "/versions/1/finalize", null);
    });
    writes.put("downloadArtifact", name -> {
      send(prepare("finalizeVersion", name), "finalizeVersion").is(200);
      return ask(Role.ML_ENGINEER, name, "/v1/models/" + name + "/versions/1/artifacts/download?path=model.onnx", null);
    });
    writes.put("archiveVersion", name -> {
      Answer made = version(name);
      return ask(Role.ML_ENGINEER, name, "/v1/models/" + name + "/versions/1/archive", null).ifMatch(etag(made));
    });
    writes.put("withdrawVersion", name -> {
      version(name);
      return ask(Role.ML_ENGINEER, name, "/v1/models/" + name + "/versions/1/withdraw", Map.of("reason", "leaked"));
    });
    writes.put("grantUploads", name -> {
      pending(name);
      return ask(Role.ML_ENGINEER, name, "/v1/models/" + name + "/versions/1/artifacts/uploads", Map.of());
    });
    writes.put("postCheck", name -> {
      version(name);
      return ask(Role.ML_ENGINEER, name, "/v1/models/" + name + "/versions/1/checks",
          Map.of("name", "holdout", "status", "passed", "metrics", Map.of("auc", 0.9)));
    });
    writes.put("putAlias", name -> {
      version(name);
      return ask(Role.ML_ENGINEER, name, "/v1/models/" + name + "/aliases/champion", Map.of("version", 1));
    });
    writes.put("deleteAlias", name -> {
      Answer made = send(prepare("putAlias", name), "putAlias").is(201);
      return ask(Role.ML_ENGINEER, name, "/v1/models/" + name + "/aliases/champion", null).ifMatch(etag(made));
    });
  }

  private void deployments() {
    writes.put("putEnvironment",
        name -> ask(Role.ADMIN, name, "/v1/environments/" + name, environment("recorded")));
    writes.put("createDeployment", name -> {
      deployment(name, "staging");
      return ask(Role.ML_ENGINEER, name, "/v1/deployments", wish(name, "staging"));
    });
    writes.put("decideDeployment", name -> ask(Role.BUSINESS_OWNER, name,
        "/v1/deployments/" + deployment(name, "production") + "/approvals", Map.of("decision", "approved")));
    writes.put("reportDeployment", name -> ask(Role.OPERATOR, name,
        "/v1/deployments/" + deployment(name, "reported") + "/status", Map.of("state", "live")));
    writes.put("cancelDeployment", name -> ask(Role.OPERATOR, name,
        "/v1/deployments/" + deployment(name, "reported") + "/cancel", null));
    writes.put("rollbackDeployment", name -> {
      deployment(name, "staging");
      String second = send(ask(Role.ML_ENGINEER, name, "/v1/deployments", wish(name, "staging")), "createDeployment")
          .is(201).text("/id");
      return ask(Role.OPERATOR, name, "/v1/deployments/" + second + "/rollback", Map.of());
    });
    writes.put("retireDeployment", name -> ask(Role.OPERATOR, name,
        "/v1/deployments/" + deployment(name, "staging") + "/retire", null));
    writes.put("putAutoDeploy", name -> {
      model(name);
      return ask(Role.ML_ENGINEER, name, "/v1/environments/staging/models/" + name + "/auto-deploy",
          Map.of("enabled", true)).ifMatch("\"0\"");
    });
  }

  public static Ask ask(Role role, String name, String path, @Nullable Object body) {
    return new Ask(name, role, path, body, Map.of(), "192.0.2.1");
  }

  private static Map<String, Object> token(String name) {
    return Map.of("name", name, "subject", Map.of("type", "service", "displayName", name), "grants",
        List.of(Map.of("role", "viewer", "department", "credit")));
  }

  String newToken(String name) {
    return send(Role.ADMIN, "createToken", "/v1/tokens", token(name)).is(201).text("/token/id");
  }

  static Map<String, Object> provider(String name) {
    return Map.of("issuer", "https://" + name + ".example", "subjects", "service", "rules", List.of());
  }

  private static Map<String, Object> environment(String mode) {
    return Map.of("mode", mode, "protection", false, "requiredChecks", List.of(), "requireProved", false, "timeLimit",
        "PT1H");
  }

  private static Map<String, Object> model() {
    return Map.of("kind", "ml", "department", "credit", "title", "Card fraud", "tags", Map.of("team", "a"));
  }

  private Answer model(String name) {
    return send(Role.ML_ENGINEER, "putModel", "/v1/models/" + name, model()).is(201);
  }

  private Answer version(String name) {
    model(name);
    return send(Role.ML_ENGINEER, "createVersion", "/v1/models/" + name + "/versions", Map.of()).is(201);
  }

  public Answer pending(String name) {
    model(name);
    return send(Role.ML_ENGINEER, "createVersion", "/v1/models/" + name + "/versions",
        Map.of("artifacts", List.of(Upload.file()))).is(201);
  }

  /** Two ready versions, the first asked for in the environment. */
  private String deployment(String name, String environment) {
    version(name);
    send(Role.ML_ENGINEER, "createVersion", "/v1/models/" + name + "/versions", Map.of()).is(201);
    return send(Role.ML_ENGINEER, "createDeployment", "/v1/deployments",
        Map.of("model", name, "version", 1, "environment", environment)).is(201).text("/id");
  }

  private static Map<String, Object> wish(String name, String environment) {
    return Map.of("model", name, "version", 2, "environment", environment);
  }

  private static String etag(Answer answer) {
    return answer.etag();
  }

  public Answer send(Role role, String operation, String path, @Nullable Object body) {
    return send(ask(role, "", path, body), operation);
  }

  public Answer send(Ask ask, String operation) {
    return send(functions, ask, operation);
  }

  /** Sends a request to other sandboxes of the functions than those that made its world. */
  public static Answer send(Function<String, RequestStreamHandler> functions, Ask ask, String operation) {
    Operations.Operation of = Operations.byId(operation);
    ApiClient client = ApiClient.of(functions.apply(of.functionId()), TestCallers.of(ask.role())).from(ask.address());
    for (Map.Entry<String, String> header : ask.headers().entrySet()) {
      client = client.with(header.getKey(), header.getValue());
    }
    Object body = ask.body();
    return client.send(of.method(), ask.path(),
        body == null ? null : body instanceof byte[] raw ? raw : Json.write(body));
  }

  /** What a request is about, or the list that it is on; empty when it is about nothing that is read. */
  public static Optional<Answer> read(Function<String, RequestStreamHandler> functions, Ask ask, String operation) {
    String template = Operations.byId(operation).template();
    String path = ask.path();
    while (!template.isEmpty()) {
      for (Operations.Operation each : Operations.all()) {
        if (each.method().equals("GET") && each.template().equals(template)) {
          return Optional.of(ApiClient.of(functions.apply(each.functionId()), TestCallers.of(each.role())).get(path));
        }
      }
      template = template.substring(0, template.lastIndexOf('/'));
      path = path.substring(0, path.lastIndexOf('/'));
    }
    return Optional.empty();
  }
}
