package dev.modelops.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Subjects.Subject;
import dev.modelops.domain.change.Unavailable;
import dev.modelops.testkit.Faults;
import dev.modelops.testkit.Faults.Kind;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;

/**
 * Every call of the authorizer may fail, done or not. Nobody is ever refused for it, since the gateway would remember that:
 * a store that cannot be read is an error, a note that cannot be written is none, and whoever comes again is let in.
 */
class AuthorizerFaultsTest {

  @RegisterExtension private static final AuthorizerStage STAGE = new AuthorizerStage();

  private interface Credential {
    String of(int round) throws Exception;
  }

  private interface Check {
    void of(Caller caller) throws Exception;
  }

  private static AuthorizerFunction sandbox() {
    return new AuthorizerFunction(
        STAGE.aws.env("AuthorizerFunction", Map.of(AccessModule.LOOPBACK_ISSUERS, "true")), STAGE.clock);
  }

  /** Makes every call of a new sandbox fail in turn; then the same one is asked again, or another when it was killed. */
  private static void everywhere(Kind kind, int calls, Credential credentials, Check check) throws Exception {
    int call = 0;
    for (boolean struck = true; struck; call++) {
      String credential = credentials.of(call);
      AuthorizerFunction sandbox = sandbox();
      AtomicInteger before = new AtomicInteger(call);
      AtomicReference<@Nullable SdkRequest> failed = new AtomicReference<>();
      try (Faults.Armed fault = Faults.arm(kind, request -> {
        boolean hit = request instanceof DynamoDbRequest && before.getAndDecrement() == 0;
        if (hit) {
          failed.set(request);
        }
        return hit;
      }, 1)) {
        boolean accepted = accepts(sandbox, credential);
        struck = fault.struck() > 0;
        boolean killed = kind == Kind.KILLED_BEFORE || kind == Kind.KILLED_AFTER;
        boolean only = !struck || failed.get() instanceof PutItemRequest && !killed;
        assertThat(accepted).as("accepted with %s at call %d", kind, call + 1).isEqualTo(only);
        sandbox = killed ? sandbox() : sandbox;
      }
      check.of(AuthorizerStage.caller(sandbox, credential));
    }
    assertThat(call).as("calls that failed, and a request without").isEqualTo(calls + 1);
  }

  /** Whether the caller is let in; otherwise the function has failed. */
  private static boolean accepts(AuthorizerFunction sandbox, String credential) throws IOException {
    try {
      AuthorizerStage.caller(sandbox, credential);
      return true;
    } catch (Unavailable | Faults.Killed failed) {
      return false;
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"NOT_SENT", "ANSWER_LOST", "THROTTLED", "KILLED_BEFORE", "KILLED_AFTER"})
  void the_bearer_of_an_api_token_is_let_in_and_its_day_is_noted(Kind kind) throws Exception {
    everywhere(kind, 2, round -> STAGE.issued(Duration.ofDays(1)).text(), caller -> {
      String token = caller.credential();
      assertThat(caller.subject()).isEqualTo("svc_ci");
      assertThat(STAGE.store.use().lastUsed(List.of(token)))
          .isEqualTo(Map.of(token, LocalDate.ofInstant(STAGE.clock.instant(), ZoneOffset.UTC)));
    });
  }

  @ParameterizedTest
  @EnumSource(names = {"NOT_SENT", "ANSWER_LOST", "THROTTLED", "KILLED_BEFORE", "KILLED_AFTER"})
  void the_bearer_of_a_jwt_is_let_in_and_the_name_is_known(Kind kind) throws Exception {
    everywhere(kind, 3,
        round -> STAGE.github.signed(STAGE.workflow(STAGE.github).subject(kind + "-" + round).build()), caller -> {
          assertThat(caller.credential()).isEqualTo("github");
          assertThat(STAGE.store.subjects().get(caller.subject()).map(Subject::displayName)).contains("acme/fraud");
        });
  }

  @ParameterizedTest
  @EnumSource(names = "CONFLICT")
  void a_note_that_meets_a_transaction_is_written_all_the_same(Kind kind) throws Exception {
    everywhere(kind, 1, round -> STAGE.issued(Duration.ofDays(1)).text(),
        caller -> assertThat(STAGE.store.use().lastUsed(List.of(caller.credential()))).hasSize(1));
  }
}
