package dev.modelops.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.checker.Checker;
import dev.modelops.domain.access.Role;
import dev.modelops.embedded.TestAws;
import dev.modelops.json.Json;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.TestCallers;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;

class AnyBodyTest {

  private static final TestAws AWS = TestAws.fresh();
  private static final ApiClient ADMIN =
      ApiClient.of(new TokensFunction(AWS.env("TokensFunction")), TestCallers.of(Role.ADMIN));
  private static final List<String> NAMES = List.of("name", "subject", "id", "type", "displayName", "grants", "role",
      "department", "permissions", "models", "lifetime", "overlap", "issuer", "jwksUri", "subjects", "rules", "claims",
      "title",
      "enabled", "secretHash", "grantedBy");

  @AfterContainer
  static void nothingIsWrongWithWhatIsStored() {
    Checker.assertSound(AWS);
  }

  @Property(tries = 100, shrinking = ShrinkingMode.OFF)
  void any_body_is_taken_or_refused_with_a_problem_and_never_breaks_us(@ForAll("bodies") Object body) {
    for (Answer answer : List.of(ADMIN.post("/v1/tokens", Json.text(body)),
        ADMIN.put("/v1/departments/any", Json.text(body)),
        ADMIN.put("/v1/identity-providers/any", Json.text(body)))) {
      assertThat(answer.status()).as(Json.text(body)).isLessThan(500);
    }
  }

  @Provide
  Arbitrary<Object> bodies() {
    Arbitrary<Object> leaf = Arbitraries.oneOf(Arbitraries.strings().ofMaxLength(20).map(text -> (Object) text),
        Arbitraries.<Object>of("viewer", "admin", "*", "demo", "person", "service", "usr_x", "P1D",
            "P999DT9999H999999M99999999S", "PT0S",
            "https://a.example", "https://", "https://[::1", "a:b", "\u0000", "approve", "read"),
        Arbitraries.integers().map(number -> (Object) number), Arbitraries.<Object>of(true, false),
        Arbitraries.doubles().filter(Double::isFinite).map(number -> (Object) number));
    return Arbitraries.recursive(() -> leaf, inner -> Arbitraries.oneOf(
        inner.list().ofMaxSize(3).map(list -> (Object) list),
        Arbitraries.maps(Arbitraries.of(NAMES), inner).ofMaxSize(6).map(map -> (Object) map)), 1, 4)
        .map(body -> body instanceof Map ? body : Map.of("name", "x", "grants", List.of(body)));
  }
}
