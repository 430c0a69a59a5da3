package dev.modelops.domain.access;

import java.time.LocalDate;
import java.util.Collection;
import java.util.Map;

/**
 * When tokens were last used, to the day (UTC). Not governed: no audit entry, no revision moves.
 */
public interface TokenUse {

  /** Notes that a token was used on a day: one conditional write per token and day, none when this process knows of it. */
  void used(String token, LocalDate day);

  /** The last day of each token, unused ones left out; may lag. At most 100. */
  Map<String, LocalDate> lastUsed(Collection<String> tokens);
}
