package dev.modelops.access;

import dagger.BindsInstance;
import dagger.Component;
import dev.modelops.domain.Entities;
import dev.modelops.domain.access.Subjects;
import dev.modelops.domain.change.Changes;
import dev.modelops.store.dynamodb.DynamoDbModule;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Map;

/** The store without the API before it: for the first credentials, which nobody can ask for there. */
@Singleton
@Component(modules = DynamoDbModule.class)
interface StoreComponent {
  Entities entities();

  Changes changes();

  Subjects subjects();

  @Component.Factory
  interface Factory {
    StoreComponent create(@BindsInstance Map<String, String> env, @BindsInstance Clock clock);
  }
}
