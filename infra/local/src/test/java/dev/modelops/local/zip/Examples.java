package dev.modelops.local.zip;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.modelops.domain.Entity;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Role;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.Operations;
import dev.modelops.testkit.Operations.Operation;
import dev.modelops.testkit.TestCallers;
import dev.modelops.testkit.Writes;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** All that the contract's examples speak of, in a store and made from those examples: who asks for one finds it. */
final class Examples {

  private final Function<String, RequestStreamHandler> functions;
  private final Writes writes;
  /** What stands in an example for an id that nobody can choose, and the id. */
  private final Map<String, String> ids = new TreeMap<>();

  /** @param functions by their ids: what all is made with */
  Examples(Function<String, RequestStreamHandler> functions) {
    this.functions = functions;
    writes = new Writes(functions);
    make("putDepartment");
    make("putIdentityProvider");
    Answer token = make("createToken");
    ids.put("tok_01kay9t3p8q2m5v7x9z1b3d5f7", token.text("/token/id"));
    ids.put("usr_7k2mq9x4v1c8n3b6z5w0d2f4h6", token.text("/token/subject/id"));
    make("putModel");
    make("createVersion");
    client("createVersion").post("/v1/models/card-fraud/versions", Map.of()).is(201);
    client("createVersion").post("/v1/models/card-fraud/versions", Map.of()).is(201);
    make("postCheck");
    make("putAlias");
    String deployment = make("createDeployment", Role.ML_ENGINEER).text("/id");
    ids.put("dep_01jq0z8k3v4w5x6y7z8a9b0c1d", deployment);
    ApiClient.of(functions.apply("DeploymentFunction"), TestCallers.of(Role.RISK_OFFICER))
        .post("/v1/deployments/" + deployment + "/approvals", Map.of("decision", "approved")).is(200);
    Writes.send(functions, writes.prepare("finalizeVersion", "loaded"), "finalizeVersion").is(200);
    // Of the records that streams deliver.
    client("putModel").put("/v1/models/iris", Map.of("kind", "ml", "department", "credit")).is(201);
  }

  /** Requests that succeed, in worlds of their own beside the examples. */
  Writes writes() {
    return writes;
  }

  /** The event with the ids of this store. */
  byte[] with(byte[] event) {
    String text = new String(event, StandardCharsets.UTF_8);
    for (Map.Entry<String, String> id : ids.entrySet()) {
      text = text.replace(id.getKey(), id.getValue());
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private Answer make(String id) {
    return make(id, Operations.byId(id).role());
  }

  private Answer make(String id, Role role) {
    Operation operation = Operations.byId(id);
    return client(id, role).send(operation.method(), operation.path(),
        operation.body().orElseThrow().getValue().toString().getBytes(StandardCharsets.UTF_8)).is(201);
  }

  /** Who the events come from. */
  private static Caller caller(Role role) {
    return TestCallers.person("usr_example", TestCallers.grant(role, Entity.ORGANISATION));
  }

  private ApiClient client(String id) {
    return client(id, Operations.byId(id).role());
  }

  private ApiClient client(String id, Role role) {
    return ApiClient.of(functions.apply(Operations.byId(id).functionId()), caller(role));
  }
}
