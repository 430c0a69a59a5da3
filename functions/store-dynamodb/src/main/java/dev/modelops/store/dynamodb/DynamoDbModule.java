package dev.modelops.store.dynamodb;

import dagger.Module;
import dagger.Provides;
import dev.modelops.domain.Entities;
import dev.modelops.domain.access.Subjects;
import dev.modelops.domain.access.TokenUse;
import dev.modelops.domain.audit.AuditLog;
import dev.modelops.domain.change.Changes;
import dev.modelops.domain.registry.Heads;
import dev.modelops.domain.registry.Manifests;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Map;

/** Provides the ports of the domain that DynamoDB serves. Needs the function's environment and a clock. */
@Module
public interface DynamoDbModule {

  @Provides
  @Singleton
  static Dynamo dynamo(Map<String, String> env) {
    return new Dynamo(env);
  }

  @Provides
  static Tables tables(Map<String, String> env) {
    return new Tables(env);
  }

  @Provides
  @Singleton
  static DynamoEntities dynamoEntities(Dynamo dynamo, Tables tables) {
    return new DynamoEntities(dynamo, tables);
  }

  @Provides
  static Entities entities(DynamoEntities entities) {
    return entities;
  }

  @Provides
  @Singleton
  static Changes changes(Dynamo dynamo, Tables tables, Clock clock) {
    return new DynamoChanges(dynamo, tables, clock);
  }

  @Provides
  @Singleton
  static Heads heads(Dynamo dynamo, Tables tables) {
    return new DynamoHeads(dynamo, tables);
  }

  @Provides
  @Singleton
  static Manifests manifests(Dynamo dynamo, Tables tables) {
    return new DynamoManifests(dynamo, tables);
  }

  @Provides
  @Singleton
  static AuditLog auditLog(Dynamo dynamo, Tables tables, DynamoEntities entities) {
    return new DynamoAuditLog(dynamo, tables, entities);
  }

  @Provides
  @Singleton
  static Subjects subjects(Dynamo dynamo, Tables tables) {
    return new DynamoSubjects(dynamo, tables);
  }

  @Provides
  @Singleton
  static TokenUse tokenUse(Dynamo dynamo, Tables tables) {
    return new DynamoTokenUse(dynamo, tables);
  }
}
