package dev.modelops.front;

import dagger.Module;
import dagger.Provides;
import dev.modelops.edge.Contract;
import dev.modelops.edge.Edge;
import dev.modelops.edge.Router;
import dev.modelops.edge.Routes;
import jakarta.inject.Singleton;

@Module
interface FrontModule {
  @Provides
  @Singleton
  static Router router(Edge edge, Contract contract) {
    FrontResource front = new FrontResource(contract);
    return edge.router("front", new Routes()
        .bind("getFront", front::front)
        .bind("getHealth", front::health)
        .bind("getContract", front::contract)
        .bind("getProblem", front::problem));
  }
}
