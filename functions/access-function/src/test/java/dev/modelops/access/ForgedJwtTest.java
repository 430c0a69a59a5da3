package dev.modelops.access;

import static dev.modelops.access.AuthorizerStage.bearer;
import static dev.modelops.access.AuthorizerStage.context;
import static dev.modelops.access.AuthorizerStage.flipped;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ForgedJwtTest {

  @RegisterExtension private static final AuthorizerStage STAGE = new AuthorizerStage();
  private static final TestIssuer GITHUB = STAGE.github;
  private static final TestIssuer OKTA = STAGE.okta;
  private static final TestIssuer STRANGER = STAGE.stranger;

  @ParameterizedTest
  @MethodSource("forgeries")
  void a_forged_jwt_is_refused(String how, String jwt) throws Exception {
    assertThat(STAGE.refused(jwt)).as(how).isEqualTo("invalid");
  }

  static Stream<Arguments> forgeries() throws Exception {
    JWTClaimsSet claims = STAGE.workflow(GITHUB).build();
    RSAKey own = TestIssuer.rsa();
    String valid = GITHUB.signed(JWSAlgorithm.RS256, claims);
    String[] parts = valid.split("\\.");
    String none = new PlainJWT(claims).serialize();
    byte[] publicKey = GITHUB.rsa.toRSAPublicKey().getEncoded();
    String pem = "-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(publicKey)
        + "\n-----END PUBLIC KEY-----\n";
    JWSHeader hmac = new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("rsa").build();
    JWSHeader rs256 = new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa").build();
    String foreignClaims =
        Base64URL.encode(STAGE.workflow(GITHUB).claim("repository_id", "1").build().toString()).toString();
    return Stream.of(
        args("alg none", none),
        args("alg none with the signature of another", none + parts[2]),
        args("alg none spelt otherwise", Base64URL.encode("{\"alg\":\"nOnE\"}") + "." + parts[1] + "."),
        args("no signature", parts[0] + "." + parts[1] + "."),
        args("HMAC with the public key", TestIssuer.signed(hmac, claims, new MACSigner(publicKey))),
        args("HMAC with the public key as PEM",
            TestIssuer.signed(hmac, claims, new MACSigner(pem.getBytes(StandardCharsets.UTF_8)))),
        args("a key of the forger's own under the issuer's kid",
            TestIssuer.signed(rs256, claims, new RSASSASigner(own))),
        args("a key of the forger's own in the header", TestIssuer.signed(
            new JWSHeader.Builder(JWSAlgorithm.RS256).jwk(own.toPublicJWK()).build(), claims, new RSASSASigner(own))),
        args("a place of the forger's own in the header", TestIssuer.signed(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa").jwkURL(URI.create(STRANGER.url() + "/jwks"))
                .build(),
            claims, new RSASSASigner(STRANGER.rsa))),
        args("the kid of another of the issuer's keys", TestIssuer.signed(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID("ec384").build(), claims, new ECDSASigner(GITHUB.ec256))),
        args("an unknown kid", TestIssuer.signed(
            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("../rsa").build(), claims, new RSASSASigner(GITHUB.rsa))),
        args("an algorithm that is not accepted", TestIssuer.signed(
            new JWSHeader.Builder(JWSAlgorithm.RS512).keyID("rsa").build(), claims, new RSASSASigner(GITHUB.rsa))),
        args("signed by the key of another issuer", TestIssuer.signed(rs256, claims, new RSASSASigner(OKTA.rsa))),
        args("claims exchanged", parts[0] + "." + foreignClaims + "." + parts[2]),
        args("header exchanged",
            Base64URL.encode("{\"alg\":\"RS256\",\"kid\":\"ec256\"}") + "." + parts[1] + "." + parts[2]),
        args("a critical extension", TestIssuer.signed(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa")
            .criticalParams(Set.of("exp")).customParam("exp", 1).build(), claims, new RSASSASigner(GITHUB.rsa))),
        args("a JWT of another kind", TestIssuer.signed(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("rsa")
            .type(new JOSEObjectType("logout+jwt")).build(), claims, new RSASSASigner(GITHUB.rsa))),
        args("an empty ECDSA signature",
            Base64URL.encode("{\"alg\":\"ES256\",\"kid\":\"ec256\"}") + "." + parts[1] + "."
                + Base64URL.encode(new byte[64])),
        args("truncated", valid.substring(0, valid.length() - 10)),
        args("another spelling of the same signature", respelt(valid)),
        args("drawn out", valid + "A"),
        args("five parts", parts[0] + "..." + parts[1] + "." + parts[2]),
        args("no JSON", Base64URL.encode("{") + "." + parts[1] + "." + parts[2]),
        args("deep JSON", Base64URL.encode("{\"alg\":\"RS256\"}") + "." + Base64URL.encode("[".repeat(5000)) + ".AA"),
        args("enormous", "a".repeat(1_000_000)),
        args("too long by its padding claims",
            GITHUB.signed(STAGE.workflow(GITHUB).claim("padding", "x".repeat(8000)).build())),
        args("empty", ""),
        args("dots", ".."));
  }

  /** The last character with other bits where base64 has none to say. */
  private static String respelt(String jwt) {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char last = alphabet.charAt(alphabet.indexOf(jwt.charAt(jwt.length() - 1)) + 1);
    return jwt.substring(0, jwt.length() - 1) + last;
  }

  private static Arguments args(String how, String jwt) {
    return Arguments.of(how, jwt);
  }

  @Test
  void every_flipped_character_of_a_jwt_is_noticed() throws Exception {
    String valid = GITHUB.signed(JWSAlgorithm.ES256, STAGE.workflow(GITHUB).build());
    assertThat(STAGE.accepted(valid)).isNotNull();
    for (int at = 0; at < valid.length(); at++) {
      if (valid.charAt(at) != '.') {
        assertThat(context(STAGE.function, bearer(flipped(valid, at))).has("principal")).as("at " + at).isFalse();
      }
    }
  }
}
