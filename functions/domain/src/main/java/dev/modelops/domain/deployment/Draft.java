package dev.modelops.domain.deployment;

import dev.modelops.domain.Stored;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Change.Effect;
import dev.modelops.domain.change.Change.Fact;
import dev.modelops.domain.deployment.Deployment.State;
import dev.modelops.domain.registry.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The next state of a slot, its deployments and the versions they hold, while a move is being worked out. Keeps all of
 * them in step: whatever opens, goes live or ends does so everywhere at once.
 */
final class Draft {

  private static final Duration TICK = Duration.ofMillis(1);

  private final Situation now;
  private final String by;
  private final Instant at;
  private final Map<String, Deployment> deployments = new LinkedHashMap<>();
  private final Map<Integer, Version> versions = new TreeMap<>();
  private Slot slot;

  Draft(Situation now, Slot slot, String by, Instant at) {
    this.now = now;
    this.slot = slot;
    this.by = by;
    this.at = at;
  }

  Slot slot() {
    return slot;
  }

  /** Takes in the state of a deployment that neither opens nor ends by it. */
  void put(Deployment deployment) {
    deployments.put(deployment.id(), deployment);
  }

  /** A deployment is on its way, or goes on from waiting to deploying. */
  void open(Deployment deployment) {
    put(deployment);
    List<String> open = new ArrayList<>(slot.open());
    if (!open.contains(deployment.id())) {
      open.add(deployment.id());
      hold(deployment.version(), version(deployment.version()).liveIn(), deployment.id(), true);
    }
    slot = slot.withOpen(open, deployment.state() == State.DEPLOYING ? deployment.id() : slot.deploying())
        .reaching(deployment.version());
  }

  /** A deployment is live from now on; what was live, and what waited longer, is not any more. */
  void live(Deployment deployment) {
    Instant since = later(at, slot.changedAt());
    Slot.Live before = slot.live();
    String goesBackTo = deployment.fallback();
    if (before != null) {
      Deployment left = deployment(before.deployment());
      if (deployment.rollbackOf() == null) {
        // A version that replaces itself is not what on-call would want to go back to.
        goesBackTo = before.version() == deployment.version() ? left.fallback() : left.id();
      }
      endLive(left, left.id().equals(deployment.rollbackOf()) ? State.ROLLED_BACK : State.SUPERSEDED, since,
          (left.id().equals(deployment.rollbackOf()) ? "rolled back by " : "superseded by ") + deployment.id());
    }
    String previous = before == null ? slot.left() : before.deployment();
    List<String> open = slot.open();
    int place = open.indexOf(deployment.id());
    for (String older : place < 0 ? open : open.subList(0, place)) {
      end(deployment(older), State.SUPERSEDED, since, "superseded by " + deployment.id());
    }
    close(deployment);
    put(deployment.live(since, goesBackTo, previous));
    slot = slot
        .withLive(new Slot.Live(deployment.version(), deployment.id(), deployment.manifest(), since), since, previous)
        .reaching(deployment.version());
    Set<String> liveIn = new TreeSet<>(version(deployment.version()).liveIn());
    liveIn.add(slot.environment());
    hold(deployment.version(), liveIn, deployment.id(), false);
  }

  /** What is live ends, and nothing takes its place. */
  void leave(Deployment live, State how, @Nullable String why) {
    Instant until = later(at, slot.changedAt());
    endLive(live, how, until, why);
    slot = slot.withLive(null, until, live.id());
  }

  /** A deployment that is on its way ends. */
  void end(Deployment deployment, State how, @Nullable String why) {
    end(deployment, how, at, why);
  }

  Deployment deployment(String id) {
    Deployment changed = deployments.get(id);
    return changed == null ? now.deployment(id).entity() : changed;
  }

  private void end(Deployment deployment, State how, Instant when, @Nullable String why) {
    close(deployment);
    put(deployment.ended(how, when, by, why));
  }

  private void close(Deployment deployment) {
    if (slot.open().contains(deployment.id())) {
      List<String> open = new ArrayList<>(slot.open());
      open.remove(deployment.id());
      slot = slot.withOpen(open, deployment.id().equals(slot.deploying()) ? null : slot.deploying());
      hold(deployment.version(), version(deployment.version()).liveIn(), deployment.id(), false);
    }
  }

  private void endLive(Deployment live, State how, Instant when, @Nullable String why) {
    put(live.ended(how, when, by, why));
    Set<String> liveIn = new TreeSet<>(version(live.version()).liveIn());
    liveIn.remove(slot.environment());
    hold(live.version(), liveIn, live.id(), false);
  }

  private Version version(int number) {
    Version changed = versions.get(number);
    return changed == null ? now.version(number).entity() : changed;
  }

  private void hold(int number, Set<String> liveIn, String deployment, boolean open) {
    Set<String> held = new TreeSet<>(version(number).openDeployments());
    if (open) {
      held.add(deployment);
    } else {
      held.remove(deployment);
    }
    versions.put(number, version(number).withLiveIn(liveIn).withOpenDeployments(held));
  }

  /** The clocks of two writers may differ: what is live still changes in the order in which it was written. */
  private static Instant later(Instant at, @Nullable Instant last) {
    return last == null || at.isAfter(last) ? at : last.plus(TICK);
  }

  /** All that has changed; the named deployment is what the change is about. */
  Change change(String about, List<Fact> facts) {
    List<Effect<?>> effects = new ArrayList<>();
    effects.add(effect(deployment(about)));
    Stored<Slot> slotBefore = now.slot();
    if (slotBefore == null || !slotBefore.entity().equals(slot)) {
      effects.add(new Effect<>(slotAction(slotBefore == null ? null : slotBefore.entity()), slotBefore, slot));
    }
    for (Deployment deployment : deployments.values()) {
      if (!deployment.id().equals(about)) {
        effects.add(effect(deployment));
      }
    }
    for (Version version : versions.values()) {
      Stored<Version> before = now.version(version.version());
      if (!before.entity().equals(version)) {
        effects.add(new Effect<>(versionAction(before.entity(), version), before, version));
      }
    }
    return new Change(effects, List.of(), List.of()).resting(facts);
  }

  private Effect<Deployment> effect(Deployment deployment) {
    Stored<Deployment> before = now.deployments().get(deployment.id());
    boolean moved = before == null || before.entity().state() != deployment.state();
    return new Effect<>("deployment." + (moved ? deployment.state().wire() : "approved"), before, deployment);
  }

  private String slotAction(@Nullable Slot before) {
    Slot.Live was = before == null ? null : before.live();
    Slot.Live is = slot.live();
    if (is == null) {
      return was == null ? "slot.changed" : "slot.emptied";
    }
    return is.equals(was) ? "slot.changed" : "slot.live-changed";
  }

  private static String versionAction(Version before, Version after) {
    if (!before.liveIn().equals(after.liveIn())) {
      return after.liveIn().size() > before.liveIn().size() ? "version.deployed" : "version.undeployed";
    }
    return after.openDeployments().size() > before.openDeployments().size()
        ? "version.deployment-opened"
        : "version.deployment-closed";
  }
}
