package dev.modelops.access;

import dagger.BindsInstance;
import dagger.Component;
import dev.modelops.domain.Entities;
import dev.modelops.domain.access.Subjects;
import dev.modelops.domain.access.TokenUse;
import dev.modelops.domain.audit.AuditLog;
import dev.modelops.domain.change.Changes;
import dev.modelops.embedded.TestAws;
import dev.modelops.store.dynamodb.DynamoDbModule;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Map;

/** The store behind the functions, to look at what they left there. */
@Singleton
@Component(modules = DynamoDbModule.class)
interface TestStore {

  Entities entities();

  Changes changes();

  Subjects subjects();

  TokenUse use();

  AuditLog audit();

  static TestStore of(TestAws aws, Clock clock) {
    return DaggerTestStore.factory().create(aws.env("TokensFunction"), clock);
  }

  @Component.Factory
  interface Factory {
    TestStore create(@BindsInstance Map<String, String> env, @BindsInstance Clock clock);
  }
}
