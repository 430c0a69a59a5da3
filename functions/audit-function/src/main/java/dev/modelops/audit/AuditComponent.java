package dev.modelops.audit;

import dagger.BindsInstance;
import dagger.Component;
import dagger.Module;
import dagger.Provides;
import dev.modelops.edge.Edge;
import dev.modelops.edge.EdgeModule;
import dev.modelops.edge.Router;
import dev.modelops.edge.Routes;
import dev.modelops.store.dynamodb.DynamoDbModule;
import jakarta.inject.Singleton;
import java.util.Map;

/** Wires the audit function. */
@Singleton
@Component(modules = {EdgeModule.class, DynamoDbModule.class, AuditComponent.Wiring.class})
interface AuditComponent {

  Router router();

  /** Makes the component from a function's environment. */
  @Component.Factory
  interface Factory {
    AuditComponent create(@BindsInstance Map<String, String> env);
  }

  /** What this function binds. */
  @Module
  interface Wiring {

    @Provides
    static Router router(Edge edge, TrailResource trail, VerifyResource verify) {
      return edge.router("audit", new Routes()
          .bind("queryAudit", trail::query)
          .bind("listEntityAudit", trail::ofEntity)
          .bind("verifyEntity", verify::verify));
    }
  }
}
