package dev.modelops.domain.change;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to become true at once: new states of entities, each with its audit entry; names claimed; and the facts that
 * the decision rested on, checked again in the same transaction.
 *
 * @param effects new states; the first is the one that the change is about
 * @param claims names that must be free and are then taken for ever
 * @param facts entities that were read and must not have moved
 */
public record Change(List<Effect<?>> effects, List<Claim> claims, List<Fact> facts) {

  public Change {
    effects = List.copyOf(effects);
    claims = List.copyOf(claims);
    facts = List.copyOf(facts);
  }

  /**
   * A new state of one entity.
   *
   * @param action what happened to it, in the past tense of the audit trail: {@code version.finalized}
   * @param before the state it replaces; null when the entity must not exist yet
   */
  public record Effect<E extends Entity>(String action, @Nullable Stored<E> before, E after) {
    public Ref ref() {
      return after.ref();
    }
  }

  /** A name, unique within its space, that points to an entity: e.g. an external id within its model. */
  public record Claim(String space, String name, Ref owner) {}

  /**
   * An entity whose revision a decision rests on.
   *
   * @param rev what was read; 0 when the entity was absent
   */
  public record Fact(Ref ref, long rev) {

    public static Fact of(Ref ref, @Nullable Stored<?> read) {
      return new Fact(ref, read == null ? 0 : read.rev());
    }
  }

  public static <E extends Entity> Change create(String action, E entity) {
    return new Change(List.of(new Effect<>(action, null, entity)), List.of(), List.of());
  }

  public static <E extends Entity> Change replace(String action, Stored<E> before, E after) {
    return new Change(List.of(new Effect<>(action, before, after)), List.of(), List.of());
  }

  public <E extends Entity> Change and(String action, @Nullable Stored<E> before, E after) {
    List<Effect<?>> more = new ArrayList<>(effects);
    more.add(new Effect<>(action, before, after));
    return new Change(more, claims, facts);
  }

  public Change claiming(Claim claim) {
    List<Claim> more = new ArrayList<>(claims);
    more.add(claim);
    return new Change(effects, more, facts);
  }

  /** Adds facts. A fact about an entity that the change itself replaces is dropped: its revision is checked anyway. */
  public Change resting(List<Fact> on) {
    List<Fact> more = new ArrayList<>(facts);
    for (Fact fact : on) {
      boolean replaced = effects.stream().anyMatch(effect -> effect.ref().equals(fact.ref()));
      if (!replaced && !more.contains(fact)) {
        more.add(fact);
      }
    }
    return new Change(effects, claims, more);
  }

  public Ref primary() {
    return effects.getFirst().ref();
  }
}
