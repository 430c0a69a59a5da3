package dev.modelops.domain.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.deployment.Deployment.State;
import dev.modelops.domain.registry.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** What holds of all deployments of one model in one environment, whatever was done. */
final class Invariants {

  private Invariants() {}

  static void check(List<Deployment> all, Slot slot, List<Version> versions) {
    List<Deployment> live = all.stream().filter(deployment -> deployment.state() == State.LIVE).toList();
    assertThat(live).as("at most one is live").hasSizeLessThanOrEqualTo(1);
    Slot.Live stands = slot.live();
    if (stands == null) {
      assertThat(live).isEmpty();
    } else {
      Deployment holder = live.getFirst();
      assertThat(stands)
          .isEqualTo(new Slot.Live(holder.version(), holder.id(), holder.manifest(),
              Objects.requireNonNull(holder.liveAt())));
    }
    List<String> deploying =
        all.stream().filter(deployment -> deployment.state() == State.DEPLOYING).map(Deployment::id).toList();
    assertThat(deploying).as("at most one is deploying").hasSizeLessThanOrEqualTo(1);
    assertThat(slot.deploying()).isEqualTo(deploying.isEmpty() ? null : deploying.getFirst());
    assertThat(slot.open()).isEqualTo(
        all.stream().filter(deployment -> deployment.state().open()).map(Deployment::id).toList());
    assertThat(slot.open().size()).isLessThanOrEqualTo(Slot.MOST_OPEN);
    versions.forEach(version -> holders(version, all));
    intervals(all, slot);
    assertThat(all).noneMatch(deployment -> deployment.state() == State.REQUESTED);
    all.forEach(deployment -> assertThat(deployment.deadline() != null)
        .isEqualTo(deployment.state() == State.DEPLOYING));
    all.forEach(deployment -> assertThat(deployment.endedAt() != null).isEqualTo(deployment.state().ended()));
  }

  private static void holders(Version version, List<Deployment> all) {
    Set<String> open = new TreeSet<>();
    Set<String> liveIn = new TreeSet<>();
    for (Deployment deployment : all) {
      if (deployment.version() == version.version()) {
        if (deployment.state().open()) {
          open.add(deployment.id());
        }
        if (deployment.state() == State.LIVE) {
          liveIn.add(deployment.environment());
        }
      }
    }
    assertThat(version.openDeployments()).isEqualTo(open);
    assertThat(version.liveIn()).isEqualTo(liveIn);
  }

  private static void intervals(List<Deployment> all, Slot slot) {
    List<Deployment> ever = new ArrayList<>(all.stream().filter(deployment -> deployment.liveAt() != null)
        .sorted(Comparator.comparing(deployment -> Objects.requireNonNull(deployment.liveAt()))).toList());
    for (int i = 1; i < ever.size(); i++) {
      Instant until = Objects.requireNonNull(ever.get(i - 1).endedAt());
      Instant since = Objects.requireNonNull(ever.get(i).liveAt());
      assertThat(since).as("no two are live at once").isAfterOrEqualTo(until);
      assertThat(until).as("nothing is live for no time").isAfter(Objects.requireNonNull(ever.get(i - 1).liveAt()));
      assertThat(ever.get(i).liveAt(since)).as("the boundary belongs to the newer").isTrue();
      assertThat(ever.get(i - 1).liveAt(since)).isFalse();
      assertThat(ever.get(i).previous()).isEqualTo(ever.get(i - 1).id());
    }
    if (!ever.isEmpty()) {
      Deployment last = ever.getLast();
      assertThat(slot.changedAt()).isEqualTo(slot.live() == null ? last.endedAt() : last.liveAt());
      assertThat(slot.left()).isEqualTo(slot.live() == null ? last.id() : last.previous());
    }
  }
}
