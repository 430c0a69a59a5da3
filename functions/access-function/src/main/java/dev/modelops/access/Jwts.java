package dev.modelops.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.crypto.factories.DefaultJWSVerifierFactory;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.KeyConverter;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.modelops.access.Identification.Fault;
import dev.modelops.access.Identification.Known;
import dev.modelops.access.Identification.Unknown;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Grant;
import dev.modelops.domain.access.IdentityProvider;
import dev.modelops.domain.access.SubjectType;
import java.security.PublicKey;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Checks JWTs (RFC 7519, RFC 8725). The algorithm must be one of a short list of asymmetric ones and fit a key that the
 * issuer publishes; keys, URLs and certificates in a token's own header are never looked at.
 */
final class Jwts {

  static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256, JWSAlgorithm.ES256, JWSAlgorithm.ES384);
  /** How far an issuer's clock may be ahead of ours. The end of a token is its end: the router knows no skew either. */
  static final Duration SKEW = Duration.ofSeconds(60);
  static final int LONGEST = 8192;
  private static final int LONGEST_SUBJECT = 255;
  private static final Set<JOSEObjectType> TYPES = Set.of(JOSEObjectType.JWT, new JOSEObjectType("at+jwt"));
  private static final List<String> NAMES = List.of("name", "preferred_username", "email", "repository");

  private final Providers providers;
  private final IssuerKeys keys;
  private final Names names;
  private final Clock clock;
  private final DefaultJWSVerifierFactory verifiers = new DefaultJWSVerifierFactory();

  Jwts(Providers providers, IssuerKeys keys, Names names, Clock clock) {
    this.providers = providers;
    this.keys = keys;
    this.names = names;
    this.clock = clock;
  }

  void forget() {
    providers.forget();
  }

  Identification identify(String text) {
    SignedJWT jwt;
    JWTClaimsSet claims;
    try {
      jwt = SignedJWT.parse(text);
      claims = jwt.getJWTClaimsSet();
    } catch (ParseException | RuntimeException e) {
      return invalid("the token is not a signed JWT");
    }
    if (!ALGORITHMS.contains(jwt.getHeader().getAlgorithm())) {
      return invalid("the token's algorithm is not accepted");
    }
    // The decoder is lenient: only one spelling of a signature is taken.
    if (!Base64URL.encode(jwt.getSignature().decode()).equals(jwt.getSignature())) {
      return invalid("the token's signature is not well-formed");
    }
    JOSEObjectType type = jwt.getHeader().getType();
    Set<String> critical = jwt.getHeader().getCriticalParams();
    if (type != null && !TYPES.contains(type) || critical != null && !critical.isEmpty()) {
      return invalid("the token is not an access or identity token");
    }
    String issuer = claims.getIssuer();
    List<IdentityProvider> trusting = issuer == null || issuer.length() > 512 ? List.of() : providers.of(issuer);
    if (trusting.isEmpty()) {
      return new Unknown(Fault.UNKNOWN_ISSUER, "no identity provider accepts tokens of this issuer");
    }
    return combined(trusting.stream().map(provider -> identify(jwt, claims, provider)).toList());
  }

  /** The grants of all that accept the token, under the identity that the first one gives; else the first refusal. */
  private Identification combined(List<Identification> verdicts) {
    List<Caller> callers = verdicts.stream()
        .flatMap(verdict -> verdict instanceof Known known ? Stream.of(known.caller()) : Stream.empty())
        .toList();
    if (callers.isEmpty()) {
      return verdicts.getFirst();
    }
    Caller first = callers.getFirst();
    List<Grant> grants = callers.stream().flatMap(caller -> caller.grants().stream()).distinct().toList();
    Caller caller = new Caller(first.subject(), first.type(), first.displayName(), first.onBehalfOf(), grants,
        first.expiresAt(), first.credential());
    if (!grants.isEmpty()) {
      names.remember(caller); // strangers whom no rule means leave no trace
    }
    return new Known(caller);
  }

  private Identification identify(SignedJWT jwt, JWTClaimsSet claims, IdentityProvider provider) {
    try {
      if (!signed(jwt, provider)) {
        return invalid("the token's signature does not fit any key of its issuer");
      }
    } catch (IssuerKeys.Unavailable e) {
      return new Unknown(Fault.ISSUER_UNAVAILABLE, "the issuer's keys cannot be read at present");
    }
    Unknown refusal = refused(claims, provider);
    return refusal != null ? refusal : caller(claims, provider);
  }

  private boolean signed(SignedJWT jwt, IdentityProvider provider) throws IssuerKeys.Unavailable {
    IssuerKeys.Source source = new IssuerKeys.Source(provider.issuer(), provider.jwksUri());
    for (JWK key : keys.matching(source, jwt.getHeader())) {
      try {
        for (java.security.Key each : KeyConverter.toJavaKeys(List.of(key))) {
          if (each instanceof PublicKey) {
            JWSVerifier verifier = verifiers.createJWSVerifier(jwt.getHeader(), each);
            if (verifier.verify(jwt.getHeader(), jwt.getSigningInput(), jwt.getSignature())) {
              return true;
            }
          }
        }
      } catch (JOSEException e) {
        continue; // a key that does not fit the algorithm signs nothing
      }
    }
    return false;
  }

  private @Nullable Unknown refused(JWTClaimsSet claims, IdentityProvider provider) {
    Instant now = clock.instant();
    Date expires = claims.getExpirationTime();
    String subject = claims.getSubject();
    if (expires == null || subject == null || subject.isEmpty() || subject.length() > LONGEST_SUBJECT) {
      return invalid("the token lacks exp or sub");
    }
    if (!now.isBefore(expires.toInstant())) {
      return new Unknown(Fault.EXPIRED, "the token has expired");
    }
    Instant latest = now.plus(SKEW);
    if (isAfter(claims.getNotBeforeTime(), latest) || isAfter(claims.getIssueTime(), latest)) {
      return invalid("the token is not valid yet");
    }
    return claims.getAudience().contains(provider.audience())
        ? null
        : new Unknown(Fault.WRONG_AUDIENCE, "the token is meant for another audience");
  }

  private static boolean isAfter(@Nullable Date date, Instant latest) {
    return date != null && date.toInstant().isAfter(latest);
  }

  private static Identification caller(JWTClaimsSet claims, IdentityProvider provider) {
    Map<String, Object> all = claims.getClaims();
    String subject = SubjectIds.of(provider.subjects(), provider.issuer(), claims.getSubject());
    String person = provider.onBehalfOfClaim() == null ? null : scalar(all.get(provider.onBehalfOfClaim()));
    String onBehalfOf = person == null ? null : SubjectIds.of(SubjectType.PERSON, provider.issuer(), person);
    return new Known(new Caller(subject, provider.subjects(), name(all), onBehalfOf, provider.grants(all, subject),
        claims.getExpirationTime().toInstant(), provider.name()));
  }

  private static @Nullable String name(Map<String, Object> claims) {
    List<String> found = new ArrayList<>();
    for (String claim : NAMES) {
      if (claims.get(claim) instanceof String text && !text.isBlank()) {
        found.add(text.length() > Names.LONGEST ? text.substring(0, Names.LONGEST) : text);
      }
    }
    return found.isEmpty() ? null : found.getFirst();
  }

  private static @Nullable String scalar(@Nullable Object claim) {
    return switch (claim) {
      case String text -> text.isEmpty() ? null : text;
      case Long number -> number.toString();
      case Integer number -> number.toString();
      case null, default -> null;
    };
  }

  private static Unknown invalid(String description) {
    return new Unknown(Fault.INVALID, description);
  }
}
