package dev.modelops.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.OctetSequenceKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.modelops.testkit.MovingClock;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IssuerKeysTest {

  private static final IssuerKeys.Source SOURCE =
      new IssuerKeys.Source("https://issuer.example", "https://issuer.example/keys");

  private final MovingClock clock = new MovingClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final Map<String, String> documents = new HashMap<>();
  private final List<URI> asked = new ArrayList<>();
  private final IssuerKeys keys = new IssuerKeys(this::fetch, clock);

  @BeforeEach
  void publish() throws Exception {
    publish(key("one"));
  }

  @Test
  void keys_are_asked_for_once_while_they_are_fresh() throws Exception {
    for (int i = 0; i < 100; i++) {
      assertThat(keys.matching(SOURCE, header("one"))).hasSize(1);
    }
    assertThat(asked).hasSize(1);

    clock.advance(IssuerKeys.FRESH);
    assertThat(keys.matching(SOURCE, header("one"))).hasSize(1);
    assertThat(asked).hasSize(2);
  }

  @Test
  void an_unknown_key_is_asked_for_at_most_once_a_minute() throws Exception {
    assertThat(keys.matching(SOURCE, header("one"))).hasSize(1);
    clock.advance(Duration.ofMinutes(1));
    for (int i = 0; i < 1000; i++) {
      assertThat(keys.matching(SOURCE, header("forged-" + i))).isEmpty();
    }
    assertThat(asked).hasSize(2);

    clock.advance(Duration.ofSeconds(59));
    keys.matching(SOURCE, header("forged"));
    assertThat(asked).hasSize(2);
    clock.advance(Duration.ofSeconds(1));
    keys.matching(SOURCE, header("forged"));
    assertThat(asked).hasSize(3);
  }

  @Test
  void a_key_published_anew_is_found_after_a_minute() throws Exception {
    keys.matching(SOURCE, header("one"));
    publish(key("one"), key("two"));
    assertThat(keys.matching(SOURCE, header("two"))).isEmpty();

    clock.advance(Duration.ofMinutes(1));
    assertThat(keys.matching(SOURCE, header("two"))).hasSize(1);
  }

  @Test
  void while_the_issuer_is_down_its_keys_serve_on_for_an_hour_and_no_longer() throws Exception {
    keys.matching(SOURCE, header("one"));
    documents.clear();

    clock.advance(Duration.ofMinutes(30));
    assertThat(keys.matching(SOURCE, header("one"))).hasSize(1);
    assertThat(keys.matching(SOURCE, header("one"))).hasSize(1);
    assertThat(asked).as("a failed try is not repeated at once").hasSize(2);

    clock.advance(Duration.ofMinutes(30));
    assertThatThrownBy(() -> keys.matching(SOURCE, header("one"))).isInstanceOf(IssuerKeys.Unavailable.class);
    publish(key("one"));
    clock.advance(Duration.ofMinutes(1));
    assertThat(keys.matching(SOURCE, header("one"))).hasSize(1);
  }

  @Test
  void an_issuer_that_never_answered_is_tried_again_every_few_seconds_only() throws Exception {
    documents.clear();
    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(() -> keys.matching(SOURCE, header("one"))).isInstanceOf(IssuerKeys.Unavailable.class);
    }
    assertThat(asked).hasSize(1);

    clock.advance(IssuerKeys.BETWEEN_FIRST_TRIES);
    publish(key("one"));
    assertThat(keys.matching(SOURCE, header("one"))).hasSize(1);
  }

  @Test
  void keys_are_discovered_from_a_document_that_names_the_issuer_itself() throws Exception {
    IssuerKeys.Source discovered = new IssuerKeys.Source("https://issuer.example/tenant/", null);
    String place = "https://issuer.example/tenant/.well-known/openid-configuration";
    documents.put(place,
        "{\"issuer\":\"https://issuer.example/tenant/\",\"jwks_uri\":\"https://issuer.example/keys\"}");

    assertThat(keys.matching(discovered, header("one"))).hasSize(1);
    assertThat(asked).containsExactly(URI.create(place), URI.create("https://issuer.example/keys"));
  }

  @Test
  void a_document_of_another_issuer_is_not_believed() {
    IssuerKeys.Source discovered = new IssuerKeys.Source("https://issuer.example/a", null);
    documents.put("https://issuer.example/a/.well-known/openid-configuration",
        "{\"issuer\":\"https://issuer.example/b\",\"jwks_uri\":\"https://issuer.example/keys\"}");

    assertThatThrownBy(() -> keys.matching(discovered, header("one"))).isInstanceOf(IssuerKeys.Unavailable.class);
  }

  @Test
  void nonsense_instead_of_keys_is_no_failure_of_ours() {
    for (String nonsense : List.of("", "null", "[]", "<html>", "{\"keys\":7}", "{\"keys\":[{}]}", "{".repeat(20_000))) {
      documents.put("https://issuer.example/keys", nonsense);
      clock.advance(IssuerKeys.BETWEEN_FIRST_TRIES);
      assertThatThrownBy(() -> keys.matching(SOURCE, header("one"))).isInstanceOf(IssuerKeys.Unavailable.class);
    }
  }

  @Test
  void secret_and_private_keys_sign_nothing_though_they_are_published() throws Exception {
    ECKey leaked = new ECKeyGenerator(Curve.P_256).keyID("leaked").generate();
    JWK secret = new OctetSequenceKeyGenerator(256).keyID("secret").generate();
    documents.put("https://issuer.example/keys", new JWKSet(List.of(leaked, secret)).toString(false));

    assertThat(keys.matching(SOURCE, header("leaked"))).isEmpty();
    assertThat(keys.matching(SOURCE, new JWSHeader.Builder(JWSAlgorithm.HS256).keyID("secret").build())).isEmpty();
  }

  @Test
  void a_weak_key_signs_nothing() throws Exception {
    documents.put("https://issuer.example/keys",
        new JWKSet(List.<JWK>of(new RSAKeyGenerator(1024, true).keyID("weak").generate().toPublicJWK(),
            new RSAKeyGenerator(2048).keyID("strong").generate().toPublicJWK())).toString());

    assertThat(keys.matching(SOURCE, new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("weak").build())).isEmpty();
    assertThat(keys.matching(SOURCE, new JWSHeader.Builder(JWSAlgorithm.RS256).keyID("strong").build())).hasSize(1);
  }

  private byte[] fetch(URI uri) throws IOException {
    asked.add(uri);
    String document = documents.get(uri.toString());
    if (document == null) {
      throw new IOException("down");
    }
    return document.getBytes(StandardCharsets.UTF_8);
  }

  private void publish(ECKey... published) {
    documents.put("https://issuer.example/keys", new JWKSet(List.<JWK>of(published)).toString());
  }

  private static ECKey key(String id) throws Exception {
    return new ECKeyGenerator(Curve.P_256).keyID(id).generate().toPublicJWK();
  }

  private static JWSHeader header(String kid) {
    return new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(kid).build();
  }
}
