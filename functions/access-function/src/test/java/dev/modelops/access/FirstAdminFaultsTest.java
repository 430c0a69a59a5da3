package dev.modelops.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.checker.Checker;
import dev.modelops.domain.Listing;
import dev.modelops.domain.access.Scope;
import dev.modelops.domain.access.Token;
import dev.modelops.embedded.TestAws;
import dev.modelops.json.Json;
import dev.modelops.testkit.Faults;
import dev.modelops.testkit.Faults.Kind;
import dev.modelops.testkit.TestContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import tools.jackson.databind.JsonNode;

/** Every call may fail, done or not; whoever asks again has the token, but where it was made for one who was killed. */
class FirstAdminFaultsTest {

  private static final Map<String, String> ASKED = Map.of("source", FirstAdminFunction.ASKED, "name", "Ada");

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"UNPROCESSED", "PARTLY_PROCESSED"})
  void one_token_is_made_whichever_call_fails(Kind kind) throws IOException {
    int call = 0;
    for (boolean struck = true; struck; call++) {
      try (TestAws aws = TestAws.fresh()) {
        struck = oneIsMade(aws, kind, call);
        Checker.assertSound(aws);
      }
    }
    assertThat(call).as("calls that failed, and none").isGreaterThan(1);
  }

  /** Whether there was such a call. */
  private static boolean oneIsMade(TestAws aws, Kind kind, int call) throws IOException {
    AtomicInteger before = new AtomicInteger(call);
    AtomicReference<@Nullable SdkRequest> failed = new AtomicReference<>();
    boolean struck;
    JsonNode answer;
    try (Faults.Armed fault = Faults.arm(kind, request -> {
      boolean hit = request instanceof DynamoDbRequest && before.getAndDecrement() == 0;
      failed.compareAndSet(null, hit ? request : null);
      return hit;
    }, 1)) {
      answer = ask(new FirstAdminFunction(aws.env("FirstAdminFunction")));
      struck = fault.struck() > 0;
    }
    if (!answer.has("token")) {
      // Another sandbox: the one before may be dead.
      answer = ask(new FirstAdminFunction(aws.env("FirstAdminFunction")));
    }
    String where = kind + " at call " + (call + 1);
    assertThat(tokens(aws)).as(where).hasSize(1);
    if (kind == Kind.KILLED_AFTER && failed.get() instanceof TransactWriteItemsRequest) {
      assertThat(answer.path("refused").asString()).as(where).contains("FirstAdminIssuer");
    } else {
      AuthorizerFunction authorizer = new AuthorizerFunction(aws.env("AuthorizerFunction"));
      assertThat(AuthorizerStage.caller(authorizer, answer.path("token").asString()).subject()).as(where)
          .isEqualTo(answer.path("subject").asString());
    }
    return struck;
  }

  private static List<Token> tokens(TestAws aws) {
    return TestStore.of(aws, Clock.systemUTC()).entities().list(new Listing<>(Token.class,
        new Listing.ByTerm(Scope.ALL, "all", "", true), each -> true, 10, null)).items().stream()
        .map(stored -> stored.entity()).toList();
  }

  /** The answer; an empty one when there is none. */
  private static JsonNode ask(FirstAdminFunction function) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      function.handleRequest(new ByteArrayInputStream(Json.write(ASKED)), out, new TestContext());
      return Json.tree(out.toByteArray());
    } catch (RuntimeException | Faults.Killed failed) {
      return Json.tree("{}".getBytes());
    }
  }
}
