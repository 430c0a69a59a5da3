package dev.modelops.domain.registry;

import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.domain.problem.Violation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The legal moves of a version: pending → ready → archived or withdrawn; pending → expired. */
public final class VersionMoves {

  private VersionMoves() {}

  /**
   * The version once its files were proved.
   *
   * @throws Refused when it is not pending, or its time is over, whether or not that has been written down yet
   */
  public static Version finalized(Version version, Instant now) {
    if (isDue(version, now) || version.state() == Version.State.EXPIRED) {
      throw Refused.of(Problem.CONFLICT, name(version) + " was not finalised in time and has expired: create it again");
    }
    require(version, Version.State.PENDING, "finalised");
    return version.moved(Version.State.READY, null, now, null);
  }

  /** Whether its time to be finalised is over. */
  public static boolean isDue(Version version, Instant now) {
    Instant expiresAt = version.expiresAt();
    return version.state() == Version.State.PENDING && expiresAt != null && !expiresAt.isAfter(now);
  }

  public static Version expired(Version version) {
    require(version, Version.State.PENDING, "expired");
    return version.moved(Version.State.EXPIRED, version.expiresAt(), null, null);
  }

  /** @throws Refused when it is not ready, or something still holds it; names all that does */
  public static Version archived(Version version) {
    require(version, Version.State.READY, "archived");
    List<Violation> holders = new ArrayList<>();
    version.aliases().stream().sorted().forEach(alias -> holders.add(new Violation("/aliases", "alias",
        "the alias " + alias + " points to it: move or delete the alias first", null)));
    version.liveIn().stream().sorted().forEach(environment -> holders.add(new Violation("/liveIn", "live",
        "it is live in " + environment + ": deploy another version or retire it there first", null)));
    version.openDeployments().stream().sorted().forEach(deployment -> holders.add(new Violation("/openDeployments",
        "open-deployment", "the deployment " + deployment + " is open: let it end or cancel it first", null)));
    if (!holders.isEmpty()) {
      throw Refused.invalid(Problem.CONFLICT, holders);
    }
    return version.moved(Version.State.ARCHIVED, null, version.readyAt(), null);
  }

  /** A recall. What holds the version stays as it is: to take it out of service is the operator's decision. */
  public static Version withdrawn(Version version, String reason, Instant now, String by) {
    require(version, Version.State.READY, "withdrawn");
    return version.moved(Version.State.WITHDRAWN, null, version.readyAt(), new Version.Recall(reason, now, by));
  }

  /** The states that a caller can bring it to. */
  public static List<String> legal(Version.State state) {
    return switch (state) {
      case PENDING -> List.of("ready");
      case READY -> List.of("archived", "withdrawn");
      case ARCHIVED, WITHDRAWN, EXPIRED -> List.of();
    };
  }

  private static void require(Version version, Version.State state, String participle) {
    if (version.state() != state) {
      throw Refused.illegalMove(
          name(version) + " is " + version.state().wire() + " and cannot be " + participle, legal(version.state()));
    }
  }

  static String name(Version version) {
    return "version " + version.version() + " of " + version.model();
  }
}
