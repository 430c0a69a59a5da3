package dev.modelops.access;

import dagger.BindsInstance;
import dagger.Component;
import dev.modelops.domain.change.Changes;
import dev.modelops.store.dynamodb.DynamoDbModule;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Map;

@Singleton
@Component(modules = {AccessModule.class, DynamoDbModule.class})
interface AuthorizerComponent {

  Identifier identifier();

  /** For its rehearsal only. */
  Changes changes();

  @Component.Factory
  interface Factory {
    AuthorizerComponent create(@BindsInstance Map<String, String> env, @BindsInstance Clock clock);
  }
}
