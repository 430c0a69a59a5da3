package dev.modelops.checker;

/** What must be true of a store. The wire name of a finding's rule is the constant's, in lower case with hyphens. */
public enum Rule {
  /** Every item is one that the store writes. */
  KNOWN,
  /** Every item can be read. */
  READABLE,
  /** Every item lies under its own keys: those of indexes, with their departments, days and shards, too. */
  PLACE,
  /** Every state of an entity has its audit entry, every chain verifies from its first, and the last one is of the state. */
  CHAIN,
  /** Every audit entry is of an entity that is there, at that revision or a later one, and of its department. */
  ENTRY,
  /** An entity is found by all of its terms and words, and by nothing else. */
  TERM,
  /** Every model has its head, and every head its model, and both say the same. */
  HEAD,
  /** No version number is above its model's counter. */
  COUNTER,
  /** What belongs to a model belongs to the model's department, and that department is there. */
  DEPARTMENT,
  /** Nothing is without what it is a part of. */
  PARENT,
  /** Who bears a claimed name owns the claim, and the owner of a claim bears the name. */
  CLAIM,
  /** What is remembered of a request is the answer that a change deserves which succeeded and is on record. */
  IDEMPOTENCY,
  /** Every version has its manifest, whose content has the digest that it is found by. */
  MANIFEST,
  /** Every file of a ready, proved version is stored as declared. */
  FILE,
  /** A version is in one of the states that its moves lead to. */
  VERSION,
  /** An alias points to a version that is ready, or withdrawn since, and both know each other. */
  ALIAS,
  /** What a slot says is live or on its way is so, and deployments, versions and slots agree on it. */
  SLOT,
  /** A deployment is in one of the states that its moves lead to. */
  DEPLOYMENT,
  /** What was live in a slot was so in intervals that do not overlap, each linked to the one before. */
  INTERVAL,
  /** An approval that opened a gate is there, and is of what was deployed. */
  APPROVAL,
  /** A token that was rotated has its successor; what was used is a token. */
  TOKEN,
  /** The reference that stands for an address is known. */
  SOURCE,
  /** Metric blocks, catalogs and roll-ups are of a model that is there. */
  METRICS;

  String wire() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
