package dev.modelops.audit;

import static dev.modelops.domain.access.Role.ADMIN;
import static dev.modelops.domain.access.Role.AUDITOR;
import static dev.modelops.domain.access.Role.VIEWER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.checker.Checker;
import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Department;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.Scope;
import dev.modelops.domain.audit.AccessEntry;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Lost;
import dev.modelops.domain.change.Origin;
import dev.modelops.domain.deployment.Approval;
import dev.modelops.domain.deployment.Deployment;
import dev.modelops.domain.deployment.Slot;
import dev.modelops.domain.registry.Alias;
import dev.modelops.domain.registry.Check;
import dev.modelops.domain.registry.Manifest;
import dev.modelops.domain.registry.Model;
import dev.modelops.domain.registry.ModelKind;
import dev.modelops.domain.registry.Version;
import dev.modelops.embedded.TestAws;
import dev.modelops.store.dynamodb.Layout;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.Budget;
import dev.modelops.testkit.TestCallers;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Who finds which trail. */
class EntriesTest {

  private static final TestAws AWS = TestAws.fresh();
  private static final TestStore STORE = TestStore.of(AWS);
  private static final Instant NOW = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private static final String LONGEST = "l".repeat(128);
  private static final ApiClient EVERYWHERE =
      ApiClient.of(new AuditFunction(AWS.env("AuditFunction")), TestCallers.of(AUDITOR));
  private static final ApiClient OF_ALPHA = EVERYWHERE.as(TestCallers.of(AUDITOR, "alpha"));
  private static final ApiClient OF_A_ONE = EVERYWHERE.as(narrowed("alpha", "A-One"));

  @BeforeAll
  static void twoDepartmentsAndTheirModels() throws Lost {
    for (String name : List.of("alpha", "beta")) {
      commit(Change.create("department.created", new Department(name, null, NOW, "usr_root")));
    }
    model("a-one", "alpha", "dep_a1");
    model("a-two", "alpha", "dep_a2");
    model("b-one", "beta", "dep_b1");
    model(LONGEST, "alpha", "dep_long");
  }

  @AfterAll
  static void nothingContradictsItself() {
    Checker.assertSound(AWS);
  }

  /** A model with one of everything that belongs to it; its deployment was called off. */
  private static void model(String name, String department, String deployment) throws Lost {
    Manifest manifest = new Manifest(List.of(), List.of(), null, null, Map.of(), Map.of(), null, null, List.of(),
        List.of());
    String digest = STORE.manifests().put(manifest);
    commit(Change.create("model.created", new Model(name, ModelKind.RULES, Model.State.ACTIVE, department, null, null,
        null, Map.of(), null, null, Map.of(), Map.of(), null, NOW, "usr_a", NOW, "usr_a")));
    STORE.heads().next(name, Scope.ALL).orElseThrow();
    commit(Change.create("version.created", new Version(name, 1, department, null, Version.State.READY, digest,
        manifest.proof(), null, null, Map.of(), NOW, "usr_a", null, null, NOW, null, Set.of(), Set.of(), Set.of())));
    commit(Change.create("alias.moved", new Alias(name, "champion", department, null, NOW, "usr_a")));
    commit(Change.create("check.posted", new Check(name, 1, "bias", department, Check.Status.PASSED, Map.of(), null,
        null, NOW, "usr_a")));
    commit(Change.create("slot.changed", Slot.empty("staging", name, department)));
    commit(Change.create("deployment.cancelled", new Deployment(deployment, name, 1, "staging", department,
        Deployment.State.CANCELLED, "usr_a", null, NOW, false, digest, null, null, null, null, null, null, NOW, "usr_a",
        null, null)));
    commit(Change.create("approval.given", new Approval(deployment, "usr_b", department, Approval.Decision.APPROVED,
        digest, null, NOW)));
  }

  private static void commit(Change change) throws Lost {
    STORE.changes().commit(change, new Origin("usr_a", null, "req-1", null, null, NOW), null, NOW.plusSeconds(60));
  }

  private static Caller narrowed(String department, String model) {
    return TestCallers.person("usr_narrow_" + department.length(),
        TestCallers.grant(AUDITOR, department, Set.of(Permission.READ_AUDIT), Set.of(model)));
  }

