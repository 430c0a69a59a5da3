package dev.modelops.store.dynamodb;

import dev.modelops.domain.Entity;
import dev.modelops.domain.EntityKind;
import dev.modelops.store.dynamodb.Kind.Key;
import dev.modelops.store.dynamodb.Kind.Term;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The items by which entities are listed and searched: one per term and word, in the partition of department, kind, term
 * and value. A few shards per partition keep one value from taking all writes of a department; the index {@code all}
 * holds the same keys without the department, for callers who may see every one.
 */
final class TermItems {

  /** Partitions that share the writes of one value. */
  static final int SHARDS = 4;
  static final String ALL_INDEX = "all";
  static final String ALL_PK = "apk";
  static final String WORD = "word";
  private static final char WORD_END = '|';

  private TermItems() {}

  /** All keys under which the entity is found, with the key in the index over all departments. */
  static <E extends Entity> Map<Key, String> of(Kind<E> kind, E entity) {
    String id = entity.ref().id();
    int shard = shard(id);
    Map<Key, String> keys = new LinkedHashMap<>();
    for (Term term : kind.terms(entity)) {
      String partition = partition(kind.kind(), term.name(), term.value(), shard);
      keys.put(new Key(entity.department() + partition, id), partition);
    }
    for (String word : kind.words(entity)) {
      String partition = wordPartition(kind.kind(), word, shard);
      keys.put(new Key(entity.department() + partition, word + WORD_END + id), partition);
    }
    return keys;
  }

  static Map<String, AttributeValue> item(Key key, String all) {
    return Map.of(Items.PK, Items.s(key.pk()), Items.SK, Items.s(key.sk()), ALL_PK, Items.s(all));
  }

  static String partition(EntityKind kind, String term, String value, int shard) {
    return "#" + kind.wire() + "#" + term + "#" + shard + "#" + value;
  }

  static String wordPartition(EntityKind kind, String wordOrPrefix, int shard) {
    return partition(kind, WORD, wordOrPrefix.substring(0, wordOrPrefix.offsetByCodePoints(0, 1)), shard);
  }

  /** The id of the entity in a word's sort key. */
  static String idOfWord(String sk) {
    return sk.substring(sk.indexOf(WORD_END) + 1);
  }

  static String word(String sk) {
    return sk.substring(0, sk.indexOf(WORD_END));
  }

  static int shard(String id) {
    return Math.floorMod(id.hashCode(), SHARDS);
  }
}
