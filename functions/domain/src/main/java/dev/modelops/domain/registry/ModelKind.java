package dev.modelops.domain.registry;

/** What sort of model it is. {@code EXTERNAL} is a vendor's: metadata only, no artifacts. */
public enum ModelKind {
  ML,
  STATISTICAL,
  RULES,
  DECISION,
  OPTIMIZATION,
  GENERATIVE,
  EXTERNAL
}
