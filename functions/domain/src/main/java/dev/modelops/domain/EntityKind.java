package dev.modelops.domain;

/** The kinds of governed entities. The wire name is the first part of a {@link Ref}. */
public enum EntityKind {
  MODEL,
  VERSION,
  ALIAS,
  CHECK,
  ENVIRONMENT,
  SLOT,
  DEPLOYMENT,
  APPROVAL,
  TOKEN,
  DEPARTMENT,
  IDENTITY_PROVIDER;

  /** Lower case with hyphens, as enums are written everywhere in the API. */
  public String wire() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}
