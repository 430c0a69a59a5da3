package dev.modelops.checker;

import static dev.modelops.checker.Stage.CREDIT;
import static dev.modelops.checker.Stage.START;
import static dev.modelops.checker.Stage.model;
import static dev.modelops.checker.Stage.token;
import static dev.modelops.checker.Stage.setting;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromB;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import dev.modelops.domain.access.IdentityProvider;
import dev.modelops.domain.audit.AccessEntry;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Change.Claim;
import dev.modelops.domain.change.Idempotency;
import dev.modelops.domain.deployment.Approval;
import dev.modelops.domain.deployment.Deployment;
import dev.modelops.domain.deployment.Slot;
import dev.modelops.domain.metrics.Block;
import dev.modelops.domain.metrics.RollupKey;
import dev.modelops.domain.registry.Alias;
import dev.modelops.domain.registry.Check;
import dev.modelops.domain.registry.Manifest;

import dev.modelops.domain.registry.Version;
import dev.modelops.json.Json;
import dev.modelops.store.dynamodb.Layout;
import dev.modelops.store.dynamodb.Row;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One thing that goes wrong in a store in which all was well.
 *
 * @param what goes wrong
 * @param rule that it violates
 * @param entity or item that shows it
 */
record Spoiled(String what, Rule rule, String entity, Consumer<Stage> spoil) {

  static final List<Spoiled> CASES = new ArrayList<>();

  private static void spoiled(String what, Rule rule, String entity, Consumer<Stage> spoil) {
    CASES.add(new Spoiled(what, rule, entity, spoil));
  }

  private static final Map<String, AttributeValue> BLOCK = points("iris");
  private static final Map<String, AttributeValue> TAG =
      Layout.terms(model("iris", CREDIT)).stream().filter(term -> text(term, "pk").contains("#tag#")).findFirst()
          .orElseThrow();

  private static Map<String, AttributeValue> points(String model) {
    Block block = Stage.block(model);
    return Layout
        .keys(new Row.Points(model, block.environment(), block.firstMinute(), block.lastMinute(), block.digest()));
  }

  private static String text(Map<String, AttributeValue> item, String attribute) {
    return String.valueOf(item.getOrDefault(attribute, fromS("")).s());
  }

  private static String place(String table, Map<String, AttributeValue> item) {
    return table + " " + text(item, "pk") + " / " + text(item, "sk");
  }

  static final Ref FIRST = Ref.version("iris", 1);
  static final Ref SECOND = Ref.version("iris", 2);

  static {
    items();
    trail();
    registry();
    slots();
    deployments();
    access();
  }

  private static void items() {
    for (String table : List.of("Records", "Terms", "Metrics", "Rollups")) {
      spoiled("an item of another making in " + table, Rule.KNOWN,
          table.toLowerCase(java.util.Locale.ROOT) + " zebra#1 / -",
          stage -> stage.write(table + "Table", Stage.key("zebra#1", "-")));
    }
    spoiled("an approval without a body", Rule.READABLE, "records approvals#dep_4 / usr_z",
        stage -> stage.write("RecordsTable", Stage.key("approvals#dep_4", "usr_z")));
    spoiled("a manifest that does not inflate", Rule.READABLE, "records m#0 / -", stage -> stage.write("RecordsTable",
        setting("body", fromB(SdkBytes.fromByteArray(new byte[] {7, 7}))).apply(Stage.key("m#0", "-"))));
    spoiled("an entity under another's key", Rule.PLACE, "department:retail",
        stage -> stage.edit("RecordsTable", "departments", "retail", setting("sk", fromS("retail-2"))));
    spoiled("an open deployment that no schedule will look at", Rule.PLACE, "deployment:dep_2",
        stage -> stage.edit("RecordsTable", "deployment#dep_2", "-", setting("g2pk", fromS("due#deployment#0"))));
    spoiled("a block on a level that its span does not have", Rule.PLACE, place("metrics", BLOCK),
        stage -> stage.edit("MetricsTable", text(BLOCK, "pk"), text(BLOCK, "sk"),
            setting("l", fromN(Long.toString(Stage.block("iris").lastMinute() + 90)))));
  }

