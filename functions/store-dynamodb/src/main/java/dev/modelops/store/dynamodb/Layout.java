package dev.modelops.store.dynamodb;

import dev.modelops.domain.Entity;
import dev.modelops.domain.EntityKind;
import dev.modelops.domain.Ref;
import dev.modelops.domain.change.Change.Claim;
import dev.modelops.domain.registry.Manifest;
import dev.modelops.json.Digests;
import dev.modelops.json.Json;
import dev.modelops.store.dynamodb.Kind.Key;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.JsonNode;

/**
 * What lies where, for those who look at whole tables behind the ports' back: what an item is, the keys that it must
 * therefore have, and the keys of what it refers to. Nothing here reads or writes a table.
 */
public final class Layout {

  /** The tables of the template. */
  public enum Table {
    RECORDS,
    TERMS,
    METRICS,
    ROLLUPS
  }

  private static final Set<String> KEYS =
      Set.of(Items.PK, Items.SK, "g1pk", "g1sk", "g2pk", "g2sk", "g3pk", "g3sk", TermItems.ALL_PK);

  private Layout() {}

  /** @throws RuntimeException when the item is damaged: what it must hold is missing or cannot be read */
  public static Row read(Table table, Map<String, AttributeValue> item) {
    String pk = Items.text(item, Items.PK);
    String sk = Items.text(item, Items.SK);
    return switch (table) {
      case RECORDS -> record(pk, item);
      case TERMS -> term(pk, sk).<Row>map(Row.TermOf::new).orElse(new Row.Unknown());
      case METRICS -> metrics(pk, sk, item);
      case ROLLUPS -> DynamoRollups.key(pk, sk).<Row>map(key -> new Row.Rollup(key, Items.number(item, Items.REV)))
          .orElse(new Row.Unknown());
    };
  }

  private static Row record(String pk, Map<String, AttributeValue> item) {
    Optional<Kind<?>> kind = Images.kind(pk);
    if (kind.isPresent()) {
      return new Row.State(EntityItems.read(kind.get().type(), item));
    }
    int mark = pk.indexOf('#') + 1;
    String rest = pk.substring(mark);
    return switch (pk.substring(0, mark)) {
      case Ledger.CHANGE -> new Row.Entry(Ledger.entry(item));
      case Ledger.ACCESS -> new Row.Access(Ledger.access(item));
      case DynamoHeads.PREFIX -> new Row.Counter(DynamoHeads.read(item));
      case Transaction.CLAIM -> new Row.Claimed(new Claim(rest.substring(0, rest.indexOf('#')),
          rest.substring(rest.indexOf('#') + 1), Ref.parse(Items.text(item, "owner"))));
      case Transaction.REQUEST -> new Row.Remembered(Transaction.remembered(rest, item),
          item.containsKey(Items.REV) ? Items.number(item, Items.REV) : null);
      case DynamoManifests.PREFIX -> content(rest, Packed.unpack(Items.bytes(item, Items.BODY)));
      case DynamoSubjects.SUBJECT -> new Row.Name(rest);
      case DynamoSubjects.ADDRESS -> new Row.Address(rest, Items.text(item, "source"));
      case DynamoSubjects.SOURCE -> new Row.Source(rest);
      case DynamoTokenUse.PREFIX -> new Row.Used(rest);
      default -> new Row.Unknown();
    };
  }

  private static Row content(String digest, byte[] json) {
    return new Row.Content(digest, Digests.of(Json.read(json, JsonNode.class)), Json.read(json, Manifest.class));
  }

  /** The entity that a key of the table of terms leads to. */
  private static Optional<Ref> term(String pk, String sk) {
    String[] parts = pk.split("#", 5);
    if (parts.length < 5) {
      return Optional.empty();
    }
    return Arrays.stream(EntityKind.values()).filter(kind -> kind.wire().equals(parts[1])).findFirst()
        .map(kind -> new Ref(kind, parts[2].equals(TermItems.WORD) ? TermItems.idOfWord(sk) : sk));
  }

