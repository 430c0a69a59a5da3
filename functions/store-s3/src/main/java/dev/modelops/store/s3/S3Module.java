package dev.modelops.store.s3;

import dagger.Module;
import dagger.Provides;
import dev.modelops.domain.registry.ArtifactStore;
import jakarta.inject.Singleton;
import java.util.Map;

/** Provides the port of the domain that S3 serves. Needs the function's environment. */
@Module
public interface S3Module {

  @Provides
  @Singleton
  static ArtifactStore artifacts(Map<String, String> env) {
    return new S3Artifacts(new S3(env), env);
  }
}
