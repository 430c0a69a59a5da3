package dev.modelops.domain;

import java.util.Locale;

/**
 * Names one governed entity, as callers see it in the audit trail: {@code version:card-fraud:3}.
 *
 * <p>The id is made of the names on the way to the entity, joined by colons, which no name may hold. Model names are
 * folded to lower case here, so that two spellings of one name are one reference.
 *
 * @param kind what it is
 * @param id which one; unique within its kind
 */
public record Ref(EntityKind kind, String id) implements Comparable<Ref> {

  public static Ref model(String model) {
    return new Ref(EntityKind.MODEL, fold(model));
  }

  public static Ref version(String model, int version) {
    return new Ref(EntityKind.VERSION, fold(model) + ":" + version);
  }

  public static Ref alias(String model, String alias) {
    return new Ref(EntityKind.ALIAS, fold(model) + ":" + alias);
  }

  public static Ref check(String model, int version, String check) {
    return new Ref(EntityKind.CHECK, fold(model) + ":" + version + ":" + check);
  }

  public static Ref environment(String environment) {
    return new Ref(EntityKind.ENVIRONMENT, environment);
  }

  public static Ref slot(String environment, String model) {
    return new Ref(EntityKind.SLOT, environment + ":" + fold(model));
  }

  public static Ref deployment(String id) {
    return new Ref(EntityKind.DEPLOYMENT, id);
  }

  public static Ref approval(String deployment, String subject) {
    return new Ref(EntityKind.APPROVAL, deployment + ":" + subject);
  }

  public static Ref token(String id) {
    return new Ref(EntityKind.TOKEN, id);
  }

  public static Ref department(String name) {
    return new Ref(EntityKind.DEPARTMENT, name);
  }

  public static Ref identityProvider(String name) {
    return new Ref(EntityKind.IDENTITY_PROVIDER, name);
  }

  /** The form in which two spellings of one model name are equal. */
  public static String fold(String model) {
    return model.toLowerCase(Locale.ROOT);
  }

  /**
   * Reads what {@link #toString} writes, with the model's name in any case.
   *
   * @throws IllegalArgumentException when the text names no kind or has no id
   */
  public static Ref parse(String text) {
    int colon = text.indexOf(':');
    if (colon > 0 && colon < text.length() - 1) {
      for (EntityKind kind : EntityKind.values()) {
        if (kind.wire().equals(text.substring(0, colon))) {
          return new Ref(kind, folded(kind, text.substring(colon + 1)));
        }
      }
    }
    throw new IllegalArgumentException("not an entity reference such as version:card-fraud:3");
  }

  private static String folded(EntityKind kind, String id) {
    int colon = id.indexOf(':');
    return switch (kind) {
      case MODEL -> fold(id);
      case VERSION, ALIAS, CHECK -> colon < 0 ? id : fold(id.substring(0, colon)) + id.substring(colon);
      case SLOT -> id.substring(0, colon + 1) + fold(id.substring(colon + 1));
      case DEPLOYMENT, APPROVAL, ENVIRONMENT, TOKEN, DEPARTMENT, IDENTITY_PROVIDER -> id;
    };
  }

  @Override
  public int compareTo(Ref other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return kind.wire() + ":" + id;
  }
}
