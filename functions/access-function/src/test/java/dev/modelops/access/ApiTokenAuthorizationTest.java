package dev.modelops.access;

import static dev.modelops.access.AuthorizerStage.bearer;
import static dev.modelops.access.AuthorizerStage.context;
import static dev.modelops.access.AuthorizerStage.flipped;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.Ids;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.SubjectType;
import dev.modelops.domain.access.Token;
import dev.modelops.domain.change.Change;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ApiTokenAuthorizationTest {

  @RegisterExtension private static final AuthorizerStage STAGE = new AuthorizerStage();

  @Test
  void a_valid_api_token_names_its_subject_and_grants() throws Exception {
    ApiToken token = STAGE.issued(Duration.ofDays(1));

    Caller caller = STAGE.accepted(token.text());

    assertThat(caller.subject()).isEqualTo("svc_ci");
    assertThat(caller.type()).isEqualTo(SubjectType.SERVICE);
    assertThat(caller.credential()).isEqualTo(token.id());
    assertThat(caller.expiresAt()).isEqualTo(STAGE.clock.instant().plus(Duration.ofDays(1)));
    assertThat(caller.may(Permission.POST_METRICS, "fraud", "m")).isTrue();
    assertThat(caller.may(Permission.POST_METRICS, "credit", "m")).isFalse();
  }

  @Test
  void an_api_token_with_another_secret_or_of_nobody_is_refused_alike() throws Exception {
    ApiToken token = STAGE.issued(Duration.ofDays(1));

    assertThat(STAGE.refused(ApiToken.issue(token.id()).text())).isEqualTo("invalid");
    assertThat(STAGE.refused(ApiToken.issue(new Ids(STAGE.clock).next("tok")).text())).isEqualTo("invalid");
    assertThat(STAGE.answer(bearer(ApiToken.issue(token.id()).text())))
        .isEqualTo(STAGE.answer(bearer(ApiToken.issue(new Ids(STAGE.clock).next("tok")).text())));
  }

  @Test
  void a_malformed_api_token_is_refused_without_a_read() throws Exception {
    AuthorizerFunction cut = new AuthorizerFunction(STAGE.aws.env("AuthorizerFunction",
        Map.of("AWS_ENDPOINT_URL_DYNAMODB", "http://127.0.0.1:1")), STAGE.clock);
    String text = STAGE.issued(Duration.ofDays(1)).text();

    for (String malformed : List.of(text.substring(1), text.substring(0, 88), text + "0", flipped(text, 40), "mop_")) {
      assertThat(context(cut, bearer(malformed)).path("error").asString()).isEqualTo("invalid");
    }
  }

  @Test
  void an_api_token_ends_when_it_expires() throws Exception {
    ApiToken token = STAGE.issued(Duration.ofMinutes(5));
    assertThat(STAGE.accepted(token.text())).isNotNull();

    STAGE.clock.advance(Duration.ofMinutes(5));

    assertThat(STAGE.refused(token.text())).isEqualTo("expired");
  }

  @Test
  void a_revocation_counts_at_once() throws Exception {
    ApiToken token = STAGE.issued(Duration.ofDays(1));
    assertThat(STAGE.accepted(token.text())).isNotNull();
    Stored<Token> before = STAGE.store.entities().get(Token.class, Ref.token(token.id())).orElseThrow();

    STAGE.commit(Change.replace("token.revoked", before, before.entity().revoked("usr_admin", STAGE.clock.instant())));

    assertThat(STAGE.refused(token.text())).isEqualTo("revoked");
  }

  @Test
  void use_is_noted_to_the_day_and_only_that_of_valid_tokens() throws Exception {
    ApiToken used = STAGE.issued(Duration.ofDays(3));
    ApiToken unused = STAGE.issued(Duration.ofDays(3));
    LocalDate today = LocalDate.ofInstant(STAGE.clock.instant(), ZoneOffset.UTC);
    STAGE.accepted(used.text());
    STAGE.accepted(used.text());
    STAGE.refused(ApiToken.issue(unused.id()).text());

    assertThat(STAGE.store.use().lastUsed(List.of(used.id(), unused.id()))).isEqualTo(Map.of(used.id(), today));

    STAGE.clock.advance(Duration.ofDays(1));
    STAGE.accepted(used.text());
    assertThat(STAGE.store.use().lastUsed(List.of(used.id()))).isEqualTo(Map.of(used.id(), today.plusDays(1)));
    STAGE.store.use().used(used.id(), today);
    assertThat(STAGE.store.use().lastUsed(List.of(used.id()))).as("never back")
        .isEqualTo(Map.of(used.id(), today.plusDays(1)));
    assertThat(STAGE.store.entities().get(Token.class, Ref.token(used.id())).orElseThrow().rev()).isEqualTo(1);
  }
}
