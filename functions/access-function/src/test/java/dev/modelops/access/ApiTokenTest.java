package dev.modelops.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.Ids;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ApiTokenTest {

  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

  private final ApiToken token = ApiToken.issue(new Ids(Clock.systemUTC()).next("tok"));

  @Test
  void a_token_reads_back_as_what_it_was() {
    assertThat(ApiToken.parse(token.text())).contains(token);
    assertThat(token.text()).matches("mop_[0-9a-hjkmnp-tv-z]{85}");
    assertThat(token.matches(token.hash())).isTrue();
  }

  @Test
  void every_single_wrong_character_is_noticed_without_a_read() {
    String text = token.text();
    for (int at = 0; at < text.length(); at++) {
      for (char other : (ALPHABET + "_ACil\u00e9 ").toCharArray()) {
        if (text.charAt(at) != other) {
          assertThat(ApiToken.parse(text.substring(0, at) + other + text.substring(at + 1))).isEmpty();
        }
      }
    }
  }

  @Test
  void a_token_cut_short_drawn_out_or_in_capitals_is_none() {
    String text = token.text();
    for (int length = 0; length < text.length(); length++) {
      assertThat(ApiToken.parse(text.substring(0, length))).isEmpty();
    }
    assertThat(ApiToken.parse(text + "0")).isEmpty();
    assertThat(ApiToken.parse(text + "\n")).isEmpty();
    assertThat(ApiToken.parse(text.toUpperCase(java.util.Locale.ROOT))).isEmpty();
  }

  @Test
  void secrets_are_never_the_same_and_hold_256_bits() {
    Set<String> secrets = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      secrets.add(ApiToken.issue(token.id()).secret());
    }
    assertThat(secrets).hasSize(1000).allMatch(secret -> secret.length() * 5 >= 256);
  }

  @Test
  void another_secret_does_not_match_and_the_secret_is_not_what_is_stored_or_printed() {
    assertThat(token.matches(ApiToken.issue(token.id()).hash())).isFalse();
    assertThat(token.hash()).hasSize(64).doesNotContain(token.secret());
    assertThat(token.toString()).doesNotContain(token.secret());
  }

  @Property(tries = 500)
  void any_text_is_read_without_failure(@ForAll String text) {
    assertThat(ApiToken.parse(text)).isEmpty();
    assertThat(ApiToken.parse("mop_" + text)).isEmpty();
  }
}
