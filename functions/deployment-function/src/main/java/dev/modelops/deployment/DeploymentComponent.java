package dev.modelops.deployment;

import dagger.BindsInstance;
import dagger.Component;
import dagger.Module;
import dagger.Provides;
import dev.modelops.domain.change.Changes;
import dev.modelops.edge.Edge;
import dev.modelops.edge.EdgeModule;
import dev.modelops.edge.Router;
import dev.modelops.edge.Routes;
import dev.modelops.store.dynamodb.DynamoDbModule;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Map;

/** Everything that the functions of this module are made of. */
@Singleton
@Component(modules = {EdgeModule.class, DynamoDbModule.class, DeploymentComponent.Wiring.class})
interface DeploymentComponent {

  Router router();

  AutoDeploy autoDeploy();

  Overdue overdue();

  Changes changes();

  Clock clock();

  /** Makes it from a function's environment. */
  @Component.Factory
  interface Factory {
    DeploymentComponent create(@BindsInstance Map<String, String> env);
  }

  static DeploymentComponent of(Map<String, String> env) {
    return DaggerDeploymentComponent.factory().create(env);
  }

  /** Which resource serves which operation. */
  @Module
  interface Wiring {

    @Provides
    static Router router(Edge edge, EnvironmentResource environments, GateResource gate, DeploymentResource deployments,
        ApprovalResource approvals, RollbackResource rollbacks, AutoDeployResource autoDeploy, LiveResource live) {
      Routes routes = new Routes();
      environments.bind(routes);
      gate.bind(routes);
      deployments.bind(routes);
      approvals.bind(routes);
      rollbacks.bind(routes);
      autoDeploy.bind(routes);
      live.bind(routes);
      return edge.router("deployment", routes);
    }
  }
}
