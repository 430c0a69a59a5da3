package dev.modelops.registry;

import dagger.BindsInstance;
import dagger.Component;
import dev.modelops.domain.registry.ArtifactStore;
import dev.modelops.domain.registry.Manifests;
import dev.modelops.edge.EdgeModule;
import dev.modelops.edge.Router;
import dev.modelops.store.dynamodb.DynamoDbModule;
import dev.modelops.store.s3.S3Module;
import jakarta.inject.Singleton;
import java.util.Map;

/** The whole of the registry's API. */
@Singleton
@Component(modules = {EdgeModule.class, DynamoDbModule.class, S3Module.class, RegistryModule.class})
interface RegistryComponent {

  Router router();

  ArtifactStore artifacts();

  Manifests manifests();

  @Component.Factory
  interface Factory {
    RegistryComponent create(@BindsInstance Map<String, String> env);
  }
}
