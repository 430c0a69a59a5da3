package dev.modelops.domain.access;

import java.util.Locale;

/** What a route may ask of its caller. Each operation of the contract names exactly one ({@code x-permission}). */
public enum Permission {
  /** Anybody, without a credential: the contract, the health. */
  PUBLIC,
  /** Any authenticated caller, whatever its grants: who am I. */
  SELF,
  READ,
  READ_AUDIT,
  WRITE_MODELS,
  /** To recall a version: those who write it, those who operate it, and those who answer for its risk. */
  WITHDRAW_VERSIONS,
  DOWNLOAD_ARTIFACTS,
  MOVE_ALIASES,
  WRITE_DATASETS,
  /** A deployment into an environment without protection. */
  REQUEST_DEPLOYMENT,
  /** A deployment into any environment; contains {@link #REQUEST_DEPLOYMENT}. */
  REQUEST_ANY_DEPLOYMENT,
  OPERATE,
  APPROVE,
  CHANGE_RISK_TIER,
  POST_METRICS,
  ADMINISTER;

  public String wire() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
