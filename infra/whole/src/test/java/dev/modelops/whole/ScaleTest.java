package dev.modelops.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.checker.Checker;
import dev.modelops.domain.Entity;
import dev.modelops.domain.access.Role;
import dev.modelops.domain.change.Origin;
import dev.modelops.domain.registry.Model;
import dev.modelops.domain.registry.Version;
import dev.modelops.embedded.TestAws;
import dev.modelops.json.Json;
import dev.modelops.store.dynamodb.Layout;
import dev.modelops.store.dynamodb.Row;
import dev.modelops.store.dynamodb.StoredItems;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.Budget;
import dev.modelops.testkit.Budget.Spent;
import dev.modelops.testkit.Functions;
import dev.modelops.testkit.TestCallers;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/**
 * Nothing costs more because there is more of it. By default among 400 models, versions of one model and their audit
 * entries; {@code -Dmodelops.scale} takes any number, and infra/bench/README.md shows 100,000.
 */
class ScaleTest {

  private static final int SCALE = Integer.getInteger("modelops.scale", 400);
  private static final int FEW = 100;
  private static final double MOST_OF_A_VERSION = 18;
  private static final double MOST_OF_A_PAGE = 16;
  private static final double MOST_OF_AN_AUDIT_PAGE = 12;
  /** Beyond it, looking at the whole store takes longer than filling it. */
  private static final int MOST_CHECKED = 1000;
  /** What one BatchWriteItem takes. */
  private static final int AT_ONCE = 25;
  private static final String SEED = "seed-000000";
  private static final Instant YESTERDAY = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(1, ChronoUnit.DAYS);

  private final TestAws aws = TestAws.fresh();
  private final ApiClient anybody = ApiClient.anonymous(new Functions(aws).api());
  private final ApiClient engineer = anybody.as(TestCallers.service(Role.ML_ENGINEER, "credit"));
  private final ApiClient auditor = anybody.as(TestCallers.of(Role.AUDITOR, "credit"));
  private final Map<String, String> env = aws.env("RegistryFunction");
  private int created;

  private Spent page(ApiClient client, String path, int items) {
    return Budget.of(() -> assertThat(client.get(path).is(200).json().path("items")).hasSize(items));
  }

  /** What each call costs, by what it is. */
  private Map<String, Spent> costs() {
    Map<String, Spent> costs = new LinkedHashMap<>();
    costs.put("create a version of 3 files", Budget.of(
        () -> engineer.post("/v1/models/" + SEED + "/versions", ThreeFiles.version(++created)).is(201)));
    costs.put("read a model", Budget.of(() -> engineer.get("/v1/models/" + SEED).is(200)));
    costs.put("live version", Budget.of(
        () -> engineer.get("/v1/environments/staging/models/" + SEED + "/live").is(200)));
    costs.put("list models, a page of 20", page(engineer, "/v1/models", 20));
    costs.put("search by tag", page(engineer, "/v1/models?tag=team:payments", 20));
    costs.put("search by word", page(engineer, "/v1/models?text=fraud", 20));
    costs.put("search by word and kind", page(engineer, "/v1/models?text=fraud&kind=ml", 20));
    costs.put("list versions, a page of 20", page(engineer, "/v1/models/" + SEED + "/versions", 20));
    costs.put("audit by actor, 50 entries", page(auditor, "/v1/audit?limit=50&actor=svc_seed", 50));
    costs.put("audit over time, 50 entries",
        page(auditor, "/v1/audit?limit=50&since=" + YESTERDAY + "&until=" + YESTERDAY.plus(1, ChronoUnit.DAYS), 50));
    return costs;
  }