  private static Row metrics(String pk, String sk, Map<String, AttributeValue> item) {
    String[] parts = pk.split("#", 4);
    if (pk.startsWith(DynamoMetricBlocks.PREFIX) && parts.length == 3) {
      return new Row.Points(parts[1], parts[2], Items.number(item, DynamoMetricBlocks.FIRST),
          Items.number(item, DynamoMetricBlocks.LAST), sk.substring(sk.indexOf('#') + 1));
    }
    return pk.startsWith(DynamoSeriesCatalog.PREFIX) && parts.length == 4
        ? new Row.Catalog(parts[1], parts[2], parts[3], Integer.parseInt(sk), Items.number(item, Items.REV))
        : new Row.Unknown();
  }

  /** The key attributes of an item, those of indexes too. */
  public static Map<String, AttributeValue> keys(Map<String, AttributeValue> item) {
    Map<String, AttributeValue> keys = new HashMap<>(item);
    keys.keySet().retainAll(KEYS);
    return keys;
  }

  /** The key attributes that the item of such a row must have, no more and no less; those of terms: {@link #terms}. */
  public static Map<String, AttributeValue> keys(Row row) {
    return switch (row) {
      case Row.State state ->
        keys(EntityItems.item(state.stored().entity(), "", state.stored().rev(), state.stored().head()));
      case Row.Entry entry -> keys(Ledger.item(entry.entry()));
      case Row.Access access -> keys(Ledger.item(access.entry()));
      case Row.Counter counter -> DynamoHeads.key(counter.head().model());
      case Row.Claimed claimed -> claim(claimed.claim().space(), claimed.claim().name());
      case Row.Remembered remembered -> Transaction.idempotencyKey(remembered.first().key());
      case Row.Content content -> DynamoManifests.key(content.digest());
      case Row.Name name -> DynamoSubjects.subjectKey(name.subject());
      case Row.Address address -> DynamoSubjects.addressKey(address.digest());
      case Row.Source source -> DynamoSubjects.sourceKey(source.source());
      case Row.Used used -> DynamoTokenUse.key(used.token());
      case Row.Points points -> DynamoMetricBlocks.key(points.model(), points.environment(), points.firstMinute(),
          points.lastMinute(), points.digest());
      case Row.Catalog catalog -> DynamoSeriesCatalog.key(catalog.model(), catalog.environment(),
          YearMonth.parse(catalog.month()), catalog.page());
      case Row.Rollup rollup -> DynamoRollups.place(rollup.key()).key();
      case Row.TermOf term -> throw new IllegalArgumentException("an entity has many terms: " + term.entity());
      case Row.Unknown unknown -> Map.of();
    };
  }

  /** Where an entity lies. */
  public static Map<String, AttributeValue> entity(Ref ref) {
    Key key = Kinds.of(ref.kind()).key(ref);
    return Items.key(key.pk(), key.sk());
  }

  /** Where an entity's audit entry for a revision lies; all of its entries lie in that partition, in order. */
  public static Map<String, AttributeValue> entry(Ref ref, long rev) {
    return Items.key(Ledger.partition(ref.toString()), Ledger.rev(rev));
  }

  /** Where a model's head lies. */
  public static Map<String, AttributeValue> head(String model) {
    return DynamoHeads.key(model);
  }

  /** Where a claimed name lies. */
  public static Map<String, AttributeValue> claim(String space, String name) {
    return Transaction.claimKey(space, name);
  }

  /** Where a manifest lies. */
  public static Map<String, AttributeValue> manifest(String digest) {
    return DynamoManifests.key(digest);
  }

  /** Where the address behind a reference lies. */
  public static Map<String, AttributeValue> source(String source) {
    return DynamoSubjects.sourceKey(source);
  }

  /** All items that the table of terms must hold for an entity. */
  public static <E extends Entity> List<Map<String, AttributeValue>> terms(E entity) {
    return TermItems.of(Kinds.of(entity), entity).entrySet().stream()
        .map(term -> TermItems.item(term.getKey(), term.getValue())).toList();
  }
}
