package dev.modelops.domain.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.deployment.Environment.Mode;
import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Any sequence of moves, legal or not, with clocks that go back: {@link World#check} holds after every one. */
class AnyMovesTest {

  @Property(tries = 300)
  void whatever_is_tried_one_version_is_live_and_everything_agrees(@ForAll("scripts") List<Try> script) {
    World world = new World(Mode.RECORDED, true, 5);
    for (Try next : script) {
      try {
        next.on(world);
      } catch (Refused refused) {
        assertThat(refused.problem()).isIn(Problem.ILLEGAL_MOVE, Problem.GATE_CLOSED, Problem.CONFLICT);
      }
      world.check();
      world.slot().map(Slot::live).filter(Objects::nonNull).ifPresent(live -> checkWayBack(world, live));
    }
  }

  /** The way back never visits one deployment twice, and each step is another version. */
  private static void checkWayBack(World world, Slot.Live live) {
    List<String> seen = new ArrayList<>();
    Deployment here = world.deployment(live.deployment());
    for (String next = here.fallback(); next != null; next = here.fallback()) {
      assertThat(seen).doesNotContain(next);
      assertThat(world.deployment(next).version()).isNotEqualTo(here.version());
      seen.add(next);
      here = world.deployment(next);
    }
  }

  record Try(int what, int which, int version) {

    void on(World world) {
      List<Deployment> all = world.deployments();
      Optional<String> id = all.isEmpty()
          ? Optional.empty()
          // The latest are the ones where something happens.
          : Optional.of(all.get(Math.max(0, all.size() - 1 - which)).id());
      switch (what) {
        case 0, 1 -> world.request(version);
        case 2 -> world.request(version, true);
        case 3, 4 -> id.ifPresent(world::approve);
        case 5 -> id.ifPresent(world::reject);
        case 6, 7 -> id.ifPresent(one -> world.report(one, true));
        case 8 -> id.ifPresent(one -> world.report(one, false));
        case 9 -> id.ifPresent(world::cancel);
        case 10 -> id.ifPresent(world::expire);
        case 11 -> id.ifPresent(world::retire);
        case 12, 13 -> id.ifPresent(world::rollBack);
        case 14 -> world.environment(Mode.values()[which % 2], which % 3 == 0);
        case 15 -> world.now = world.now.plusMillis(which * 7L - 20);
        case 16 -> {
          if (version == 5) {
            world.withdraw(version);
          }
        }
        case 17 -> world.slot().map(Slot::live).filter(Objects::nonNull)
            .ifPresent(live -> world.rollBack(live.deployment()));
        default -> throw new IllegalStateException();
      }
    }
  }

  @Provide
  Arbitrary<List<Try>> scripts() {
    return Combinators.combine(Arbitraries.integers().between(0, 17), Arbitraries.integers().between(0, 6),
        Arbitraries.integers().between(1, 5)).as(Try::new).list().ofMinSize(5).ofMaxSize(80);
  }
}