  private static void trail() {
    spoiled("an entity edited behind the trail's back", Rule.CHAIN, "department:retail",
        stage -> stage.edit("RecordsTable", "departments", "retail", body("title", "Wholesale")));
    spoiled("an entity that claims another head", Rule.CHAIN, "department:retail",
        stage -> stage.edit("RecordsTable", "departments", "retail", setting("head", fromS("0".repeat(64)))));
    spoiled("an entry that is gone", Rule.CHAIN, "token:tok_1",
        stage -> stage.delete("RecordsTable", "a#token:tok_1", "0000000001"));
    spoiled("an entity that is gone", Rule.ENTRY, "records a#department:retail / 0000000001",
        stage -> stage.delete("RecordsTable", "departments", "retail"));
    spoiled("an entry of a revision that never was", Rule.ENTRY, "records a#department:retail / 0000000002", stage -> {
      stage.put(stage.get(dev.modelops.domain.access.Department.class, Ref.department("retail")).entity());
      stage.edit("RecordsTable", "a#department:retail", "0000000001", item -> {
        // The department as it was before its second entry.
        stage.edit("RecordsTable", "departments", "retail", now -> {
          Map<String, AttributeValue> before = new HashMap<>(now);
          before.put("rev", fromN("1"));
          before.put("head",
              fromS(stage.store.audit().chain(Ref.department("retail"), 1, 1).items().getFirst().hash()));
          return before;
        });
        return item;
      });
    });
    spoiled("an entry that is not found by its day", Rule.PLACE, "records a#token:tok_1 / 0000000001",
        stage -> stage.edit("RecordsTable", "a#token:tok_1", "0000000001",
            setting("g2pk", fromS("t#credit#2026-03-01#9"))));
    spoiled("a read of what is not there", Rule.ENTRY,
        "records x#version:iris:7 / " + START.toString().replace("Z", ".000Z") + "#acc_2",
        stage -> stage.store.audit().record(new AccessEntry("acc_2", Ref.version("iris", 7), CREDIT,
            "artifact.downloaded", START, "usr_a", null, "req-9", null, null, null)));
    spoiled("a remembered request about nothing", Rule.IDEMPOTENCY, "records i#k2 / -",
        stage -> stage.commit(Change.create("test.put", token("tok_3", null)),
            new Idempotency("k2", "digest", 201, Ref.token("tok_9"), START.plusSeconds(86_400))));
    spoiled("a remembered request that failed", Rule.IDEMPOTENCY, "records i#k1 / -",
        stage -> stage.edit("RecordsTable", "i#k1", "-", setting("status", fromN("503"))));
    spoiled("a remembered request whose change is not on record", Rule.IDEMPOTENCY, "records i#k1 / -",
        stage -> stage.edit("RecordsTable", "i#k1", "-", setting("rev", fromN("9"))));
    spoiled("a remembered creation that is on record as a change", Rule.IDEMPOTENCY, "records i#k1 / -",
        stage -> stage.edit("RecordsTable", "i#k1", "-", setting("rev", fromN("2"))));
    spoiled("a remembered change that is on record as a creation", Rule.IDEMPOTENCY, "records i#k1 / -",
        stage -> stage.edit("RecordsTable", "i#k1", "-", setting("status", fromN("200"))));
  }

