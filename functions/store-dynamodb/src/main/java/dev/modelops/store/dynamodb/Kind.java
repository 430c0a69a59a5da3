package dev.modelops.store.dynamodb;

import dev.modelops.domain.Entity;
import dev.modelops.domain.EntityKind;
import dev.modelops.domain.Ref;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How one kind of entity lies in the tables. */
abstract class Kind<E extends Entity> {

  /** A partition and a sort key. */
  record Key(String pk, String sk) {}

  /** One name and value that an entity can be listed by. */
  record Term(String name, String value) {}

  private final EntityKind kind;
  private final Class<E> type;

  Kind(EntityKind kind, Class<E> type) {
    this.kind = kind;
    this.type = type;
  }

  final EntityKind kind() {
    return kind;
  }

  final Class<E> type() {
    return type;
  }

  /** Where its item is, from its reference alone. */
  abstract Key key(Ref ref);

  /** The partition of its entities below a parent; only for kinds that are listed so. */
  String children(Ref parent) {
    throw new UnsupportedOperationException(kind + " is not listed below a parent");
  }

  /** An additional ordered index, e.g. versions by commit. */
  Optional<Key> index(E entity) {
    return Optional.empty();
  }

  /** When a schedule must look at it again. */
  Optional<Instant> due(E entity) {
    return Optional.empty();
  }

  /** What it can be listed by. */
  List<Term> terms(E entity) {
    return List.of();
  }

  /** What it can be searched by, folded to lower case. */
  Set<String> words(E entity) {
    return Set.of();
  }

  /** Fields of which the audit trail shows only the digest, as JSON pointers. */
  Set<String> secrets() {
    return Set.of();
  }
}
