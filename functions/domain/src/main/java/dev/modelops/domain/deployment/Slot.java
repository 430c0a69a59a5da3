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
 * @param changedAt when what is live last changed; strictly increasing, whatever the clocks of the writers say
 * @param left the deployment that was live before that; null when none ever was
 * @param deploying the one deployment that is under way
 * @param open ids of all deployments that are neither live nor ended, oldest first; at most 10
 * @param reached the highest version that was ever asked for here; auto-deploy takes only higher ones, so that it
 *     undoes neither a rollback nor a rejection
 */
public record Slot(String environment, String model, String department, @Nullable Live live,
    @Nullable Instant changedAt, @Nullable String left, @Nullable String deploying, List<String> open, int reached,
    @Nullable AutoDeploy autoDeploy)
    implements
      Entity {

  /** Most deployments of one model in one environment that are open at once; bounds every transaction over them. */
  public static final int MOST_OPEN = 10;

  /** What is live. */
  public record Live(int version, String deployment, String manifest, Instant since) {}

  /** New versions are deployed without being asked for, in the name of their author. */
  public record AutoDeploy(boolean enabled, Instant setAt, String setBy) {}

  public Slot {
    open = List.copyOf(open);
  }

  /** A model in an environment where nothing has happened yet. */
  public static Slot empty(String environment, String model, String department) {
    return new Slot(environment, model, department, null, null, null, null, List.of(), 0, null);
  }

  @Override
  public Ref ref() {
    return Ref.slot(environment, model);
  }

  public boolean automatic() {
    return autoDeploy != null && autoDeploy.enabled();
  }

  public Slot withAutoDeploy(AutoDeploy setting) {
    return new Slot(environment, model, department, live, changedAt, left, deploying, open, reached, setting);
  }

  Slot withOpen(List<String> ids, @Nullable String underWay) {
    return new Slot(environment, model, department, live, changedAt, left, underWay, ids, reached, autoDeploy);
  }

  Slot withLive(@Nullable Live now, Instant at, @Nullable String before) {
    return new Slot(environment, model, department, now, at, before, deploying, open, reached, autoDeploy);
  }

  Slot reaching(int version) {
    return new Slot(environment, model, department, live, changedAt, left, deploying, open, Math.max(reached, version),
        autoDeploy);
  }
}
