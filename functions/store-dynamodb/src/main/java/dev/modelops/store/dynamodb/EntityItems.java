package dev.modelops.store.dynamodb;

import dev.modelops.json.Times;
import dev.modelops.domain.Entity;
import dev.modelops.domain.Stored;
import dev.modelops.json.Json;
import dev.modelops.store.dynamodb.Kind.Key;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Entities as items: keys, revision, hash of the latest audit entry, and the entity itself as JSON. */
final class EntityItems {

  /** Ordered index of a kind, e.g. versions by commit; also the audit trail by actor. */
  static final String INDEX = "g1";
  /** What is due when; also the audit trail over time. */
  static final String DUE_INDEX = "g2";
  /** The audit trail by request. */
  static final String REQUEST_INDEX = "g3";
  /** Partitions that share what is due of one kind. */
  static final int DUE_SHARDS = 8;

  private EntityItems() {}

  static <E extends Entity> Map<String, AttributeValue> item(E entity, String body, long rev, String head) {
    Kind<E> kind = Kinds.of(entity);
    Key key = kind.key(entity.ref());
    Map<String, AttributeValue> item = new HashMap<>(Items.key(key.pk(), key.sk()));
    item.put(Items.REV, Items.n(rev));
    item.put(Items.HEAD, Items.s(head));
    item.put(Items.BODY, Items.s(body));
    kind.index(entity).ifPresent(index -> put(item, INDEX, index.pk(), index.sk()));
    kind.due(entity).ifPresent(due -> put(item, DUE_INDEX, due(kind, Math.floorMod(key.pk().hashCode() * 31
        + key.sk().hashCode(), DUE_SHARDS)), Times.text(due) + "#" + entity.ref().id()));
    return item;
  }

  static <E extends Entity> Stored<E> read(Class<E> type, Map<String, AttributeValue> item) {
    String body = Items.text(item, Items.BODY);
    return new Stored<>(Json.read(body, type), Items.number(item, Items.REV), Items.text(item, Items.HEAD), body);
  }

  static String due(Kind<?> kind, int shard) {
    return "due#" + kind.kind().wire() + "#" + shard;
  }

  /** The name of the index whose keys are the attributes that begin so; DynamoDB wants three letters at least. */
  static String name(String index) {
    return "gsi" + index.substring(1);
  }

  static void put(Map<String, AttributeValue> item, String index, String pk, String sk) {
    item.put(index + "pk", Items.s(pk));
    item.put(index + "sk", Items.s(sk));
  }
}
