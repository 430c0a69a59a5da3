package dev.modelops.access;

import dagger.Module;
import dagger.Provides;
import dev.modelops.domain.Entities;
import dev.modelops.domain.access.Subjects;
import dev.modelops.domain.access.TokenUse;
import dev.modelops.domain.change.Changes;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Map;

/** How credentials are examined. */
@Module
interface AccessModule {

  /** Allows issuers on this machine's own addresses, by http too. Set for tests and local runs, never by the template. */
  String LOOPBACK_ISSUERS = "LOOPBACK_ISSUERS";

  @Provides
  @Singleton
  static Identifier identifier(Entities entities, Changes changes, Subjects subjects, TokenUse use, Clock clock,
      Map<String, String> env) {
    Fetch fetch = new PublicHttp(Boolean.parseBoolean(env.get(LOOPBACK_ISSUERS)));
    return new Identifier(new ApiTokens(entities, use, clock),
        new Jwts(new Providers(entities, changes, clock, env), new IssuerKeys(fetch, clock), new Names(subjects),
            clock));
  }
}
