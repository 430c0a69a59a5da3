package dev.modelops.audit;

import static dev.modelops.domain.access.Role.ADMIN;
import static dev.modelops.domain.access.Role.AUDITOR;
import static dev.modelops.domain.access.Role.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.checker.Checker;
import dev.modelops.checker.Finding;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Department;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.SubjectType;
import dev.modelops.domain.access.Subjects.Subject;
import dev.modelops.domain.audit.AccessEntry;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Lost;
import dev.modelops.domain.change.Origin;
import dev.modelops.domain.registry.Model;
import dev.modelops.domain.registry.ModelKind;
import dev.modelops.embedded.TestAws;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.TestCallers;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.JsonNode;

class AuditFunctionTest {

  private static final TestAws AWS = TestAws.fresh();
  private static final TestStore STORE = TestStore.of(AWS);
  private static final ApiClient AUDITOR_OF_RISK =
      ApiClient.of(new AuditFunction(AWS.env("AuditFunction")), TestCallers.of(AUDITOR, "risk"));
  private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private static final Set<String> TAMPERED = new HashSet<>();

  @BeforeAll
  static void departments() throws Lost {
    for (String name : List.of("risk", "sales")) {
      commit(Change.create("department.created", new Department(name, null, NOW, "usr_root")), "usr_root", NOW);
    }
  }

  @AfterAll
  static void theDeepCheckerFindsAllThatWasTamperedWithAndNothingElse() {
    List<String> findings = Checker.of(AWS).findings().stream().map(Finding::toString).toList();
    assertThat(findings).allMatch(finding -> TAMPERED.stream().anyMatch(finding::contains));
    assertThat(TAMPERED).allMatch(model -> findings.stream().anyMatch(finding -> finding.contains(model)));
  }

  private static Model model(String name, String department, String title) {
    return new Model(name, ModelKind.RULES, Model.State.ACTIVE, department, title, null, null, Map.of(), null, null,
        Map.of(), Map.of(), null, NOW, "usr_a", NOW, "usr_a");
  }

  private static void commit(Change change, String actor, Instant at)
      throws Lost {
    STORE.changes().commit(change, new Origin(actor, null, "req-" + actor, null, "why", at), null,
        Instant.now().plusSeconds(10));
  }

  /** Changes a model so many times, in the name of the actor, one millisecond after the other. */
  private static void history(String name, String department, int revisions, String actor, Instant from)
      throws Lost {
    Stored<Model> stored = null;
    for (int i = 0; i < revisions; i++) {
      Model next = model(name, department, "title " + i);
      Origin origin = new Origin(actor, null, "req-" + name + "-" + i, null, null, from.plusMillis(i));
      Change change = stored == null ? Change.create("model.created", next)
          : Change.replace("model.changed", stored, next);
      stored = STORE.changes().commit(change, origin, null, Instant.now().plusSeconds(10)).of(next);
    }
  }

  private static String encoded(Instant instant) {
    return URLEncoder.encode(instant.toString(), StandardCharsets.UTF_8);
  }

  @Test
  void theHistoryOfAnEntityIsShownNewestFirstWithNamesAndAddresses() throws Lost {
    STORE.subjects().remember(new Subject("usr_named", SubjectType.PERSON, "Ada Okafor"));
    String source = STORE.subjects().source("198.51.100.9");
    STORE.changes().commit(Change.create("model.created", model("named", "risk", "t")),
        new Origin("usr_named", "usr_gone", "req-named", source, "Ticket 7", NOW), null, Instant.now().plusSeconds(10));
    JsonNode line = AUDITOR_OF_RISK.all("/v1/audit?entity=model:Named").getFirst();
    assertThat(line.path("actorName").asString()).isEqualTo("Ada Okafor");
    assertThat(line.path("sourceAddress").asString()).isEqualTo("198.51.100.9");
    assertThat(line.path("reason").asString()).isEqualTo("Ticket 7");
    assertThat(line.has("onBehalfOfName")).isFalse();
    STORE.subjects().erase("usr_named");
    assertThat(AUDITOR_OF_RISK.all("/v1/audit?entity=model:named").getFirst().has("actorName")).isFalse();
    AUDITOR_OF_RISK.get("/v1/audit/entities/model:named/verify").is(200);
  }

