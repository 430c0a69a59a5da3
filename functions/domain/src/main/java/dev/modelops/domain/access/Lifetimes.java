package dev.modelops.domain.access;

import dev.modelops.domain.problem.Violation;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How long tokens live, and how long a rotated one stays valid beside its successor. */
public final class Lifetimes {

  /** The longest life that an admin can give. */
  public static final Duration LONGEST = Duration.ofDays(365);
  /** The longest life of a token that somebody makes out of his own grants. */
  public static final Duration LONGEST_OWN = Duration.ofDays(90);
  /** What is given when nothing is asked for. */
  public static final Duration USUAL = Duration.ofDays(90);
  public static final Duration SHORTEST = Duration.ofMinutes(1);
  public static final Duration LONGEST_OVERLAP = Duration.ofDays(7);
  public static final Duration USUAL_OVERLAP = Duration.ofDays(1);

  private Lifetimes() {}

  /**
   * The latest end of a token that is made now. What is made out of one's own grants with an API token, or by a service, ends
   * no later than the credential in hand: else a leaked one, or a CI run of minutes, could be made to last. A person who has
   * signed in makes a token that outlives the session.
   */
  public static Instant latest(Caller giver, boolean administered, Instant now) {
    if (administered) {
      return now.plus(LONGEST);
    }
    Instant own = now.plus(LONGEST_OWN);
    Instant ends = giver.expiresAt();
    boolean bound = giver.type() == SubjectType.SERVICE || giver.credential().startsWith("tok_");
    return bound && ends != null && ends.isBefore(own) ? ends : own;
  }

  /** When the token ends: as asked, or the usual time as far as it is allowed. */
  public static Instant end(@Nullable Duration asked, Instant latest, Instant now) {
    Instant end = now.plus(asked == null ? USUAL : asked);
    return asked == null && end.isAfter(latest) ? latest : end;
  }

  /** What is wrong with a lifetime. */
  public static Optional<Violation> refused(Instant end, Instant latest, Instant now) {
    if (end.isAfter(latest) || end.isBefore(now.plus(SHORTEST))) {
      return Optional.of(new Violation("/lifetime", "range",
          "The token would end at " + end + "; that is " + (end.isAfter(latest) ? "later" : "sooner")
              + " than allowed.",
          SHORTEST + " to " + Duration.ofSeconds(Duration.between(now, latest).toSeconds())));
    }
    return Optional.empty();
  }
}