  @Test
  void callsCostTheSameAmongAFewAndAmongMany() {
    anybody.as(TestCallers.of(Role.ADMIN)).put("/v1/departments/credit", Map.of()).is(201);
    engineer.put("/v1/models/" + SEED, Map.of("kind", "ml", "department", "credit", "title", "Fraud", "tags",
        Map.of("team", "payments"))).is(201);
    engineer.post("/v1/models/" + SEED + "/versions", Map.of()).is(201);
    Model model = stored(Model.class, "model#" + SEED, "-");
    Version version = stored(Version.class, "versions#" + SEED, "0000000001");
    engineer.post("/v1/deployments", Map.of("model", SEED, "version", 1, "environment", "staging")).is(201);
    fill(model, version, 1, FEW);
    Map<String, Spent> few = costs();
    fill(model, version, FEW + 1, SCALE);
    Map<String, Spent> many = costs();

    print(few, many);
    many.forEach((call, spent) -> {
      Spent before = Objects.requireNonNull(few.get(call));
      // How audit entries lie in their partitions differs, and with it the cost of a page, which has a bound of its own.
      assertThat(spent.readUnits()).as(call)
          .isLessThanOrEqualTo(call.startsWith("audit") ? MOST_OF_AN_AUDIT_PAGE : before.readUnits() + 1)
          .isLessThanOrEqualTo(MOST_OF_A_PAGE);
      assertThat(spent.writeUnits()).as(call).isLessThanOrEqualTo(MOST_OF_A_VERSION)
          .isEqualTo(before.writeUnits());
    });
    if (SCALE <= MOST_CHECKED) {
      Checker.assertSound(aws);
    }
  }

  /** The table of infra/bench/README.md. */
  private static void print(Map<String, Spent> few, Map<String, Spent> many) {
    few.forEach((call, spent) -> System.out.printf(Locale.ROOT, "| %s | %s | %s |%n", call, units(spent),
        units(Objects.requireNonNull(many.get(call)))));
  }

  private static String units(Spent spent) {
    DoubleUnaryOperator half = units -> Math.round(units * 2) / 2.0;
    return spent.writeUnits() == 0 ? half.applyAsDouble(spent.readUnits()) + " RRU"
        : half.applyAsDouble(spent.writeUnits()) + " WRU, " + half.applyAsDouble(spent.readUnits()) + " RRU";
  }

  private <E extends Entity> E stored(Class<E> type, String pk, String sk) {
    Row row = Layout.read(Layout.Table.RECORDS, aws.dynamo().getItem(get -> get.tableName(env.get("RECORDS_TABLE"))
        .key(Map.of("pk", AttributeValue.fromS(pk), "sk", AttributeValue.fromS(sk)))).item());
    return type.cast(((Row.State) row).stored().entity());
  }

  /** Models like the first and versions like its first, as the API would have stored them. */
  private void fill(Model model, Version version, int from, int to) {
    List<StoredItems.Item> items = new ArrayList<>();
    String text = Json.text(model);
    for (int i = from; i <= to; i++) {
      String name = String.format(Locale.ROOT, "seed-%06d", i);
      Origin origin =
          new Origin("svc_seed", null, "req-" + i, null, null, YESTERDAY.plusMillis(i));
      items.addAll(StoredItems.of(env, Json.read(text.replace(SEED, name), Model.class), "model.created", origin, 0));
      // The first is there already, and those that were created to see what it costs.
      Version next = new Version(SEED, i + 1 + created, version.department(), null, version.state(), version.manifest(),
          version.proof(), null, null, version.tags(), version.createdAt(), version.createdBy(), null, null,
          version.readyAt(), null, version.aliases(), version.liveIn(), version.openDeployments());
      items.addAll(StoredItems.of(env, next, "version.created", origin, 0));
      if (items.size() > 1000) {
        write(items);
        items.clear();
      }
    }
    write(items);
    // The counter, as if all those versions had been created.
    aws.dynamo().updateItem(update -> update.tableName(env.get("RECORDS_TABLE"))
        .key(Map.of("pk", AttributeValue.fromS("head#" + SEED), "sk", AttributeValue.fromS("-")))
        .updateExpression("SET n = :n")
        .expressionAttributeValues(Map.of(":n", AttributeValue.fromN(Integer.toString(to + 1 + created)))));
  }

  private void write(List<StoredItems.Item> items) {
    for (int i = 0; i < items.size(); i += AT_ONCE) {
      Map<String, List<WriteRequest>> batch = items.subList(i, Math.min(items.size(), i + AT_ONCE)).stream()
          .collect(Collectors.groupingBy(StoredItems.Item::table, Collectors.mapping(item -> WriteRequest.builder()
              .putRequest(put -> put.item(item.attributes())).build(), Collectors.toList())));
      assertThat(aws.dynamo().batchWriteItem(write -> write.requestItems(batch)).unprocessedItems()).isEmpty();
    }
  }
}
