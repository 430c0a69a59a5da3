package dev.modelops.registry;

import static dev.modelops.registry.Registry.file;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.Ref;
import dev.modelops.domain.audit.AuditEntry;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.Budget;
import dev.modelops.testkit.Faults;
import dev.modelops.testkit.Faults.Kind;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import tools.jackson.databind.JsonNode;

/** Every call to the store may fail, done or not; whoever sends the request again is served once. */
class FaultsTest {

  @RegisterExtension private static final Registry REGISTRY = Registry.SHARED;

  /** Makes every single call of the request fail in turn, and sends it again after each as a client would. */
  private static void everywhere(Kind kind, IntFunction<Supplier<Answer>> requests, IntConsumer check) {
    for (int round = 0, struck = 1; struck > 0; round++) {
      Supplier<Answer> request = requests.apply(round);
      AtomicInteger before = new AtomicInteger(round);
      String where = kind + " at call " + (round + 1);
      try (Faults.Armed fault =
          Faults.arm(kind, call -> call instanceof DynamoDbRequest && before.getAndDecrement() <= 0, 1)) {
        assertThat(request.get().status()).as(where).isIn(200, 201, 503);
        struck = fault.struck();
      }
      Answer after = request.get();
      assertThat(after.status()).as("again after %s: %s", where, after.body()).isIn(200, 201);
      check.accept(round);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"MISMATCHED", "UNPROCESSED", "PARTLY_PROCESSED",
      "KILLED_BEFORE", "KILLED_AFTER"})
  void a_version_is_created_once(Kind kind) {
    String model = "x-" + kind.name().toLowerCase(Locale.ROOT);
    REGISTRY.model(model);
    String path = "/v1/models/" + model + "/versions";
    everywhere(kind, round -> {
      ApiClient client = REGISTRY.engineer().with("Idempotency-Key", model + "-" + round);
      return () -> client.post(path, Map.of("artifacts", List.of(file("a", "" + round))));
    }, round -> {
      List<JsonNode> versions = REGISTRY.engineer().all(path);
      assertThat(versions).hasSize(round + 1);
      assertThat(versions.stream().map(version -> version.path("version").asInt())).doesNotHaveDuplicates();
      assertThat(REGISTRY.chain(Ref.version(model, versions.getFirst().path("version").asInt()))).hasSize(1);
    });
  }

  /** What would go on after the answer would be frozen with the sandbox, and go on beside the next request. */
  @Test
  void nothing_is_under_way_when_a_creation_has_been_answered() {
    REGISTRY.model("settled");
    try (Faults.Armed counter = Faults.arm(Kind.NOT_SENT, UpdateItemRequest.class::isInstance, 1)) {
      double written = Budget.of(() -> REGISTRY.engineer()
          .post("/v1/models/settled/versions", Map.of("parameters", Map.of("settled", true))).is(503)).writeUnits();
      assertThat(counter.struck()).isEqualTo(1);
      assertThat(written).as("of the manifest, which is written beside").isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"MISMATCHED", "UNPROCESSED", "PARTLY_PROCESSED",
      "KILLED_BEFORE", "KILLED_AFTER"})
  void an_external_id_is_given_once(Kind kind) {
    String model = "y-" + kind.name().toLowerCase(Locale.ROOT);
    REGISTRY.model(model);
    String path = "/v1/models/" + model + "/versions";
    everywhere(kind,
        round -> () -> REGISTRY.engineer().post(path,
            Map.of("externalId", "run-" + round, "parameters", Map.of("r", 1))),
        round -> assertThat(REGISTRY.engineer().all(path)).hasSize(round + 1));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"MISMATCHED", "UNPROCESSED", "PARTLY_PROCESSED",
      "KILLED_BEFORE", "KILLED_AFTER"})
  void an_alias_is_on_one_version_whatever_is_lost(Kind kind) {
    String model = "z-" + kind.name().toLowerCase(Locale.ROOT);
    REGISTRY.model(model);
    REGISTRY.version(model);
    REGISTRY.version(model);
    String path = "/v1/models/" + model + "/aliases/champion";
    REGISTRY.engineer().put(path, Map.of("version", 1)).is(201);
    everywhere(kind, round -> {
      String etag = REGISTRY.engineer().get(path).etag();
      return () -> REGISTRY.engineer().ifMatch(etag).put(path, Map.of("version", 1 + (round + 1) % 2));
    }, round -> {
      Answer alias = REGISTRY.engineer().get(path).is(200);
      assertThat(alias.text("/version")).isEqualTo(Integer.toString(1 + (round + 1) % 2));
      for (int version = 1; version <= 2; version++) {
        String target = "/v1/models/" + model + "/versions/" + version;
        assertThat(REGISTRY.engineer().get(target).json().path("aliases").size())
            .isEqualTo(alias.text("/version").equals("" + version) ? 1 : 0);
      }
      List<AuditEntry> chain = REGISTRY.chain(Ref.alias(model, "champion"));
      assertThat(chain).hasSize(round + 2);
    });
  }
}
