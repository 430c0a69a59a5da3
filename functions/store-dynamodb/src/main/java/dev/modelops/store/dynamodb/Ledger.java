package dev.modelops.store.dynamodb;

import dev.modelops.json.Times;
import dev.modelops.domain.Entity;
import dev.modelops.domain.Stored;
import dev.modelops.domain.audit.AccessEntry;
import dev.modelops.domain.audit.AuditEntry;
import dev.modelops.domain.change.Change.Effect;
import dev.modelops.domain.change.Origin;
import dev.modelops.json.Digests;
import dev.modelops.json.Json;
import dev.modelops.json.Seal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.JsonNode;

/** Writes one effect of a change as its audit entry, and audit entries as items. */
final class Ledger {

  /** Partitions that share the entries of one department and day, or of one actor: no key takes all writes of either. */
  static final int SHARDS = 4;
  /** What the keys of entries begin with, and those of audited reads. */
  static final String CHANGE = "a#";
  static final String ACCESS = "x#";

  /** An entry takes no more characters as JSON. */
  static final int LONGEST = 1024;

  private Ledger() {}

  /** @param now the entity after the change, as it is stored */
  static <E extends Entity> AuditEntry entry(Effect<E> effect, JsonNode now, Origin origin) {
    E entity = effect.after();
    @Nullable Stored<E> before = effect.before();
    @Nullable JsonNode old = before == null ? null : old(before);
    Diff diff = Diff.of(old, now, Kinds.of(entity).secrets());
    AuditEntry bare = new AuditEntry(entity.ref(), before == null ? 1 : before.rev() + 1, entity.department(),
        effect.action(), origin.at(), origin.subject(), origin.onBehalfOf(), origin.requestId(), origin.source(),
        origin.reason(), List.of(), null, old == null ? null : Digests.of(old), Digests.of(now),
        before == null ? null : before.head(), Diff.ANY_DIGEST);
    // Fields that do not fit are covered by the digest of the rest.
    int fields = diff.most(LONGEST - Json.text(bare).length());
    return Seal.seal(new AuditEntry(bare.entity(), bare.rev(), bare.department(), bare.action(), bare.at(),
        bare.actor(), bare.onBehalfOf(), bare.requestId(), bare.source(), bare.reason(), diff.first(fields),
        diff.rest(fields), bare.before(), bare.after(), bare.previous(), ""));
  }

  private static JsonNode old(Stored<?> before) {
    String json = before.json();
    return json == null ? Json.node(before.entity()) : Json.read(json, JsonNode.class);
  }

  static Map<String, AttributeValue> item(AuditEntry entry) {
    Map<String, AttributeValue> item = new HashMap<>(Items.key(partition(entry.entity().toString()), rev(entry.rev())));
    item.put(Items.BODY, Items.b(Packed.pack(Json.write(entry))));
    String at = Times.text(entry.at()) + "#" + entry.entity() + "#" + entry.rev();
    index(item, at, entry.department(), entry.actor(), entry.requestId());
    return item;
  }

  static Map<String, AttributeValue> item(AccessEntry entry) {
    Map<String, AttributeValue> item = new HashMap<>(
        Items.key(accesses(entry.entity().toString()), Times.text(entry.at()) + "#" + entry.id()));
    item.put(Items.BODY, Items.b(Packed.pack(Json.write(entry))));
    String at = Times.text(entry.at()) + "#" + entry.entity() + "#" + entry.id();
    index(item, at, entry.department(), entry.actor(), entry.requestId());
    return item;
  }

  private static void index(Map<String, AttributeValue> item, String at, String department, String actor,
      String request) {
    EntityItems.put(item, EntityItems.INDEX, actor(department, actor, shard(at)), at);
    EntityItems.put(item, EntityItems.DUE_INDEX, day(department, at.substring(0, 10), shard(at)), at);
    EntityItems.put(item, EntityItems.REQUEST_INDEX, request(request), ofRequest(department) + at);
  }

  static AuditEntry entry(Map<String, AttributeValue> item) {
    return Json.read(Packed.unpack(Items.bytes(item, Items.BODY)), AuditEntry.class);
  }

  static AccessEntry access(Map<String, AttributeValue> item) {
    return Json.read(Packed.unpack(Items.bytes(item, Items.BODY)), AccessEntry.class);
  }

  static String partition(String entity) {
    return CHANGE + entity;
  }

  static String accesses(String entity) {
    return ACCESS + entity;
  }

  static String rev(long rev) {
    return Items.padded(rev, 10);
  }

  static String actor(String department, String actor, int shard) {
    return "u#" + department + "#" + actor + "#" + shard;
  }

  static String day(String department, String day, int shard) {
    return "t#" + department + "#" + day + "#" + shard;
  }

  /** All that a request did lies together, so that asking for it costs the same however many departments there are. */
  static String request(String request) {
    return "r#" + request;
  }

  /** What the sort keys of a department's entries begin with among those of a request. */
  static String ofRequest(String department) {
    return department + "#";
  }

  static int shard(String at) {
    return Math.floorMod(at.hashCode(), SHARDS);
  }

  /** The partitions of all shards. */
  static List<String> shards(IntFunction<String> partition) {
    return IntStream.range(0, SHARDS).mapToObj(partition).toList();
  }
}