  @Test
  void pagesOfAHistoryAreTheWholeOfItWithAuditedReadsBetween() throws Lost {
    history("paged", "risk", 7, "usr_pager", NOW);
    STORE.log().record(new AccessEntry("acc_1", model("paged", "risk", "").ref(), "risk", "artifact.downloaded",
        NOW.plusMillis(3), "usr_pager", null, "req-x", null, null, "model.onnx"));
    List<JsonNode> lines = AUDITOR_OF_RISK.all("/v1/audit/entities/model:paged?limit=3");
    assertThat(lines).hasSize(8);
    assertThat(lines.stream().filter(line -> line.path("type").asString().equals("change"))
        .map(line -> line.path("rev").asInt())).containsExactly(7, 6, 5, 4, 3, 2, 1);
    assertThat(AUDITOR_OF_RISK.all("/v1/audit?entity=model:paged&action=artifact.downloaded")).hasSize(1);
    assertThat(AUDITOR_OF_RISK.all("/v1/audit?entity=model:paged&action=model.")).hasSize(7);
    assertThat(AUDITOR_OF_RISK.all("/v1/audit?actor=usr_pager&limit=3")).hasSize(8);
    assertThat(AUDITOR_OF_RISK.all("/v1/audit?requestId=req-paged-2")).hasSize(1);
    assertThat(AUDITOR_OF_RISK.all("/v1/audit?entity=model:paged&requestId=req-paged-2")).hasSize(1);
    assertThat(AUDITOR_OF_RISK.all("/v1/audit?actor=usr_pager&requestId=req-x")).hasSize(1);
    assertThat(AUDITOR_OF_RISK
        .all("/v1/audit?actor=usr_pager&since=" + encoded(NOW.plusMillis(2)) + "&until=" + encoded(NOW.plusMillis(4))))
        .hasSize(3);
  }

  @Test
  void whatAnotherDepartmentDidIsNotThere() throws Lost {
    history("sold", "sales", 1, "usr_both", NOW);
    history("risked", "risk", 1, "usr_both", NOW);
    AUDITOR_OF_RISK.get("/v1/audit/entities/model:sold").is(404);
    AUDITOR_OF_RISK.get("/v1/audit/entities/model:sold/verify").is(404);
    AUDITOR_OF_RISK.get("/v1/audit?entity=model:sold").is(404);
    AUDITOR_OF_RISK.get("/v1/audit/entities/department:risk").is(404);
    assertThat(AUDITOR_OF_RISK.all("/v1/audit?actor=usr_both")).hasSize(1);
    assertThat(AUDITOR_OF_RISK.all("/v1/audit?requestId=req-sold-0")).isEmpty();
    ApiClient everywhere = AUDITOR_OF_RISK.as(TestCallers.of(AUDITOR));
    assertThat(everywhere.all("/v1/audit?actor=usr_both")).hasSize(2);
    assertThat(everywhere.all("/v1/audit?requestId=req-sold-0")).hasSize(1);
    everywhere.get("/v1/audit/entities/department:risk").is(200);
  }

  @Test
  void aGrantForOneModelShowsThatModelsTrailAlone() throws Lost {
    history("mine", "risk", 1, "usr_m", NOW);
    history("yours", "risk", 1, "usr_m", NOW);
    ApiClient narrowed = AUDITOR_OF_RISK.as(TestCallers.person("usr_narrow",
        TestCallers.grant(AUDITOR, "risk", Set.of(Permission.READ, Permission.READ_AUDIT), Set.of("Mine"))));
    narrowed.get("/v1/audit/entities/model:mine").is(200);
    narrowed.get("/v1/audit/entities/model:yours").is(404);
    assertThat(narrowed.all("/v1/audit?actor=usr_m")).isEmpty();
  }

