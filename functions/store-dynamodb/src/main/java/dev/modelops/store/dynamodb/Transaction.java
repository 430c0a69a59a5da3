package dev.modelops.store.dynamodb;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.audit.AuditEntry;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Change.Claim;
import dev.modelops.domain.change.Change.Effect;
import dev.modelops.domain.change.Change.Fact;
import dev.modelops.domain.change.Idempotency;
import dev.modelops.domain.change.Lost;
import dev.modelops.domain.change.Origin;
import dev.modelops.domain.registry.Model;
import dev.modelops.json.Json;
import dev.modelops.store.dynamodb.Kind.Key;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import tools.jackson.databind.JsonNode;

/**
 * A change as the items of one TransactWriteItems. Beside each conditional item stands what its failure means: the item
 * found in its place is handed over, and the answer is why the change is lost, or nothing when the item is our own. One
 * such item is proof that an earlier attempt of unknown outcome had written all of the change.
 */
final class Transaction {

  /** DynamoDB takes no more items in one transaction. */
  static final int MOST_ITEMS = 100;
  static final String CLAIM = "c#";
  static final String REQUEST = "i#";

  private final Tables tables;
  private final List<TransactWriteItem> items = new ArrayList<>();
  private final List<Function<Map<String, AttributeValue>, Optional<Lost.Cause>>> failures = new ArrayList<>();
  private final Map<Ref, Stored<?>> states = new LinkedHashMap<>();

  Transaction(Tables tables, Change change, Origin origin, @Nullable Idempotency idempotency) {
    this.tables = tables;
    for (Effect<?> effect : change.effects()) {
      effect(effect, origin);
    }
    change.claims().forEach(this::claim);
    change.facts().forEach(this::fact);
    if (idempotency != null) {
      remember(idempotency);
    }
    if (items.size() > MOST_ITEMS) {
      throw new IllegalArgumentException("a change of " + items.size() + " items does not fit one transaction");
    }
  }

  List<TransactWriteItem> items() {
    return items;
  }

  Map<Ref, Stored<?>> states() {
    return states;
  }

  /** Why the condition of this item failed, given what lies in its place; empty when it was our own earlier write. */
  Optional<Lost.Cause> failure(int item, Map<String, AttributeValue> found) {
    return failures.get(item).apply(found);
  }

  private <E extends Entity> void effect(Effect<E> effect, Origin origin) {
    E entity = effect.after();
    Ref ref = entity.ref();
    @Nullable Stored<E> before = effect.before();
    JsonNode now = Json.node(entity);
    AuditEntry entry = Ledger.entry(effect, now, origin);
    String body = Json.text(now);
    if (states.put(ref, new Stored<>(entity, entry.rev(), entry.hash(), body)) != null) {
      throw new IllegalArgumentException(ref + " stands twice in one change");
    }
    Map<String, AttributeValue> item = EntityItems.item(entity, body, entry.rev(), entry.hash());
    put(tables.records(), item, before == null ? null : before.rev(), found -> {
      return entry.hash().equals(Items.find(found, Items.HEAD)) ? Optional.empty()
          : Optional.of(before == null ? new Lost.Exists(ref) : new Lost.Moved(ref, Items.number(found, Items.REV)));
    });
    // No revision is without its entry, and no entry is ever overwritten: the condition holds whenever the entity's does.
    Map<String, AttributeValue> record = Ledger.item(entry);
    put(tables.records(), record, null, found -> record.equals(found) ? Optional.empty()
        : Optional.of(new Lost.Moved(ref, entry.rev())));
    terms(before == null ? null : before.entity(), entity);
    if (entity instanceof Model model) {
      head(model);
    }
  }

  private <E extends Entity> void terms(@Nullable E before, E after) {
    Kind<E> kind = Kinds.of(after);
    Map<Key, String> old = before == null ? Map.of() : TermItems.of(kind, before);
    Map<Key, String> now = TermItems.of(kind, after);
    old.keySet().stream().filter(key -> !now.containsKey(key)).forEach(key -> add(TransactWriteItem.builder()
        .delete(d -> d.tableName(tables.terms()).key(Items.key(key.pk(), key.sk()))).build(), never()));
    now.forEach((key, all) -> {
      if (!old.containsKey(key)) {
        add(TransactWriteItem.builder().put(p -> p.tableName(tables.terms()).item(TermItems.item(key, all))).build(),
            never());
      }
    });
  }