  private static List<String> belongingTo(String model, String deployment) {
    return List.of("model:" + model, "version:" + model + ":1", "alias:" + model + ":champion",
        "check:" + model + ":1:bias", "slot:staging:" + model, "deployment:" + deployment,
        "approval:" + deployment + ":usr_b");
  }

  /** Every way to ask for the trail of one entity answers alike. */
  private static void expect(int status, ApiClient auditor, String entity) {
    Answer trail = auditor.get("/v1/audit/entities/" + entity).is(status);
    auditor.get("/v1/audit?entity=" + entity).is(status);
    Answer verified = auditor.get("/v1/audit/entities/" + entity + "/verify").is(status);
    if (status == 200) {
      assertThat(trail.text("/items/0/entity")).isEqualTo(entity);
      assertThat(verified.text("/verdict")).isEqualTo("intact");
    } else {
      assertThat(trail.text("/detail")).isEqualTo("there is no trail of " + entity);
    }
  }

  private static List<String> actions(ApiClient auditor, String entity) {
    return auditor.all("/v1/audit/entities/" + entity).stream().map(line -> line.path("action").asString()).toList();
  }

  @Test
  void theTrailOfTheOrganisationIsThereForWhoeverReadsAllOfItAndForNobodyElse() {
    Ref organisation = Ref.department(Entity.ORGANISATION);
    STORE.log().record(new AccessEntry("acc_1", organisation, Entity.ORGANISATION, "subject.erased", NOW, "usr_root",
        null, "req-erase", null, null, "usr_gone"));
    for (Caller all : List.of(TestCallers.of(AUDITOR), TestCallers.of(ADMIN))) {
      expect(200, EVERYWHERE.as(all), "department:*");
      assertThat(EVERYWHERE.as(all).all("/v1/audit?entity=department:*&action=subject.erased")).singleElement()
          .satisfies(line -> assertThat(line.path("detail").asString()).isEqualTo("usr_gone"));
    }
    Answer verified = EVERYWHERE.get("/v1/audit/entities/department:*/verify").is(200);
    assertThat(verified.json().path("entries").asInt()).as("accesses are not chained").isZero();
    for (Caller other : List.of(TestCallers.of(AUDITOR, "alpha"), narrowed("alpha", "a-one"), narrowed("*", "a-one"))) {
      expect(404, EVERYWHERE.as(other), "department:*");
    }
    EVERYWHERE.as(TestCallers.of(VIEWER)).get("/v1/audit/entities/department:*").is(403);
  }

  @Test
  void theTrailOfTheOrganisationIsThereBeforeAnythingIsInIt() {
    try (TestAws empty = TestAws.fresh()) {
      ApiClient auditor = ApiClient.of(new AuditFunction(empty.env("AuditFunction")), TestCallers.of(AUDITOR));
      assertThat(auditor.all("/v1/audit/entities/department:*")).isEmpty();
      auditor.get("/v1/audit/entities/department:alpha").is(404);
    }
  }

  @Test
  void exportsShowInTheTrailOfWhatWasExported() {
    OF_ALPHA.with("Accept", "application/x-ndjson").get("/v1/audit?actor=usr_a").is(200);
    EVERYWHERE.with("Accept", "application/x-ndjson").get("/v1/audit?actor=usr_a").is(200);
    assertThat(actions(EVERYWHERE, "department:alpha")).contains("audit.exported", "department.created");
    assertThat(actions(EVERYWHERE, "department:*")).contains("audit.exported");
    expect(404, OF_ALPHA, "department:alpha"); // Departments are the organisation's.
  }

  @Test
  void aGrantForAModelShowsTheTrailOfAllThatBelongsToItAndOfNothingElse() {
    belongingTo("a-one", "dep_a1").forEach(entity -> expect(200, OF_A_ONE, entity));
    belongingTo("a-two", "dep_a2").forEach(entity -> expect(404, OF_A_ONE, entity));
    belongingTo("b-one", "dep_b1").forEach(entity -> expect(404, OF_A_ONE, entity));
    List.of("department:alpha", "environment:staging", "deployment:dep_none", "approval:dep_none:usr_b",
        "approval:dep_a1:usr_none").forEach(entity -> expect(404, OF_A_ONE, entity));
    // The name is granted in another department than the model is in.
    belongingTo("a-one", "dep_a1").forEach(entity -> expect(404, EVERYWHERE.as(narrowed("beta", "a-one")), entity));
    belongingTo("b-one", "dep_b1").forEach(entity -> expect(200, EVERYWHERE.as(narrowed("*", "b-one")), entity));
  }

