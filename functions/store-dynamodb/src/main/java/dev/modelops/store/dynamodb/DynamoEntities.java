package dev.modelops.store.dynamodb;

import dev.modelops.json.Times;
import dev.modelops.domain.Entities;
import dev.modelops.domain.Entity;
import dev.modelops.domain.Listing;
import dev.modelops.domain.Page;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Scope;
import dev.modelops.domain.registry.Words;
import dev.modelops.store.dynamodb.Kind.Key;
import dev.modelops.store.dynamodb.Merge.Range;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Reads entities by key, and lists by walking one index. */
final class DynamoEntities implements Entities {

  /** Entities looked at for one page at the least, so that a filter does not make every page nearly empty. */
  private static final int LEAST_EXAMINED = 24;

  private final Dynamo dynamo;
  private final Tables tables;

  DynamoEntities(Dynamo dynamo, Tables tables) {
    this.dynamo = dynamo;
    this.tables = tables;
  }

  @Override
  public <E extends Entity> Optional<Stored<E>> get(Class<E> type, Ref ref) {
    Map<String, AttributeValue> item = Reads.item(dynamo, tables.records(), key(Kinds.of(type), ref));
    return item.isEmpty() ? Optional.empty() : Optional.of(EntityItems.read(type, item));
  }

  @Override
  public Optional<Stored<? extends Entity>> find(Ref ref) {
    return get(Kinds.of(ref.kind()).type(), ref).map(stored -> stored);
  }

  @Override
  public <E extends Entity> Map<Ref, Stored<E>> getAll(Class<E> type, Collection<Ref> refs) {
    return getAll(type, refs, true);
  }

  private <E extends Entity> Map<Ref, Stored<E>> getAll(Class<E> type, Collection<Ref> refs, boolean consistent) {
    Kind<E> kind = Kinds.of(type);
    List<Map<String, AttributeValue>> keys = refs.stream().distinct().map(ref -> key(kind, ref)).toList();
    Map<Ref, Stored<E>> found = new HashMap<>();
    for (Map<String, AttributeValue> item : Reads.items(dynamo, tables.records(), keys, consistent)) {
      Stored<E> stored = EntityItems.read(type, item);
      found.put(stored.entity().ref(), stored);
    }
    return found;
  }

  private static Map<String, AttributeValue> key(Kind<?> kind, Ref ref) {
    Key key = kind.key(ref);
    return Items.key(key.pk(), key.sk());
  }

  @Override
  public <E extends Entity> Page<Stored<E>> list(Listing<E> listing) {
    Kind<E> kind = Kinds.of(listing.type());
    return switch (listing.walk()) {
      case Listing.Children children ->
        entities(listing, table(listing, kind.children(children.parent()), children.descending()), Items.SK);
      case Listing.Organisation organisation ->
        entities(listing, table(listing, kind.children(new Ref(kind.kind(), Entity.ORGANISATION)), false), Items.SK);
      case Listing.ByCommit by -> entities(listing, index(listing, EntityItems.INDEX,
          List.of(Kinds.commits(by.model(), by.commit())), Range.EVERYTHING, true), "g1sk");
      case Listing.LiveHistory history -> entities(listing, index(listing, EntityItems.INDEX,
          List.of(Kinds.liveHistory(history.environment(), history.model())),
          new Range(null, history.until() == null ? null : Times.text(history.until()) + "#~"), true), "g1sk");
      case Listing.Due due -> entities(listing, index(listing, EntityItems.DUE_INDEX,
          IntStream.range(0, EntityItems.DUE_SHARDS).mapToObj(shard -> EntityItems.due(kind, shard)).toList(),
          new Range(null, Times.text(due.until())), false), "g2sk");
      case Listing.ByTerm by -> references(listing, kind, terms(listing, by.scope(),
          IntStream.range(0, TermItems.SHARDS)
              .mapToObj(shard -> TermItems.partition(kind.kind(), by.term(), by.value(), shard)).toList(),
          Range.EVERYTHING, by.descending()), null);
      case Listing.ByPrefix by -> {
        String prefix = folded(by.prefix());
        yield references(listing, kind, terms(listing, by.scope(),
            IntStream.range(0, TermItems.SHARDS)
                .mapToObj(shard -> TermItems.wordPartition(kind.kind(), prefix, shard)).toList(),
            Range.prefix(prefix), false), prefix);
      }
    };
  }

