package dev.modelops.registry;

import dagger.Module;
import dagger.Provides;
import dev.modelops.edge.Edge;
import dev.modelops.edge.Router;
import dev.modelops.edge.Routes;
import jakarta.inject.Singleton;
import java.util.Map;

/** Binds the operations of the registry to their resources. */
@Module
interface RegistryModule {

  @Provides
  static Limits limits(Map<String, String> env) {
    return Limits.of(env);
  }

  @Provides
  @Singleton
  static Router router(Edge edge, Models models, Versions versions, Artifacts artifacts, Checks checks,
      Aliases aliases) {
    Routes routes = new Routes();
    models.bind(routes);
    versions.bind(routes);
    artifacts.bind(routes);
    checks.bind(routes);
    aliases.bind(routes);
    return edge.router("registry", routes);
  }
}
