package dev.modelops.checker;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.audit.AuditEntry;
import dev.modelops.store.dynamodb.Layout;
import dev.modelops.store.dynamodb.Layout.Table;
import dev.modelops.store.dynamodb.Row;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What rules look up beside the item that they examine. Either quickly, from what was read lately and may have moved
 * since, or freshly: strongly consistent, which is what a suspicion is confirmed by.
 */
final class View {

  /** The item that was looked up cannot be read. It has a finding of its own when its turn comes. */
  static final class Damaged extends RuntimeException {
    private static final long serialVersionUID = 1;

    Damaged(RuntimeException cause) {
      super(cause);
    }
  }

  /** An item's place. */
  private record Place(Table table, Map<String, AttributeValue> key) {}

  /** Items remembered: a bound of memory, since none is larger than {@link #LARGEST}. */
  private static final int MOST = 10_000;
  private static final int LARGEST = 8 << 10;

  private final Reading reading;
  private final boolean fresh;
  private final Map<Place, Map<String, AttributeValue>> recent =
      Collections.synchronizedMap(new LinkedHashMap<>(1024, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Place, Map<String, AttributeValue>> eldest) {
          return size() > MOST;
        }
      });

  private View(Reading reading, boolean fresh) {
    this.reading = reading;
    this.fresh = fresh;
  }

  static View quick(Reading reading) {
    return new View(reading, false);
  }

  static View fresh(Reading reading) {
    return new View(reading, true);
  }

  /** Remembers an item that has just been read. */
  void remember(Table table, Map<String, AttributeValue> item) {
    if (!fresh && (!item.containsKey("body") || size(item.get("body")) <= LARGEST)) {
      recent.put(new Place(table, Reading.key(item)), item);
    }
  }

  private static int size(AttributeValue body) {
    return body.s() != null ? body.s().length() : body.b() == null ? 0 : body.b().asByteArrayUnsafe().length;
  }

  /** The item itself; empty when absent. */
  Map<String, AttributeValue> item(Table table, Map<String, AttributeValue> key) {
    Map<String, AttributeValue> known = recent.get(new Place(table, key));
    if (known == null) {
      known = reading.item(table, key, fresh);
      if (!known.isEmpty()) {
        remember(table, known);
      }
    }
    return known;
  }

  /** What lies under a key of the records. */
  Optional<Row> row(Map<String, AttributeValue> key) {
    return read(item(Table.RECORDS, key));
  }

  <E extends Entity> Optional<Stored<E>> find(Class<E> type, Ref ref) {
    return row(Layout.entity(ref)).flatMap(row -> entity(type, row));
  }

  boolean has(Ref ref) {
    return !item(Table.RECORDS, Layout.entity(ref)).isEmpty();
  }

  /** The entity just before this one in its kind's own index. */
  <E extends Entity> Optional<Stored<E>> before(Class<E> type, Row.State state) {
    return read(reading.before(Layout.keys(state))).flatMap(row -> entity(type, row));
  }

  /** The audit entries of an entity, in order, as long as they are wanted. */
  void entries(Ref ref, Predicate<AuditEntry> each) {
    reading.partition(Layout.entry(ref, 1), fresh,
        item -> read(item).map(row -> !(row instanceof Row.Entry entry) || each.test(entry.entry())).orElse(true));
  }

  private static Optional<Row> read(Map<String, AttributeValue> item) {
    try {
      return item.isEmpty() ? Optional.empty() : Optional.of(Layout.read(Table.RECORDS, item));
    } catch (RuntimeException e) {
      throw new Damaged(e);
    }
  }

  @SuppressWarnings("unchecked") // the record's class has been looked at
  private static <E extends Entity> Optional<Stored<E>> entity(Class<E> type, Row row) {
    return row instanceof Row.State state && type.isInstance(state.stored().entity())
        ? Optional.of((Stored<E>) state.stored())
        : Optional.empty();
  }
}
