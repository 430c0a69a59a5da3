package dev.modelops.access;

import dagger.Module;
import dagger.Provides;
import dev.modelops.edge.Edge;
import dev.modelops.edge.Router;
import dev.modelops.edge.Routes;
import jakarta.inject.Singleton;

/** Binds the operations of access to their resources. */
@Module
interface TokensModule {

  @Provides
  @Singleton
  static Router router(Edge edge, WhoAmI whoAmI, TokenResource tokens, TokenReads reads, DepartmentResource departments,
      IdentityProviderResource providers, SubjectResource subjects) {
    Routes routes = new Routes();
    whoAmI.bind(routes);
    tokens.bind(routes);
    reads.bind(routes);
    departments.bind(routes);
    providers.bind(routes);
    subjects.bind(routes);
    return edge.router("tokens", routes);
  }
}