  private void head(Model model) {
    add(TransactWriteItem.builder().update(u -> u.tableName(tables.records()).key(DynamoHeads.key(model.name()))
        .updateExpression("SET model = :m, dept = :d, kind = :k, #s = :s, n = if_not_exists(n, :zero)")
        .expressionAttributeNames(Map.of("#s", "state"))
        .expressionAttributeValues(Map.of(":m", Items.s(model.name()), ":d", Items.s(model.department()), ":k",
            Items.s(model.kind().name()), ":s", Items.s(model.state().name()), ":zero", Items.n(0))))
        .build(), never());
  }

  private void claim(Claim claim) {
    Map<String, AttributeValue> item = new HashMap<>(claimKey(claim.space(), claim.name()));
    item.put("owner", Items.s(claim.owner().toString()));
    put(tables.records(), item, null,
        found -> Optional.of(new Lost.Taken(claim, Ref.parse(Items.text(found, "owner")))));
  }

  private void fact(Fact fact) {
    Key key = Kinds.of(fact.ref().kind()).key(fact.ref());
    add(TransactWriteItem.builder().conditionCheck(c -> {
      c.tableName(tables.records()).key(Items.key(key.pk(), key.sk()))
          .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
      if (fact.rev() == 0) {
        c.conditionExpression("attribute_not_exists(pk)");
      } else {
        c.conditionExpression("rev = :rev").expressionAttributeValues(Map.of(":rev", Items.n(fact.rev())));
      }
    }).build(), found -> Optional.of(new Lost.Moved(fact.ref(), Items.number(found, Items.REV))));
  }

  private void remember(Idempotency idempotency) {
    Map<String, AttributeValue> item = new HashMap<>(idempotencyKey(idempotency.key()));
    item.put("request", Items.s(idempotency.request()));
    item.put("status", Items.n(idempotency.status()));
    item.put("entity", Items.s(idempotency.entity().toString()));
    item.put(Items.TTL, Items.n(idempotency.expiresAt().getEpochSecond()));
    @Nullable Stored<?> state = states.get(idempotency.entity());
    if (state != null) {
      // Nobody who answers asks for it; it says which audit entry tells of the request.
      item.put(Items.REV, Items.n(state.rev()));
    }
    put(tables.records(), item, null, found -> Optional.of(new Lost.Done(remembered(idempotency.key(), found))));
  }

  static Idempotency remembered(String key, Map<String, AttributeValue> item) {
    return new Idempotency(key, Items.text(item, "request"), (int) Items.number(item, "status"),
        Ref.parse(Items.text(item, "entity")), java.time.Instant.ofEpochSecond(Items.number(item, Items.TTL)));
  }

  static Map<String, AttributeValue> idempotencyKey(String key) {
    return Items.key(REQUEST + key, Items.SINGLE);
  }

  static Map<String, AttributeValue> claimKey(String space, String name) {
    return Items.key(CLAIM + space + "#" + name, Items.SINGLE);
  }

  /** A put on condition of a revision; of absence when there is none. */
  private void put(String table, Map<String, AttributeValue> item, @Nullable Long rev,
      Function<Map<String, AttributeValue>, Optional<Lost.Cause>> failure) {
    add(TransactWriteItem.builder().put(p -> {
      p.tableName(table).item(item).returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD);
      if (rev == null) {
        p.conditionExpression("attribute_not_exists(pk)");
      } else {
        p.conditionExpression("rev = :rev").expressionAttributeValues(Map.of(":rev", Items.n(rev)));
      }
    }).build(), failure);
  }

  private void add(TransactWriteItem item, Function<Map<String, AttributeValue>, Optional<Lost.Cause>> failure) {
    items.add(item);
    failures.add(failure);
  }

  private static Function<Map<String, AttributeValue>, Optional<Lost.Cause>> never() {
    return found -> {
      throw new IllegalStateException("an item without a condition failed its condition");
    };
  }
}
