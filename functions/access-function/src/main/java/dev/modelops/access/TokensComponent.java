package dev.modelops.access;

import dagger.BindsInstance;
import dagger.Component;
import dev.modelops.edge.EdgeModule;
import dev.modelops.edge.Router;
import dev.modelops.store.dynamodb.DynamoDbModule;
import jakarta.inject.Singleton;
import java.util.Map;

@Singleton
@Component(modules = {EdgeModule.class, DynamoDbModule.class, TokensModule.class})
interface TokensComponent {

  Router router();

  @Component.Factory
  interface Factory {
    TokensComponent create(@BindsInstance Map<String, String> env);
  }
}
