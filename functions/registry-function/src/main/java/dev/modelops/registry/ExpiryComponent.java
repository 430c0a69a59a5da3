package dev.modelops.registry;

import dagger.BindsInstance;
import dagger.Component;
import dev.modelops.edge.EdgeModule;
import dev.modelops.store.dynamodb.DynamoDbModule;
import jakarta.inject.Singleton;
import java.util.Map;

/** What the expiry needs: the store, and nothing of the API. */
@Singleton
@Component(modules = {EdgeModule.class, DynamoDbModule.class})
interface ExpiryComponent {

  Expiry expiry();

  @Component.Factory
  interface Factory {
    ExpiryComponent create(@BindsInstance Map<String, String> env);
  }
}