  @Test
  void askedOtherwiseThanByEntityAGrantForAModelAddsNothing() {
    ApiClient mixed = EVERYWHERE.as(TestCallers.person("usr_mixed", TestCallers.grant(AUDITOR, "beta"),
        TestCallers.grant(AUDITOR, "alpha", Set.of(Permission.READ_AUDIT), Set.of("a-one"))));
    for (String query : List.of("actor=usr_a", "requestId=req-1", "since=2026-01-01T00:00:00Z")) {
      assertThat(OF_A_ONE.get("/v1/audit?" + query).is(200).json().path("items")).as(query).isEmpty();
    }
    for (String query : List.of("actor=usr_a", "requestId=req-1")) {
      assertThat(mixed.all("/v1/audit?" + query)).as(query).isNotEmpty()
          .allMatch(line -> line.path("department").asString().equals("beta"));
    }
  }

  @Test
  void aNameThatIsTooLongForAnEntryIsReadFromTheDeployment() {
    belongingTo(LONGEST, "dep_long").forEach(entity -> expect(200, EVERYWHERE.as(narrowed("alpha", LONGEST)), entity));
  }

  @Test
  void aDeploymentThatIsGoneFromTheTableIsMissedByTheAuditorOfItsModelToo() {
    assertBroken("entity-missing", Layout.entity(Ref.deployment("dep_a1")));
  }

  @Test
  void aDeploymentWithoutAnyEntryIsSeenByTheAuditorOfItsModelToo() {
    assertBroken("missing-entry", Map.of("pk", AttributeValue.fromS("a#deployment:dep_a1"), "sk",
        AttributeValue.fromS("0000000001")));
  }

  @Test
  void anotherSpellingOfANameHasNoTrail() {
    List.of("version:a-one:0000000001", "version:a-one:01", "check:a-one:01:bias")
        .forEach(entity -> expect(404, OF_ALPHA, entity));
  }

  /** What verifying says while an item of the deployment is gone. */
  private static void assertBroken(String what, Map<String, AttributeValue> key) {
    String table = AWS.physicalName("RecordsTable");
    Map<String, AttributeValue> item = AWS.dynamo().getItem(g -> g.tableName(table).key(key)).item();
    AWS.dynamo().deleteItem(d -> d.tableName(table).key(key));
    try {
      Answer verified = OF_A_ONE.get("/v1/audit/entities/deployment:dep_a1/verify").is(200);
      assertThat(verified.text("/broken/what")).isEqualTo(what);
      OF_A_ONE.get("/v1/audit/entities/approval:dep_a1:usr_b").is(200);
      ApiClient ofAnother = EVERYWHERE.as(narrowed("alpha", "a-two"));
      ofAnother.get("/v1/audit/entities/deployment:dep_a1/verify").is(404);
      ofAnother.get("/v1/audit/entities/approval:dep_a1:usr_b").is(404);
    } finally {
      AWS.dynamo().putItem(p -> p.tableName(table).item(item));
    }
  }

  @Test
  void whoseADeploymentIsCostsAtMostTwoReadUnitsMore() {
    for (String entity : belongingTo(LONGEST, "dep_long")) {
      double whole = readUnits(OF_ALPHA, entity);
      assertThat(readUnits(EVERYWHERE.as(narrowed("alpha", LONGEST)), entity)).as(entity).isBetween(whole, whole + 2);
    }
    assertThat(readUnits(OF_A_ONE, "deployment:dep_a1")).isEqualTo(readUnits(OF_ALPHA, "deployment:dep_a1"));
  }

  private static double readUnits(ApiClient auditor, String entity) {
    return Budget.of(() -> auditor.get("/v1/audit/entities/" + entity).is(200)).readUnits();
  }
}
