package dev.modelops.domain.registry;

/** How much harm the model could do. Set by risk officers alone. */
public enum RiskTier {
  LOW,
  MEDIUM,
  HIGH,
  CRITICAL
}
