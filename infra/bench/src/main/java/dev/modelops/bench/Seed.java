package dev.modelops.bench;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.modelops.access.FirstTokens;
import dev.modelops.deployment.DeploymentFunction;
import dev.modelops.domain.access.Role;
import dev.modelops.embedded.TestAws;
import dev.modelops.registry.RegistryFunction;
import java.io.IOException;
import java.util.Map;

/** What has to be there before anything can be measured. */
final class Seed {
  private Seed() {}

  /**
   * A department, a model in it, and a version of it that is live.
   *
   * @return tokens by role
   */
  static Map<String, String> plant(TestAws aws) throws IOException {
    Map<String, String> tokens = FirstTokens.make(aws.env("TokensFunction"));
    RequestStreamHandler registry = new RegistryFunction(aws.env("RegistryFunction"));
    String model = "/v1/models/" + ApiEvents.MODEL;
    Calls.quietly(registry, ApiEvents.event("PUT", model, ApiEvents.MODEL_BODY, Role.ML_ENGINEER));
    Calls.quietly(registry, ApiEvents.event("POST", model + "/versions", ApiEvents.READY_BODY, Role.ML_ENGINEER));
    Calls.quietly(new DeploymentFunction(aws.env("DeploymentFunction")),
        ApiEvents.event("POST", "/v1/deployments", ApiEvents.DEPLOYMENT_BODY, Role.ML_ENGINEER));
    return tokens;
  }
}
