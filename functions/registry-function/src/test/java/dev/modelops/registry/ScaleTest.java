package dev.modelops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.access.Role;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.Budget;
import dev.modelops.testkit.Budget.Spent;
import dev.modelops.testkit.Race;
import dev.modelops.testkit.TestCallers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Nothing costs more because there is more of it. By default among 400 models and versions; {@code -Dscale=100000}
 * takes minutes.
 */
class ScaleTest {

  private static final int SCALE = Integer.getInteger("scale", 400);
  private static final int FEW = 100;
  /** What one BatchWriteItem takes. */
  private static final int AT_ONCE = 25;
  private static final String SEED = "seed-000000";

  private final Registry registry = new Registry();
  private final ApiClient engineer =
      ApiClient.of(registry.function, TestCallers.service(Role.ML_ENGINEER, Registry.CREDIT));

  /** What each call costs, by what it is. */
  private Map<String, Spent> costs() {
    Map<String, Spent> costs = new HashMap<>();
    List.of("", "?tag=team:payments", "?text=card", "?owner=usr_ada&kind=ml&tier=high")
        .forEach(query -> costs.put(query,
            Budget.of(() -> assertThat(engineer.get("/v1/models" + query).is(200).json().path("items")).hasSize(20))));
    costs.put("versions", Budget.of(
        () -> assertThat(engineer.get("/v1/models/" + SEED + "/versions").is(200).json().path("items")).hasSize(20)));
    costs.put("create", Budget.of(() -> engineer.post("/v1/models/" + SEED + "/versions", Map.of()).is(201)));
    return costs;
  }

  @Test
  void a_page_and_a_new_version_cost_the_same_among_many() {
    engineer.put("/v1/models/" + SEED, Map.of("kind", "ml", "department", Registry.CREDIT, "title", "Card fraud",
        "owner", "usr_ada", "riskTier", "high", "tags", Map.of("team", "payments"))).is(201);
    engineer.post("/v1/models/" + SEED + "/versions", Map.of()).is(201);
    List<Map<String, AttributeValue>> models = new ArrayList<>(items("RecordsTable", "model#" + SEED));
    List<Map<String, AttributeValue>> terms = items("TermsTable", SEED);
    List<Map<String, AttributeValue>> versions = items("RecordsTable", "versions#" + SEED);
    assertThat(List.of(models.size(), versions.size())).containsOnly(1);
    assertThat(terms).hasSizeGreaterThan(5);
    fill(models, terms, versions, 2, FEW);
    Map<String, Spent> few = costs();
    fill(models, terms, versions, FEW + 1, SCALE);

    costs().forEach((call, many) -> {
      assertThat(many.readUnits()).as(call).isLessThanOrEqualTo(16).isLessThanOrEqualTo(of(few, call).readUnits() + 1);
      assertThat(many.writeUnits()).as(call).isEqualTo(of(few, call).writeUnits());
      assertThat(many.calls()).as(call).hasSameSizeAs(of(few, call).calls());
    });
  }

  private static Spent of(Map<String, Spent> costs, String call) {
    return Objects.requireNonNull(costs.get(call));
  }

  private List<Map<String, AttributeValue>> items(String table, String key) {
    return registry.aws.dynamo().scanPaginator(scan -> scan.tableName(registry.aws.physicalName(table))).items()
        .stream()
        .filter(item -> Stream.of("pk", "sk").anyMatch(name -> item.getOrDefault(name, text("")).s().endsWith(key)))
        .toList();
  }

  /** Models and versions like the first, as the API would have stored them. */
  private void fill(List<Map<String, AttributeValue>> models, List<Map<String, AttributeValue>> terms,
      List<Map<String, AttributeValue>> versions, int from, int to) {
    List<WriteRequest> records = new ArrayList<>();
    List<WriteRequest> found = new ArrayList<>();
    for (int i = from; i < to; i++) {
      String name = String.format(Locale.ROOT, "seed-%06d", i);
      models.forEach(item -> records.add(copy(item, text -> text.replace(SEED, name))));
      String shard = "#" + Math.floorMod(name.hashCode(), 4) + "#";
      terms.forEach(item -> found
          .add(copy(item, text -> text.replaceFirst("#[0-3]#", shard).replace(SEED, name).replace("000000", name))));
      String number = String.format(Locale.ROOT, "%010d", i);
      String version = "\"version\":" + i + ",";
      versions.forEach(item -> records
          .add(copy(item, text -> text.equals("0000000001") ? number : text.replace("\"version\":1,", version))));
    }
    write("RecordsTable", records);
    write("TermsTable", found);
    // The counter, as if all those versions had been created.
    registry.aws.dynamo().updateItem(update -> update.tableName(registry.aws.physicalName("RecordsTable"))
        .key(Map.of("pk", text("head#" + SEED), "sk", text("-"))).updateExpression("SET n = :n")
        .expressionAttributeValues(Map.of(":n", AttributeValue.fromN(Integer.toString(to)))));
  }

  private static WriteRequest copy(Map<String, AttributeValue> item, UnaryOperator<String> change) {
    Map<String, AttributeValue> copy = new HashMap<>();
    item.forEach((name, value) -> copy.put(name, value.s() == null ? value : text(change.apply(value.s()))));
    return WriteRequest.builder().putRequest(PutRequest.builder().item(copy).build()).build();
  }

  private void write(String table, List<WriteRequest> requests) {
    String name = registry.aws.physicalName(table);
    List<Callable<Boolean>> batches = IntStream.range(0, Math.ceilDiv(requests.size(), AT_ONCE))
        .<Callable<Boolean>>mapToObj(i -> () -> registry.aws.dynamo().batchWriteItem(batch -> batch.requestItems(
            Map.of(name, requests.subList(i * AT_ONCE, Math.min(requests.size(), (i + 1) * AT_ONCE)))))
            .unprocessedItems().isEmpty())
        .toList();
    for (int i = 0; i < batches.size(); i += AT_ONCE) {
      assertThat(Race.of(batches.subList(i, Math.min(batches.size(), i + AT_ONCE)))).containsOnly(true);
    }
  }

  private static AttributeValue text(String text) {
    return AttributeValue.fromS(text);
  }
}
