package dev.modelops.front;

import dagger.BindsInstance;
import dagger.Component;
import dev.modelops.edge.EdgeModule;
import dev.modelops.edge.Router;
import jakarta.inject.Singleton;
import java.util.Map;

@Singleton
@Component(modules = {EdgeModule.class, FrontModule.class})
interface FrontComponent {
  Router router();

  @Component.Factory
  interface Factory {
    FrontComponent create(@BindsInstance Map<String, String> env);
  }
}