  @Test
  void onlyWhoMayReadTheTrailMayReadIt() {
    AUDITOR_OF_RISK.as(TestCallers.of(VIEWER)).get("/v1/audit?actor=usr_a").is(403);
    AUDITOR_OF_RISK.as(TestCallers.of(ADMIN)).get("/v1/audit?actor=usr_a").is(200);
    AUDITOR_OF_RISK.get("/v1/audit").is(400);
    AUDITOR_OF_RISK.get("/v1/audit?since=yesterday").is(400);
    AUDITOR_OF_RISK.get("/v1/audit?since=2016-12-31T23:59:60Z").is(400);
    AUDITOR_OF_RISK.get("/v1/audit?since=0202-09-15T15:25:52%2B18:34&until=0000-01-01t00:00:00-23:59").is(200);
    AUDITOR_OF_RISK.get("/v1/audit/entities/model:").is(400);
    AUDITOR_OF_RISK.get("/v1/audit/entities/nothing:at-all").is(404);
  }

  @Test
  void aTailGivesEachEntryOnceAndNothingYoungerThanAMinute() throws Lost {
    Instant old = NOW.minusSeconds(600);
    history("tailed", "risk", 9, "usr_tail", old);
    history("too-young", "risk", 1, "usr_tail", Instant.now());
    Set<String> seen = new HashSet<>();
    String target = "/v1/audit?since=" + encoded(old) + "&limit=4";
    Answer answer = AUDITOR_OF_RISK.get(target).is(200);
    Instant complete = Instant.parse(answer.text("/completeUntil"));
    assertThat(complete).isBefore(Instant.now().minusSeconds(59));
    for (int pages = 0; pages < 20 && answer.json().path("items").size() > 0; pages++) {
      answer.json().path("items").forEach(line -> assertThat(seen.add(line.path("entity").asString() + "#"
          + line.path("rev").asInt())).as("%s stands on two pages", line).isTrue());
      answer = AUDITOR_OF_RISK.get(target + "&cursor=" + answer.text("/next")).is(200);
    }
    assertThat(seen).contains("model:tailed#1", "model:tailed#9").noneMatch(line -> line.startsWith("model:too-young"));
    assertThat(answer.text("/next")).as("a tail goes on").isNotEmpty();
    assertThat(AUDITOR_OF_RISK.all("/v1/audit?since=" + encoded(old) + "&until=" + encoded(old.plusMillis(5))))
        .hasSize(5);
  }

  @Test
  void anExportIsLinesWithALinkAndIsItselfRecorded() throws Lost {
    history("exported", "risk", 3, "usr_exported", NOW);
    Answer page = AUDITOR_OF_RISK.with("Accept", "application/x-ndjson").with("X-Request-Id", "export-1")
        .get("/v1/audit?actor=usr_exported&limit=2").is(200);
    assertThat(page.header("Content-Type")).isEqualTo("application/x-ndjson");
    assertThat(page.body().lines()).hasSize(2).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
    assertThat(page.header("Link")).contains("cursor=").endsWith("rel=\"next\"");
    assertThat(AUDITOR_OF_RISK.all("/v1/audit?requestId=export-1")).singleElement()
        .satisfies(line -> assertThat(line.path("action").asString()).isEqualTo("audit.exported"));
  }

  @Test
  void aWholeChainIsIntactPageByPage() throws Lost {
    history("whole", "risk", 7, "usr_a", NOW);
    String cursor = "";
    List<String> verdicts = new ArrayList<>();
    int entries = 0;
    do {
      Answer answer = AUDITOR_OF_RISK.get("/v1/audit/entities/model:whole/verify?limit=3" + cursor).is(200);
      verdicts.add(answer.text("/verdict"));
      entries += answer.json().path("entries").asInt();
      cursor = answer.json().has("next") ? "&cursor=" + answer.text("/next") : "";
    } while (!cursor.isEmpty());
    assertThat(verdicts).containsExactly("so-far-intact", "so-far-intact", "intact");
    assertThat(entries).isEqualTo(7);
  }

