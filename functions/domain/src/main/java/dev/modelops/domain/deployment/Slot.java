package dev.modelops.domain.deployment;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One model in one environment: what is live there, what is on its way, and whether new versions go there by
 * themselves. Reading it is the callers' hot path, so it holds all that they need and stays below 4 KB.
 *
 * @param deploying the one deployment that is under way
 * @param open ids of all deployments that are neither live nor ended, oldest first; at most 10
 */
public record Slot(String environment, String model, String department, @Nullable Live live, @Nullable String deploying,
    List<String> open, @Nullable AutoDeploy autoDeploy) implements Entity {

  /** Most deployments of one model in one environment that are open at once; bounds every transaction over them. */
  public static final int MOST_OPEN = 10;

  /** What is live. */
  public record Live(int version, String deployment, String manifest, Instant since) {}

  /** New versions are deployed without being asked for, in the name of their author. */
  public record AutoDeploy(boolean enabled, Instant setAt, String setBy) {}

  public Slot {
    open = List.copyOf(open);
  }

  @Override
  public Ref ref() {
    return Ref.slot(environment, model);
  }
}
