package dev.modelops.registry;

import static dev.modelops.registry.Registry.file;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.access.Role;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.Budget;
import dev.modelops.testkit.Budget.Call;
import dev.modelops.testkit.Budget.Spent;
import dev.modelops.testkit.TestCallers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What it costs to create a version, by the calls that are made and the sizes of what is written. */
class VersionCostTest {

  @RegisterExtension private static final Registry REGISTRY = Registry.SHARED;
  private static final String PATH = "/v1/models/k-cost/versions";
  private static final double MOST = 18;
  private static int run;

  @BeforeAll
  static void model() {
    REGISTRY.model("k-cost");
    engineer().post(PATH, Map.of()).is(201);
  }

  private static ApiClient engineer() {
    return ApiClient.of(REGISTRY.function, TestCallers.service(Role.ML_ENGINEER, Registry.CREDIT));
  }

  /** Three files, and parameters that do not compress, up to 4 KB of manifest. */
  private static Map<String, Object> content() {
    Random random = new Random(++run);
    Map<String, Object> parameters = new LinkedHashMap<>();
    for (int i = 0; i < 42; i++) {
      parameters.put("parameter-" + i, Long.toString(random.nextLong(), 36) + Long.toString(random.nextLong(), 36)
          + Long.toString(random.nextLong(), 36) + Long.toString(random.nextLong(), 36));
    }
    return new LinkedHashMap<>(Map.of("artifacts",
        List.of(file("weights/model.onnx", "a" + run), file("b.json", "b" + run), file("c.txt", "c" + run)),
        "parameters", parameters, "description", "Retrained on March data", "tags", Map.of("branch", "main")));
  }

  /** On a busy machine calls that could overlap may not; calls that have to wait for one another never do. */
  private static void assertSteps(int most, Supplier<Spent> work) {
    assertThat(IntStream.range(0, 20)).anyMatch(i -> work.get().steps() <= most);
  }

  private static Spent created(ApiClient client, Map<String, Object> content) {
    return Budget.of(() -> client.post(PATH, content).is(201));
  }

  @Test
  void creating_takes_two_steps() {
    Spent spent = created(engineer(), content());
    assertThat(spent.calls()).extracting(Call::operation)
        .containsExactlyInAnyOrder("PutItem", "UpdateItem", "TransactWriteItems");
    assertSteps(2, () -> created(engineer(), content()));
    assertThat(spent.writeUnits()).isLessThanOrEqualTo(MOST);
  }

  @Test
  void to_be_found_by_its_commit_costs_one_index_more() {
    Map<String, Object> content = content();
    content.put("gitCommit", "0123456789abcdef0123456789abcdef01234567");
    assertThat(created(engineer().with("Idempotency-Key", "commit-" + run), content).writeUnits())
        .isLessThanOrEqualTo(MOST + 2);
  }

  @Test
  void with_an_idempotency_key_it_takes_three() {
    Spent spent = created(engineer().with("Idempotency-Key", "cost-" + run), content());
    assertSteps(3, () -> created(engineer().with("Idempotency-Key", "cost-" + run), content()));
    assertThat(spent.writeUnits()).isLessThanOrEqualTo(MOST);
  }

  @Test
  void with_an_external_id_it_takes_three_and_again_it_takes_two_reads() {
    Map<String, Object> content = content();
    content.put("externalId", "build-" + run);
    Spent spent = created(engineer(), content);
    assertSteps(3, () -> {
      Map<String, Object> another = content();
      another.put("externalId", "build-" + run);
      return created(engineer(), another);
    });
    assertThat(spent.writeUnits()).isLessThanOrEqualTo(MOST);
    Spent again = Budget.of(() -> engineer().post(PATH, content).is(200));
    assertThat(again.calls()).extracting(Call::operation).containsExactly("GetItem", "GetItem");
  }
}
