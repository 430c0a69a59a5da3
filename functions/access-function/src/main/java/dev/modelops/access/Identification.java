package dev.modelops.access;

import dev.modelops.domain.access.Caller;
import java.util.Locale;

/** What a credential turned out to be. */
sealed interface Identification {

  /** A valid one. */
  record Known(Caller caller) implements Identification {}

  /** An invalid one: the router answers 401 and says this much. */
  record Unknown(Fault fault, String description) implements Identification {}

  /** Why a credential is not accepted. */
  enum Fault {
    INVALID,
    EXPIRED,
    REVOKED,
    UNKNOWN_ISSUER,
    WRONG_AUDIENCE,
    /** The issuer's keys cannot be had at present: nothing is said about the token. */
    ISSUER_UNAVAILABLE;

    String wire() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }
}