  private static void registry() {
    spoiled("a model that a search does not find", Rule.TERM, "model:iris",
        stage -> stage.delete("TermsTable", text(TAG, "pk"), "iris"));
    spoiled("a term that was left over", Rule.TERM, "terms " + text(TAG, "pk") + "b / iris",
        stage -> stage.write("TermsTable", setting("pk", fromS(text(TAG, "pk") + "b")).apply(TAG)));
    spoiled("a term of another department", Rule.TERM, "terms retail" + text(TAG, "apk") + " / iris",
        stage -> stage.write("TermsTable", setting("pk", fromS("retail" + text(TAG, "apk"))).apply(TAG)));
    spoiled("a model without a head", Rule.HEAD, "model:rose", stage -> {
      stage.put(model("rose", CREDIT));
      stage.delete("RecordsTable", "head#rose", "-");
    });
    spoiled("a head that says archived", Rule.HEAD, "records head#iris / -",
        stage -> stage.edit("RecordsTable", "head#iris", "-", setting("state", fromS("ARCHIVED"))));
    spoiled("a counter below a number that was given", Rule.COUNTER, "version:iris:2",
        stage -> stage.edit("RecordsTable", "head#iris", "-", setting("n", fromN("1"))));
    spoiled("a model of a department that is not there", Rule.DEPARTMENT, "model:rose",
        stage -> stage.put(model("rose", "nowhere")));
    spoiled("a check of another department than its model", Rule.DEPARTMENT, "check:iris:1:leak",
        stage -> stage
            .put(new Check("iris", 1, "leak", "retail", Check.Status.PASSED, Map.of(), null, null, START, "usr_a")));
    spoiled("a check of no version", Rule.PARENT, "check:iris:9:late",
        stage -> stage
            .put(new Check("iris", 9, "late", CREDIT, Check.Status.PASSED, Map.of(), null, null, START, "usr_a")));
    spoiled("an external id that is not claimed", Rule.CLAIM, "version:iris:2",
        stage -> stage.delete("RecordsTable", "c#external:iris#build-2", "-"));
    spoiled("a claim that nobody bears", Rule.CLAIM, "records c#external:iris#build-9 / -",
        stage -> stage.commit(Change.create("test.put", token("tok_3", null))
            .claiming(new Claim("external:iris", "build-9", FIRST)), null));
    spoiled("a version without its manifest", Rule.MANIFEST, "version:iris:1", stage -> stage.delete("RecordsTable",
        "m#" + stage.get(Version.class, FIRST).entity().manifest(), "-"));
    spoiled("a manifest that was exchanged", Rule.MANIFEST, "records m#" + "0".repeat(64) + " / -", stage -> {
      String digest = stage.get(Version.class, FIRST).entity().manifest();
      stage.edit("RecordsTable", "m#" + digest, "-", setting("pk", fromS("m#" + "0".repeat(64))));
    });
    spoiled("a version that believes itself proved", Rule.MANIFEST, "version:iris:1",
        stage -> stage.change(Version.class, FIRST, version -> with(version, "proof", "proved")));
    spoiled("a pending version that an alias holds", Rule.VERSION, "version:iris:3", stage -> {
      stage.store.heads().next("iris", dev.modelops.domain.access.Scope.ALL);
      Version third = stage.version(3, stage.manifest(List.of()), Manifest.Proof.DECLARED);
      stage.put(with(with(third, "state", "pending"), "expiresAt", START.plusSeconds(86_400).toString()));
    });
    spoiled("an alias to a version that is not there", Rule.ALIAS, "alias:iris:next",
        stage -> stage.put(new Alias("iris", "next", CREDIT, 7, START, "usr_a")));
    spoiled("an alias that its version does not know", Rule.ALIAS, "alias:iris:next",
        stage -> stage.put(new Alias("iris", "next", CREDIT, 2, START, "usr_a")));
    spoiled("an alias that was removed, and its version believes in it", Rule.ALIAS, "version:iris:1",
        stage -> stage.put(new Alias("iris", "champion", CREDIT, null, START, "usr_a")));
  }

  private static void slots() {
    spoiled("a slot that has live what is not", Rule.SLOT, "slot:staging:iris",
        stage -> stage.change(Slot.class, Ref.slot("staging", "iris"), slot -> with(slot, "live",
            Json.node(
                new Slot.Live(2, "dep_2", "0".repeat(64), slot.changedAt() == null ? START : slot.changedAt())))));
    spoiled("a version that believes to be live", Rule.SLOT, "version:iris:1",
        stage -> stage.change(Version.class, FIRST, version -> version.withLiveIn(Set.of("production", "staging"))));
    spoiled("a version that believes in an open deployment", Rule.SLOT, "version:iris:1",
        stage -> stage.change(Version.class, FIRST, version -> version.withOpenDeployments(Set.of("dep_9"))));
    spoiled("a slot with an open deployment that never was", Rule.SLOT, "slot:staging:iris",
        stage -> stage.change(Slot.class, Ref.slot("staging", "iris"), slot -> with(slot, "open", List.of("dep_9"))));
    spoiled("a slot that something deploys to, and nothing does", Rule.SLOT, "slot:staging:iris",
        stage -> stage.change(Slot.class, Ref.slot("staging", "iris"), slot -> with(slot, "deploying", "dep_9")));
    spoiled("a slot that was left by nobody", Rule.SLOT, "slot:staging:iris",
        stage -> stage.change(Slot.class, Ref.slot("staging", "iris"), slot -> with(slot, "left", "dep_9")));
    spoiled("a slot of an environment that is not there", Rule.PARENT, "slot:moon:iris",
        stage -> stage.put(Slot.empty("moon", "iris", CREDIT)));
    spoiled("a slot of a model that is not there", Rule.PARENT, "slot:staging:rose",
        stage -> stage.put(Slot.empty("staging", "rose", CREDIT)));
  }

