package dev.modelops.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.checker.Checker;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.Role;
import dev.modelops.embedded.TestAws;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.Functions;
import dev.modelops.testkit.Operations;
import dev.modelops.testkit.Operations.Operation;
import dev.modelops.testkit.TestCallers;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation asked by every role: who lacks the permission is refused by its name, and nobody else is. */
class RolesTest {

  private static final TestAws AWS = TestAws.fresh();
  private static final Functions FUNCTIONS = new Functions(AWS);

  @AfterAll
  static void nothingIsWrongWithWhatIsStored() {
    Checker.assertSound(AWS);
    AWS.close();
  }

  static Stream<Operation> guarded() {
    return Operations.all().stream().filter(operation -> operation.permission() != Permission.PUBLIC);
  }

  static Stream<Operation> administered() {
    return guarded().filter(operation -> operation.permission() == Permission.ADMINISTER);
  }

  private static Answer ask(ApiClient client, Operation operation) {
    byte[] body = operation.body().map(content -> content.getValue().toString().getBytes(StandardCharsets.UTF_8))
        .orElse(null);
    return client.send(operation.method(), operation.path(), body);
  }

  @ParameterizedTest
  @MethodSource("guarded")
  void anOperationIsOpenToTheRolesThatHoldItsPermissionAndToNobodyElse(Operation operation) {
    ApiClient anybody = ApiClient.anonymous(FUNCTIONS.get(operation.functionId()));
    String needs = "needs the permission " + operation.permission().wire();
    for (Role role : Role.values()) {
      Answer answer = ask(anybody.as(TestCallers.of(role)), operation);
      boolean may = operation.permission() == Permission.SELF || role.permissions().contains(operation.permission());
      boolean refused = answer.status() == 403 && answer.text("/detail").equals(needs);
      assertThat(refused).as("%s asks %s: %s %s", role.wire(), operation, answer.status(), answer.body())
          .isEqualTo(!may);
    }
    Answer stranger = ask(anybody.as(TestCallers.stranger()), operation);
    if (operation.permission() == Permission.SELF) {
      // His own affairs are open to him, as far as he has any: he reads, and there is nothing to pass on or to change.
      boolean his = operation.method().equals("GET") && !operation.template().contains("{");
      assertThat(stranger.status() == 200).as("%s: %s", operation, stranger.body()).isEqualTo(his);
      assertThat(stranger.status()).isNotEqualTo(401).isLessThan(500);
      assertThat(stranger.body()).doesNotContain(needs);
    } else {
      assertThat(stranger.is(403).text("/detail")).isEqualTo(needs);
    }
  }

  /** All that needs {@code administer} belongs to the organisation: an admin of one department may do none of it. */
  @ParameterizedTest
  @MethodSource("administered")
  void theOrganisationsAffairsAreClosedToAnAdminOfOneDepartment(Operation operation) {
    ApiClient anybody = ApiClient.anonymous(FUNCTIONS.get(operation.functionId()));
    assertThat(ask(anybody.as(TestCallers.of(Role.ADMIN, "credit")), operation).status()).isIn(403, 404);
  }

  @ParameterizedTest
  @MethodSource("guarded")
  void anOperationIsClosedToWhomTheAuthorizerDidNotKnow(Operation operation) {
    ApiClient anybody = ApiClient.anonymous(FUNCTIONS.get(operation.functionId()));
    ask(anybody, operation).is(401);
    Answer expired = ask(anybody.denied("expired", "the token expired"), operation).is(401);
    assertThat(expired.header("WWW-Authenticate")).startsWith("Bearer").contains("expired");
  }
}
