package dev.modelops.audit;

import dagger.BindsInstance;
import dagger.Component;
import dev.modelops.domain.access.Subjects;
import dev.modelops.domain.audit.AuditLog;
import dev.modelops.domain.change.Changes;
import dev.modelops.domain.registry.Heads;
import dev.modelops.domain.registry.Manifests;
import dev.modelops.embedded.TestAws;
import dev.modelops.store.dynamodb.DynamoDbModule;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Map;

/** The store itself, to make what the function under test reads. */
@Singleton
@Component(modules = DynamoDbModule.class)
interface TestStore {

  Changes changes();

  AuditLog log();

  Subjects subjects();

  Heads heads();

  Manifests manifests();

  static TestStore of(TestAws aws) {
    return DaggerTestStore.factory().create(aws.env("RegistryFunction"), Clock.systemUTC());
  }

  /** Makes the store. */
  @Component.Factory
  interface Factory {
    TestStore create(@BindsInstance Map<String, String> env, @BindsInstance Clock clock);
  }
}