  @Test
  void anEntityThatWasEditedInTheTableIsFound() throws Lost {
    history("edited", "risk", 2, "usr_a", NOW);
    update("model#edited", "-", "SET body = :v",
        AttributeValue.fromS(body("model#edited", "-").replace("title 1", "forged")));
    assertBroken("edited", "entity-digest", 2);
    history("rewound", "risk", 3, "usr_a", NOW);
    update("model#rewound", "-", "SET rev = :v", AttributeValue.fromN("2"));
    assertBroken("rewound", "entity-revision", 3);
    history("behead", "risk", 1, "usr_a", NOW);
    update("model#behead", "-", "SET head = :v", AttributeValue.fromS("0".repeat(64)));
    assertBroken("behead", "entity-head", 1);
  }

  @Test
  void anEntryThatIsGoneOrWasEditedIsFound() throws Lost {
    history("gap", "risk", 3, "usr_a", NOW);
    remove("a#model:gap", "0000000002");
    assertBroken("gap", "missing-entry", 2);
    history("cut", "risk", 3, "usr_a", NOW);
    remove("a#model:cut", "0000000003");
    assertBroken("cut", "missing-entry", 3);
    history("erased", "risk", 1, "usr_a", NOW);
    remove("a#model:erased", "0000000001");
    assertBroken("erased", "missing-entry", 1);
    history("swapped", "risk", 3, "usr_a", NOW);
    history("donor", "risk", 3, "usr_a", NOW);
    AttributeValue foreign = item("a#model:donor", "0000000002").get("body");
    update("a#model:swapped", "0000000002", "SET body = :v", java.util.Objects.requireNonNull(foreign));
    assertBroken("swapped", "link", 2);
    history("posing", "risk", 1, "usr_a", NOW);
    update("a#model:posing", "0000000001", "SET body = :v",
        java.util.Objects.requireNonNull(item("a#model:donor", "0000000001").get("body")));
    assertBroken("posing", "entity-head", 1);
    history("unbodied", "risk", 1, "usr_a", NOW);
    remove("model#unbodied", "-");
    assertBroken("unbodied", "entity-missing", 1);
  }

  private static void assertBroken(String model, String what, int rev) {
    TAMPERED.add(model);
    Answer answer = AUDITOR_OF_RISK.get("/v1/audit/entities/model:" + model + "/verify").is(200);
    assertThat(answer.text("/verdict")).as(answer.body()).isEqualTo("broken");
    assertThat(answer.text("/broken/what")).isEqualTo(what);
    assertThat(answer.json().at("/broken/rev").asInt()).isEqualTo(rev);
  }

  private static Map<String, AttributeValue> key(String pk, String sk) {
    return Map.of("pk", AttributeValue.fromS(pk), "sk", AttributeValue.fromS(sk));
  }

  private static Map<String, AttributeValue> item(String pk, String sk) {
    return AWS.dynamo().getItem(g -> g.tableName(AWS.physicalName("RecordsTable")).key(key(pk, sk))).item();
  }

  private static String body(String pk, String sk) {
    return java.util.Objects.requireNonNull(item(pk, sk).get("body")).s();
  }

  private static void update(String pk, String sk, String expression, AttributeValue value) {
    AWS.dynamo().updateItem(u -> u.tableName(AWS.physicalName("RecordsTable")).key(key(pk, sk))
        .updateExpression(expression).expressionAttributeValues(Map.of(":v", value)));
  }

  private static void remove(String pk, String sk) {
    AWS.dynamo().deleteItem(d -> d.tableName(AWS.physicalName("RecordsTable")).key(key(pk, sk)));
  }
}
