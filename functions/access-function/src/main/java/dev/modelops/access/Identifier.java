package dev.modelops.access;

import dev.modelops.access.Identification.Fault;
import dev.modelops.access.Identification.Unknown;
import dev.modelops.domain.Ids;
import dev.modelops.domain.change.Changes;
import java.time.Clock;

/** Finds out who is calling from the {@code Authorization} header. */
final class Identifier {

  private static final String SCHEME = "bearer ";

  private final ApiTokens tokens;
  private final Jwts jwts;

  Identifier(ApiTokens tokens, Jwts jwts) {
    this.tokens = tokens;
    this.jwts = jwts;
  }

  void forget() {
    jwts.forget();
  }

  /** Before a snapshot: one of each kind that cannot exist, and one that is known. */
  Identification prime(Changes changes) {
    identify(SCHEME + ApiToken.issue(new Ids(Clock.systemUTC()).next("tok")).text());
    identify(SCHEME + "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJub25lIn0.AA");
    return tokens.prime(changes);
  }

  Identification identify(String authorization) {
    if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return new Unknown(Fault.INVALID, "the Authorization header is not of the form: Bearer <token>");
    }
    String credential = authorization.substring(SCHEME.length()).strip();
    if (credential.length() > Jwts.LONGEST) {
      return new Unknown(Fault.INVALID, "the token is too long");
    }
    return credential.startsWith(ApiToken.PREFIX) ? tokens.identify(credential) : jwts.identify(credential);
  }
}