  private static void deployments() {
    spoiled("a deployment that waits, and its slot has forgotten it", Rule.SLOT, "deployment:dep_4",
        stage -> stage.change(Slot.class, Ref.slot("production", "iris"), slot -> with(slot, "open", List.of())));
    spoiled("a deployment that waits, and its version has forgotten it", Rule.SLOT, "deployment:dep_4",
        stage -> stage.change(Version.class, SECOND, version -> version.withOpenDeployments(Set.of())));
    spoiled("a deployment that failed without an end", Rule.DEPLOYMENT, "deployment:dep_9",
        stage -> stage.put(with(asked(stage), "state", "failed")));
    spoiled("a deployment that goes back to what was never live", Rule.DEPLOYMENT, "deployment:dep_9", stage -> stage
        .put(with(ended(asked(stage)), "fallback", "dep_4")));
    spoiled("a deployment of another manifest", Rule.PARENT, "deployment:dep_9",
        stage -> stage.put(with(ended(asked(stage)), "manifest", "0".repeat(64))));
    spoiled("a deployment that was live for no time", Rule.INTERVAL, "deployment:dep_1",
        stage -> stage.change(Deployment.class, Ref.deployment("dep_1"),
            deployment -> with(deployment, "endedAt", String.valueOf(deployment.liveAt()))));
    spoiled("a deployment that was live while another was", Rule.INTERVAL, "deployment:dep_2",
        stage -> stage.change(Deployment.class, Ref.deployment("dep_1"),
            deployment -> with(deployment, "endedAt", START.plusSeconds(86_400).toString())));
    spoiled("a deployment that forgot the one before", Rule.INTERVAL, "deployment:dep_2", stage -> stage
        .change(Deployment.class, Ref.deployment("dep_2"), deployment -> with(deployment, "previous", null)));
    spoiled("an approver who did not approve", Rule.APPROVAL, "deployment:dep_3",
        stage -> stage.change(Approval.class, Ref.approval("dep_3", "usr_b"),
            approval -> with(approval, "decision", "rejected")));
    spoiled("an approval of no deployment", Rule.PARENT, "approval:dep_9:usr_b",
        stage -> stage.put(new Approval("dep_9", "usr_b", CREDIT, Approval.Decision.REJECTED, "0", null, START)));
  }

  private static void access() {
    spoiled("a token that was rotated to none", Rule.TOKEN, "token:tok_3",
        stage -> stage.put(token("tok_3", "tok_9")));
    spoiled("a use of no token", Rule.TOKEN, "records use#tok_9 / -",
        stage -> stage.store.tokenUse().used("tok_9", java.time.LocalDate.of(2026, 3, 1)));
    spoiled("an issuer that belongs to another", Rule.CLAIM, "identity-provider:other",
        stage -> stage
            .put(with(stage.get(IdentityProvider.class, Ref.identityProvider("ci")).entity(), "name", "other")));
    spoiled("an address whose reference is unknown", Rule.SOURCE, "records address#1 / -",
        stage -> stage.write("RecordsTable", setting("source", fromS("src_9")).apply(Stage.key("address#1", "-"))));
    spoiled("a block of no model", Rule.METRICS, place("metrics", points("rose")),
        stage -> stage.store.blocks().put(Stage.block("rose")));
    spoiled("a roll-up of no model", Rule.METRICS, "rollups l#rose#production / abc",
        stage -> stage.store.rollups().put(new RollupKey.Listed("rose", "production", "abc"), 0, new byte[] {1}, null));
  }

  /** A deployment that is nobody's concern any more. */
  private static Deployment asked(Stage stage) {
    return Deployment.asked("dep_9", stage.get(Version.class, FIRST).entity(), "staging", "usr_a", null, START);
  }

  private static Deployment ended(Deployment deployment) {
    return with(with(with(deployment, "state", "cancelled"), "endedAt", START.plusSeconds(3_600).toString()), "endedBy",
        "usr_a");
  }

  /** An entity with one field as no rule would have made it. */
  @SuppressWarnings("unchecked")
  static <E extends Entity> E with(E entity, String field, @org.jspecify.annotations.Nullable Object value) {
    ObjectNode node = (ObjectNode) Json.node(entity);
    if (value == null) {
      node.remove(field);
    } else {
      node.set(field, value instanceof JsonNode json ? json : Json.node(value));
    }
    return (E) Json.bind(node, entity.getClass());
  }

  private static java.util.function.UnaryOperator<Map<String, AttributeValue>> body(String field, String value) {
    return item -> {
      ObjectNode body =
          (ObjectNode) Json.read(String.valueOf(item.getOrDefault("body", fromS("{}")).s()), JsonNode.class);
      return Stage.setting("body", fromS(Json.text(body.put(field, value)))).apply(item);
    };
  }
}
