package dev.modelops.access;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKMatcher;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The public keys of issuers. Kept for some minutes; asked for again before that when a token names a key that is not
 * among them, but at most once a minute, so that forged tokens do not make us a nuisance. While an issuer is down its last
 * keys serve on for a bounded time.
 */
final class IssuerKeys {

  static final Duration FRESH = Duration.ofMinutes(5);
  static final Duration STALE = Duration.ofHours(1);
  static final Duration BETWEEN_FETCHES = Duration.ofMinutes(1);
  /** Shorter while there is nothing to serve at all. */
  static final Duration BETWEEN_FIRST_TRIES = Duration.ofSeconds(5);
  private static final int SMALLEST_RSA = 2048;

  /** Where the keys of an issuer are; by discovery when no URI is given. */
  record Source(String issuer, @Nullable String jwksUri) {}

  /** The keys cannot be had. */
  static final class Unavailable extends Exception {
    private static final long serialVersionUID = 1;

    Unavailable(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  private final Fetch fetch;
  private final Clock clock;
  private final Map<Source, Held> held = new ConcurrentHashMap<>();

  IssuerKeys(Fetch fetch, Clock clock) {
    this.fetch = fetch;
    this.clock = clock;
  }

  /** The keys that may have signed under this header; none when the issuer has no such key. */
  List<JWK> matching(Source source, JWSHeader header) throws Unavailable {
    Held keys = held.computeIfAbsent(source, Held::new);
    JWKSelector selector = new JWKSelector(JWKMatcher.forJWSHeader(header));
    List<JWK> found = select(selector, keys.current());
    return found.isEmpty() ? select(selector, keys.newer()) : found;
  }

  private static List<JWK> select(JWKSelector selector, JWKSet keys) {
    return selector.select(keys).stream()
        .filter(key -> !key.isPrivate())
        .filter(key -> !key.getKeyType().equals(KeyType.RSA) || key.size() >= SMALLEST_RSA)
        .toList();
  }

  /** What is known of one issuer. One thread fetches, the others wait for it. */
  private final class Held {

    private final Source source;
    private @Nullable JWKSet keys;
    private Instant fetched = Instant.MIN;
    private Instant tried = Instant.MIN;

    Held(Source source) {
      this.source = source;
    }

    synchronized JWKSet current() throws Unavailable {
      Instant now = clock.instant();
      JWKSet known = keys;
      if (known != null && now.isBefore(fetched.plus(FRESH))) {
        return known;
      }
      Duration pause = known == null ? BETWEEN_FIRST_TRIES : BETWEEN_FETCHES;
      if (!now.isBefore(tried.plus(pause))) {
        try {
          return load(now);
        } catch (IOException | ParseException | RuntimeException e) {
          return lasting(known, now, e);
        }
      }
      return lasting(known, now, null);
    }

    synchronized JWKSet newer() throws Unavailable {
      Instant now = clock.instant();
      JWKSet known = current();
      if (now.isBefore(tried.plus(BETWEEN_FETCHES))) {
        return known;
      }
      try {
        return load(now);
      } catch (IOException | ParseException | RuntimeException e) {
        return known; // the issuer is down: the key stays unknown
      }
    }

    private JWKSet lasting(@Nullable JWKSet known, Instant now, @Nullable Throwable cause) throws Unavailable {
      if (known != null && now.isBefore(fetched.plus(STALE))) {
        return known;
      }
      throw new Unavailable("the issuer's keys cannot be read", cause);
    }

    private JWKSet load(Instant now) throws IOException, ParseException {
      tried = now;
      JWKSet loaded = JWKSet.parse(text(fetch.get(location())));
      keys = loaded;
      fetched = now;
      return loaded;
    }

    private URI location() throws IOException, ParseException {
      String jwksUri = source.jwksUri();
      if (jwksUri != null) {
        return uri(jwksUri);
      }
      String issuer = source.issuer();
      String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
      Map<String, Object> configuration =
          JSONObjectUtils.parse(text(fetch.get(uri(base + "/.well-known/openid-configuration"))));
      // OpenID Connect Discovery 4.3: or one tenant's document could stand in for another's.
      if (!issuer.equals(configuration.get("issuer"))) {
        throw new IOException("the discovery document names another issuer");
      }
      return uri(String.valueOf(configuration.get("jwks_uri")));
    }
  }

  private static URI uri(String text) throws IOException {
    try {
      return URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new IOException("not a URI", e);
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
