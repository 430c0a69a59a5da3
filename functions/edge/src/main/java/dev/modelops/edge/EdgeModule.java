package dev.modelops.edge;

import dagger.BindsOptionalOf;
import dagger.Module;
import dagger.Provides;
import dev.modelops.domain.Ids;
import dev.modelops.domain.access.Subjects;
import dev.modelops.domain.change.Changes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;

/** Provides clock, ids, contract, cursors and {@link Edge}. Needs the environment as a {@code Map<String, String>}. */
@Module
public interface EdgeModule {
  /** Bound by the store's module, where there is one. */
  @BindsOptionalOf
  Changes changes();

  /** Bound by the store's module, where there is one. */
  @BindsOptionalOf
  Subjects subjects();

  @Provides
  static Clock clock() {
    return Clock.systemUTC();
  }

  @Provides
  static Ids ids(Clock clock) {
    return new Ids(clock);
  }

  @Provides
  static Contract contract() {
    return Contract.shipped();
  }

  @Provides
  @Singleton
  static Cursors cursors(Map<String, String> env, Clock clock) {
    return new Cursors(CursorKeys.in(env, clock));
  }

  @Provides
  @Singleton
  static Edge edge(Contract contract, Cursors cursors, Clock clock, Optional<Changes> changes,
      Optional<Subjects> subjects) {
    return new Edge(contract, cursors, clock, changes, subjects);
  }
}
