package dev.modelops.registry;

import dagger.BindsInstance;
import dagger.Component;
import dev.modelops.domain.Entities;
import dev.modelops.domain.audit.AuditLog;
import dev.modelops.domain.change.Changes;
import dev.modelops.edge.EdgeModule;
import dev.modelops.store.dynamodb.DynamoDbModule;
import jakarta.inject.Singleton;
import java.util.Map;

/** The store beside the API, for what other functions would have written. */
@Singleton
@Component(modules = {EdgeModule.class, DynamoDbModule.class})
interface StoreComponent {

  Changes changes();

  Entities entities();

  AuditLog audit();

  @Component.Factory
  interface Factory {
    StoreComponent create(@BindsInstance Map<String, String> env);
  }
}
