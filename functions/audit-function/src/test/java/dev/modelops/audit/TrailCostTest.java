package dev.modelops.audit;

import static dev.modelops.domain.access.Role.AUDITOR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.checker.Checker;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Department;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Lost;
import dev.modelops.domain.change.Origin;
import dev.modelops.domain.registry.Model;
import dev.modelops.domain.registry.ModelKind;
import dev.modelops.embedded.TestAws;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.Budget;
import dev.modelops.testkit.TestCallers;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What questions to the trail cost, and what departments have to do with it. */
class TrailCostTest {

  private static final Instant OLD = Instant.now().truncatedTo(ChronoUnit.DAYS).minusSeconds(40 * 86_400);
  private static final int SOME = 8;
  private static final int MANY = 40;
  private static final double PAGE = 12;

  private final TestAws aws = TestAws.fresh();
  private final TestStore store = TestStore.of(aws);
  private final ApiClient everywhere =
      ApiClient.of(new AuditFunction(aws.env("AuditFunction")), TestCallers.of(AUDITOR));
  private int departments;

  @AfterEach
  void nothingContradictsItself() {
    Checker.assertSound(aws);
    aws.close();
  }

  private void commit(Change change, Origin origin) throws Lost {
    store.changes().commit(change, origin, null, Instant.now().plusSeconds(60));
  }

  private void departments(int upTo) throws Lost {
    for (; departments < upTo; departments++) {
      commit(Change.create("department.created",
          new Department(String.format("d-%02d", departments), null, OLD, "usr_root")), origin("usr_root", "r", OLD));
    }
  }

  private static Origin origin(String actor, String request, Instant at) {
    return new Origin(actor, null, request, null, null, at);
  }

  private static Model model(String name, String department, String title) {
    return new Model(name, ModelKind.RULES, Model.State.ACTIVE, department, title, null, null, Map.of(), null, null,
        Map.of(), Map.of(), null, OLD, "usr_a", OLD, "usr_a");
  }

  /** Revisions of a model, all by one actor and one request, one millisecond after the other. */
  private void history(String name, String department, int revisions) throws Lost {
    Stored<Model> stored = null;
    for (int i = 0; i < revisions; i++) {
      Model next = model(name, department, "title " + i);
      Change change =
          stored == null ? Change.create("model.created", next) : Change.replace("model.changed", stored, next);
      stored = store.changes().commit(change, origin("usr_busy", "req-busy", OLD.plusMillis(i)), null,
          Instant.now().plusSeconds(60)).of(next);
    }
  }

  private static String span(Instant from, Instant to) {
    return "since=" + URLEncoder.encode(from.toString(), StandardCharsets.UTF_8) + "&until="
        + URLEncoder.encode(to.toString(), StandardCharsets.UTF_8);
  }

  private static double page(ApiClient auditor, String query, int lines) {
    return Budget.of(() -> assertThat(auditor.get("/v1/audit?limit=50&" + query).is(200).json().path("items"))
        .hasSize(lines)).readUnits();
  }

  @Test
  void aPageOfFiftyEntriesCostsAtMostTwelveReadUnitsHoweverADepartmentsAuditorAsks() throws Lost {
    departments(1);
    history("costly", "d-00", 120);
    ApiClient auditor = everywhere.as(TestCallers.of(AUDITOR, "d-00"));
    for (String query : List.of("entity=model:costly", "actor=usr_busy", "requestId=req-busy",
        span(OLD, OLD.plusSeconds(1)))) {
      assertThat(page(auditor, query, 50)).as(query).isLessThanOrEqualTo(PAGE);
    }
  }

  @Test
  void whatARequestDidCostsTheSameAmongAnyNumberOfDepartments() throws Lost {
    departments(1);
    history("costly", "d-00", 60);
    double among1 = page(everywhere, "requestId=req-busy", 50);
    departments(MANY);
    assertThat(page(everywhere, "requestId=req-busy", 50)).isEqualTo(among1).isLessThanOrEqualTo(PAGE);
  }

  @Test
  void whatWhoDidAndWhatWasWhenCostsTwoUnitsPerDepartmentMoreAndDay() throws Lost {
    departments(1);
    history("costly", "d-00", 60);
    departments(SOME);
    int partitions = SOME + 1; // the organisation has its own
    assertThat(page(everywhere, "actor=usr_busy", 50)).isLessThanOrEqualTo(PAGE + 2 * partitions);
    assertThat(page(everywhere, span(OLD, OLD.plusSeconds(1)), 50)).isLessThanOrEqualTo(PAGE + 2 * partitions);
    assertThat(page(everywhere, span(OLD.minusSeconds(90 * 86_400), OLD), 0))
        .as("days without entries, five of them").isLessThanOrEqualTo(PAGE + 5 * 2 * partitions);
  }

  @Test
  void whatARequestDidIsShownDepartmentByDepartmentAndPageByPageToThoseWhoMaySeeIt() throws Lost {
    departments(3);
    for (String department : List.of("d-00", "d-01", "d-02")) {
      history("model-" + department, department, 3);
    }
    assertThat(asked(everywhere)).containsExactly("d-00 1", "d-00 2", "d-00 3", "d-01 1", "d-01 2", "d-01 3",
        "d-02 1", "d-02 2", "d-02 3");
    assertThat(asked(everywhere.as(TestCallers.person("usr_two", TestCallers.grant(AUDITOR, "d-02"),
        TestCallers.grant(AUDITOR, "d-00"))))).containsExactly("d-00 1", "d-00 2", "d-00 3", "d-02 1", "d-02 2",
            "d-02 3");
    assertThat(asked(everywhere.as(TestCallers.of(AUDITOR, "d-0")))).isEmpty();
  }

  private static List<String> asked(ApiClient auditor) {
    List<String> lines = new ArrayList<>();
    for (JsonNode line : auditor.all("/v1/audit?requestId=req-busy&limit=2")) {
      lines.add(line.path("department").asString() + " " + line.path("rev").asInt());
    }
    return lines;
  }
}