  private static String folded(String prefix) {
    String lower = prefix.toLowerCase(Locale.ROOT);
    return lower.length() > Words.LONGEST ? lower.substring(0, Words.LONGEST) : lower;
  }

  private Merge table(Listing<?> listing, String partition, boolean descending) {
    return new Merge(dynamo, tables.records(), null, Items.PK, Items.SK, List.of(partition), Range.EVERYTHING,
        descending, true, listing.limit() + 1, listing.position());
  }

  private Merge index(Listing<?> listing, String index, List<String> partitions, Range range, boolean descending) {
    return new Merge(dynamo, tables.records(), EntityItems.name(index), index + "pk", index + "sk", partitions, range,
        descending, false,
        listing.limit() + 1, listing.position());
  }

  /** The scope becomes part of every key that is read: departments by name, or the index over all of them. */
  private Merge terms(Listing<?> listing, Scope scope, List<String> partitions, Range range, boolean descending) {
    int chunk = Math.max(LEAST_EXAMINED, listing.limit()) + 1;
    return switch (scope) {
      case Scope.All all ->
        new Merge(dynamo, tables.terms(), TermItems.ALL_INDEX, TermItems.ALL_PK, Items.SK, partitions,
            range, descending, false, chunk, listing.position());
      case Scope.Departments departments -> new Merge(dynamo, tables.terms(), null, Items.PK, Items.SK,
          departments.names().stream().sorted()
              .flatMap(department -> partitions.stream().map(partition -> department + partition)).toList(),
          range, descending, false, chunk, listing.position());
    };
  }

  /** A page of what lies in the walked items themselves. */
  private <E extends Entity> Page<Stored<E>> entities(Listing<E> listing, Merge merge, String sk) {
    List<Stored<E>> found = new ArrayList<>();
    @Nullable String last = null;
    for (int examined = 0; examined < budget(listing) && found.size() < listing.limit()
        && merge.hasNext(); examined++) {
      Map<String, AttributeValue> item = merge.next().orElseThrow();
      last = Items.text(item, sk);
      Stored<E> stored = EntityItems.read(listing.type(), item);
      if (listing.filter().test(stored.entity())) {
        found.add(stored);
      }
    }
    return new Page<>(found, merge.hasNext() ? last : null);
  }

  /** A page of the entities that the walked items refer to. */
  private <E extends Entity> Page<Stored<E>> references(Listing<E> listing, Kind<E> kind, Merge merge,
      @Nullable String prefix) {
    List<Stored<E>> found = new ArrayList<>();
    int left = budget(listing);
    @Nullable String last = null;
    while (left > 0 && found.size() < listing.limit() && merge.hasNext()) {
      List<String> keys = new ArrayList<>();
      // No more than can be shown: what is read beyond the page would be read again for the next one.
      for (int room = Math.min(left, listing.limit() - found.size()); room > 0 && merge.hasNext(); room--) {
        keys.add(Items.text(merge.next().orElseThrow(), Items.SK));
      }
      left -= keys.size();
      Map<Ref, Stored<E>> entities =
          getAll(listing.type(), keys.stream().map(key -> ref(kind, key, prefix)).toList(), false);
      for (String key : keys) {
        last = key;
        @Nullable Stored<E> stored = entities.get(ref(kind, key, prefix));
        if (stored != null && (prefix == null || isFirstMatch(kind, stored.entity(), key, prefix))
            && listing.filter().test(stored.entity())) {
          found.add(stored);
        }
      }
    }
    return new Page<>(found, merge.hasNext() ? last : null);
  }

  private static Ref ref(Kind<?> kind, String key, @Nullable String prefix) {
    return new Ref(kind.kind(), prefix == null ? key : TermItems.idOfWord(key));
  }

  /** An entity with several words that match stands under each of them; it is shown once, at the first. */
  private static <E extends Entity> boolean isFirstMatch(Kind<E> kind, E entity, String key, String prefix) {
    return kind.words(entity).stream().filter(word -> word.startsWith(prefix)).min(Utf8Order.INSTANCE)
        .filter(TermItems.word(key)::equals).isPresent();
  }

  private static int budget(Listing<?> listing) {
    return Math.max(LEAST_EXAMINED, listing.limit());
  }
}
