package dev.modelops.domain.registry;

import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import java.util.Set;
import java.util.TreeSet;

/** An alias and the version it points to know each other: both change in one transaction. */
public final class AliasRules {

  /** Most aliases of one version: bounds what is read with it. */
  public static final int MOST = 20;

  private AliasRules() {}

  /** The version with the alias pointing to it. @throws Refused unless it is ready and has room for it */
  public static Version taken(Version version, String alias) {
    if (version.state() != Version.State.READY) {
      throw Refused.of(Problem.CONFLICT, VersionMoves.name(version) + " is " + version.state().wire()
          + ": an alias points to ready versions only");
    }
    if (version.aliases().size() >= MOST && !version.aliases().contains(alias)) {
      throw Refused.of(Problem.CONFLICT,
          VersionMoves.name(version) + " has " + MOST + " aliases, the most it can have");
    }
    Set<String> aliases = new TreeSet<>(version.aliases());
    aliases.add(alias);
    return version.withAliases(aliases);
  }

  /** The version without the alias. */
  public static Version released(Version version, String alias) {
    Set<String> aliases = new TreeSet<>(version.aliases());
    aliases.remove(alias);
    return version.withAliases(aliases);
  }
}
