package dev.modelops.registry;

import static dev.modelops.registry.Registry.CREDIT;
import static dev.modelops.registry.Registry.RETAIL;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.access.Role;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.Budget;
import dev.modelops.testkit.Budget.Spent;
import dev.modelops.testkit.TestCallers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ModelSearchTest {

  @RegisterExtension private static final Registry REGISTRY = new Registry();
  private static final ApiClient ENGINEER = REGISTRY.engineer();

  private static void model(String name, String department, Object... more) {
    Map<String, Object> content = new LinkedHashMap<>(Map.of("kind", "ml", "department", department));
    for (int i = 0; i < more.length; i += 2) {
      content.put((String) more[i], more[i + 1]);
    }
    ENGINEER.put("/v1/models/" + name, content).is(201);
  }

  @BeforeAll
  static void models() {
    model("card-fraud-eu", CREDIT, "title", "Betrug bei Karten", "owner", "usr_ada", "riskTier", "high", "tags",
        Map.of("team", "payments", "a.b", "x:y"));
    model("Loan.Default", CREDIT, "kind", "statistical", "owner", "usr_bob", "riskTier", "high", "tags",
        Map.of("team", "loans"));
    model("recommender", RETAIL, "owner", "usr_ada", "tags", Map.of("team", "payments"), "title", "Cardigans and more");
    model("routes", RETAIL, "kind", "optimization");
  }

  private static Set<String> names(ApiClient client, String query) {
    Set<String> names = new TreeSet<>();
    // One item a page, so that every filter is paged through.
    client.all("/v1/models?limit=1" + query).forEach(model -> names.add(model.path("name").asString()));
    return names;
  }

  @Test
  void filters_find_what_they_say_and_combine_by_and() {
    assertThat(names(ENGINEER, "&owner=usr_ada")).contains("card-fraud-eu", "recommender").doesNotContain("routes");
    assertThat(names(ENGINEER, "&owner=usr_ada&department=credit")).containsExactly("card-fraud-eu");
    assertThat(names(ENGINEER, "&kind=statistical")).containsExactly("Loan.Default");
    assertThat(names(ENGINEER, "&tier=high")).containsExactly("Loan.Default", "card-fraud-eu");
    assertThat(names(ENGINEER, "&tier=high&kind=ml")).containsExactly("card-fraud-eu");
    assertThat(names(ENGINEER, "&tag=team:payments")).containsExactly("card-fraud-eu", "recommender");
    assertThat(names(ENGINEER, "&tag=a.b:x:y")).containsExactly("card-fraud-eu");
    assertThat(names(ENGINEER, "&tag=team:payments&owner=usr_ada&text=card&department=retail"))
        .containsExactly("recommender");
    assertThat(names(ENGINEER, "&department=nowhere")).isEmpty();
    assertThat(names(ENGINEER, "&department=" + RETAIL)).contains("recommender", "routes")
        .doesNotContain("card-fraud-eu");
  }

  @Test
  void text_matches_the_beginning_of_any_word_of_name_and_title() {
    assertThat(names(ENGINEER, "&text=FRAUD")).containsExactly("card-fraud-eu");
    assertThat(names(ENGINEER, "&text=card")).containsExactly("card-fraud-eu", "recommender");
    assertThat(names(ENGINEER, "&text=kart%20card")).containsExactly("card-fraud-eu");
    assertThat(names(ENGINEER, "&text=aud")).isEmpty();
    ENGINEER.get("/v1/models?text=---").is(400);
    ENGINEER.get("/v1/models?tag=team").is(400);
    ENGINEER.get("/v1/models?limit=1000").is(400);
    ENGINEER.get("/v1/models?kind=ml&kind=rules").is(400);
  }

  @Test
  void archived_models_are_listed_unless_asked_otherwise() {
    model("old-one", CREDIT, "tags", Map.of("era", "old"));
    ENGINEER.ifMatch("\"1\"").post("/v1/models/old-one/archive").is(200);
    assertThat(names(ENGINEER, "&tag=era:old")).containsExactly("old-one");
    assertThat(names(ENGINEER, "&tag=era:old&state=active")).isEmpty();
  }

  @Test
  void another_department_sees_nothing_by_any_filter() {
    ApiClient retail = REGISTRY.as(Role.VIEWER, RETAIL);
    for (String query : List.of("", "&tier=high", "&tag=team:payments", "&text=card", "&owner=usr_ada", "&kind=ml")) {
      assertThat(names(retail, query)).as(query).doesNotContain("card-fraud-eu", "Loan.Default");
    }
    assertThat(names(retail, "&department=credit")).isEmpty();
    assertThat(names(retail, "&text=card")).containsExactly("recommender");
  }

  @Test
  void grants_for_named_models_show_those_models_beside_whole_departments() {
    ApiClient named = ApiClient.of(REGISTRY.function, TestCallers.person("usr_named",
        TestCallers.grant(Role.VIEWER, CREDIT, Role.VIEWER.permissions(), Set.of("CARD-fraud-eu", "missing"))));
    assertThat(names(named, "")).containsExactly("card-fraud-eu");
    assertThat(names(named, "&kind=statistical")).isEmpty();
    assertThat(names(named, "&department=retail")).isEmpty();
    ApiClient both = ApiClient.of(REGISTRY.function, TestCallers.person("usr_both",
        TestCallers.grant(Role.VIEWER, CREDIT, Role.VIEWER.permissions(), Set.of("card-fraud-eu", "recommender")),
        TestCallers.grant(Role.VIEWER, RETAIL)));
    assertThat(names(both, "&owner=usr_ada")).containsExactly("card-fraud-eu", "recommender");
    assertThat(both.all("/v1/models?limit=1&owner=usr_ada")).hasSize(2);
  }

  @Test
  void a_changed_model_is_found_by_what_it_is_now_and_not_by_what_it_was() {
    model("shifting", CREDIT, "owner", "usr_before", "tags", Map.of("phase", "one"), "title", "Alpha");
    ENGINEER.ifMatch("\"1\"").patch("/v1/models/shifting",
        "{\"owner\":\"usr_after\",\"tags\":{\"phase\":\"two\"},\"title\":\"Omega\"}").is(200);
    assertThat(names(ENGINEER, "&owner=usr_before")).isEmpty();
    assertThat(names(ENGINEER, "&tag=phase:one")).isEmpty();
    assertThat(names(ENGINEER, "&text=alpha")).isEmpty();
    assertThat(names(ENGINEER, "&owner=usr_after&tag=phase:two&text=omega")).containsExactly("shifting");
  }

  @Test
  void a_page_costs_the_same_however_many_models_there_are() {
    IntStream.range(0, 25).forEach(i -> model("few-" + i, CREDIT, "tags", Map.of("size", "few")));
    Spent few = Budget.of(() -> ENGINEER.get("/v1/models?tag=size:few").is(200));
    IntStream.range(0, 60).forEach(i -> model("more-" + i, CREDIT, "tags", Map.of("size", "few")));
    Spent more = Budget.of(() -> ENGINEER.get("/v1/models?tag=size:few").is(200));
    assertThat(few.readUnits()).isLessThanOrEqualTo(16);
    assertThat(more.readUnits()).isLessThanOrEqualTo(16);
    assertThat(more.calls()).hasSameSizeAs(few.calls());
    // A filter that finds nothing reads no more than one that does.
    assertThat(Budget.of(() -> ENGINEER.get("/v1/models?tag=size:few&kind=rules").is(200)).readUnits())
        .isLessThanOrEqualTo(16);
  }

  @Test
  void the_largest_change_of_a_model_fits_a_transaction() {
    Map<String, Object> first = largest("ml", "alpha");
    Map<String, Object> second = largest("statistical", "omega");
    ENGINEER.put("/v1/models/largest", first).is(201);
    ApiClient both = ApiClient.of(REGISTRY.function, TestCallers.person("usr_two",
        TestCallers.grant(Role.ML_ENGINEER, CREDIT), TestCallers.grant(Role.RISK_OFFICER, CREDIT)));
    Spent spent = Budget.of(() -> both.ifMatch("\"1\"").put("/v1/models/largest", second).is(200));
    assertThat(spent.calls().stream().filter(call -> call.operation().equals("TransactWriteItems"))
        .flatMap(call -> call.writtenKeys().stream()).filter(key -> key.contains(" pk:")))
        .hasSizeBetween(60, 100);
    assertThat(names(ENGINEER, "&text=omega11&tag=omega19:omega")).containsExactly("largest");
    assertThat(names(ENGINEER, "&text=alpha11")).isEmpty();
  }

  private static Map<String, Object> largest(String kind, String word) {
    Map<String, String> tags = new LinkedHashMap<>();
    IntStream.range(0, 20).forEach(i -> tags.put(word + i, word));
    String title = IntStream.rangeClosed(1, 11).mapToObj(i -> word + i).collect(Collectors.joining(" "));
    return Map.of("kind", kind, "department", CREDIT, "title", title, "tags", tags, "owner", "usr_" + word, "riskTier",
        word.equals("alpha") ? "low" : "high");
  }

  /** Models that were there before the first page are each on exactly one page, whatever is written meanwhile. */
  @Property(tries = 4, shrinking = ShrinkingMode.OFF)
  void pages_lose_and_repeat_nothing_while_models_are_written(@ForAll @IntRange(min = 1, max = 7) int limit,
      @ForAll @IntRange(min = 1, max = 9) int before, @ForAll @IntRange(min = 1, max = 9) int meanwhile)
      throws Exception {
    String round = Long.toString(System.nanoTime(), 36);
    Set<String> expected = new HashSet<>();
    for (int i = 0; i < before; i++) {
      model("p" + round + "-" + i, CREDIT, "tags", Map.of("round", round));
      expected.add("p" + round + "-" + i);
    }
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> writer = threads.submit(() -> {
        for (int i = 0; i < meanwhile; i++) {
          model("q" + round + "-" + i, CREDIT, "tags", Map.of("round", round));
        }
      });
      List<String> seen = new ArrayList<>();
      ENGINEER.all("/v1/models?tag=round:" + round + "&limit=" + limit)
          .forEach(model -> seen.add(model.path("name").asString()));
      writer.get();
      assertThat(seen).doesNotHaveDuplicates().containsAll(expected);
    }
    assertThat(names(ENGINEER, "&tag=round:" + round)).hasSize(before + meanwhile);
    assertThat(names(ENGINEER, "&text=p" + round)).isEqualTo(new TreeSet<>(expected));
  }
}
