package dev.modelops.checker;

import dev.modelops.checker.View.Damaged;
import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.store.dynamodb.Layout;
import dev.modelops.store.dynamodb.Layout.Table;
import dev.modelops.store.dynamodb.Row;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Puts one item to all rules that concern it. */
final class Examiner {

  private final RegistryRules registry;

  Examiner(RegistryRules registry) {
    this.registry = registry;
  }

  List<Finding> examine(Table table, Map<String, AttributeValue> item, View view) {
    Row row;
    try {
      row = Layout.read(table, item);
    } catch (RuntimeException damaged) {
      return List.of(new Finding(Rule.READABLE, place(table, item), "cannot be read: " + damaged.getMessage()));
    }
    Findings findings = new Findings(row instanceof Row.State state
        ? state.stored().entity().ref().toString()
        : place(table, item));
    try {
      place(row, item, findings);
      judge(row, item, view, findings);
    } catch (Damaged beside) {
      // What it refers to cannot be read, and is found itself.
    }
    return findings.list();
  }

  private static String place(Table table, Map<String, AttributeValue> item) {
    return table.name().toLowerCase(Locale.ROOT) + " " + text(item, "pk") + " / " + text(item, "sk");
  }

  private static String text(Map<String, AttributeValue> item, String attribute) {
    AttributeValue value = item.get(attribute);
    return value == null ? "" : value.s();
  }

  private static void place(Row row, Map<String, AttributeValue> item, Findings findings) {
    if (!(row instanceof Row.TermOf || row instanceof Row.Unknown)) {
      Map<String, AttributeValue> expected = Layout.keys(row);
      Map<String, AttributeValue> found = Layout.keys(item);
      findings.expect(found.equals(expected), Rule.PLACE, "lies under %s, not under %s", texts(found), texts(expected));
    }
  }

  private static String texts(Map<String, AttributeValue> keys) {
    return keys.entrySet().stream().sorted(Map.Entry.comparingByKey())
        .map(key -> key.getKey() + "=" + key.getValue().s()).toList().toString();
  }

  private void judge(Row row, Map<String, AttributeValue> item, View view, Findings findings) {
    switch (row) {
      case Row.State state -> entity(state, view, findings);
      case Row.Entry entry -> TrailRules.entry(entry.entry(), view, findings);
      case Row.Access access -> TrailRules.access(access.entry(), view, findings);
      case Row.Remembered remembered -> TrailRules.remembered(remembered, view, findings);
      case Row.Counter counter -> RegistryRules.head(counter.head(), view, findings);
      case Row.Claimed claimed -> NameRules.claim(claimed.claim(), view, findings);
      case Row.Content content -> findings.expect(content.computed().equals(content.digest()), Rule.MANIFEST,
          "has the digest %s", content.computed());
      case Row.Address address -> findings.expect(!view.item(Table.RECORDS, Layout.source(address.source())).isEmpty(),
          Rule.SOURCE, "refers to %s, which is not there", address.source());
      case Row.Used used -> findings.expect(view.has(Ref.token(used.token())), Rule.TOKEN, "is the use of no token");
      case Row.TermOf term -> term(term.entity(), item, view, findings);
      case Row.Points points -> metrics(points.model(), view, findings);
      case Row.Catalog catalog -> metrics(catalog.model(), view, findings);
      case Row.Rollup rollup -> MetricRules.rollup(rollup.key(), view, findings);
      case Row.Name name -> {
      }
      case Row.Source source -> {
      }
      case Row.Unknown unknown -> findings.expect(false, Rule.KNOWN, "is nothing that the store writes");
    }
  }

  private static void metrics(String model, View view, Findings findings) {
    MetricRules.model(model, view, findings);
  }

  private void entity(Row.State state, View view, Findings findings) {
    Stored<?> stored = state.stored();
    TrailRules.chain(stored, view, findings);
    for (Map<String, AttributeValue> term : Layout.terms(stored.entity())) {
      findings.expect(view.item(Table.TERMS, Reading.key(term)).equals(term), Rule.TERM, "is not found by %s",
          texts(term));
    }
    registry.judge(stored.entity(), view, findings);
    DeploymentRules.judge(state, view, findings);
    NameRules.judge(stored.entity(), view, findings);
  }

  /** Terms without their entity, or that the entity has no more. */
  private static void term(Ref ref, Map<String, AttributeValue> item, View view, Findings findings) {
    Optional<? extends Stored<? extends Entity>> owner = view.find(Entity.class, ref);
    findings.expect(owner.isPresent() && Layout.terms(owner.get().entity()).contains(item), Rule.TERM,
        "leads to %s, which %s", ref, owner.isPresent() ? "has no such term" : "is not there");
  }
}
