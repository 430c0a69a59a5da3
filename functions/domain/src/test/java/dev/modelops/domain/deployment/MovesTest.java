package dev.modelops.domain.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.deployment.Deployment.State;
import dev.modelops.domain.deployment.Environment.Mode;
import dev.modelops.domain.problem.Problem;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MovesTest {

  @Test
  void in_a_recorded_environment_an_allowed_deployment_is_live_at_once() {
    World world = new World(Mode.RECORDED, false, 2);
    Deployment first = world.request(1);
    Deployment second = world.request(2);

    assertThat(second.state()).isEqualTo(State.LIVE);
    assertThat(world.deployment(first.id()).state()).isEqualTo(State.SUPERSEDED);
    assertThat(world.deployment(first.id()).endedAt()).isEqualTo(second.liveAt());
  }

  @Test
  void in_a_reported_environment_only_the_deployer_makes_it_live() {
    World world = new World(Mode.REPORTED, false, 2);
    Deployment asked = world.request(1);

    assertThat(asked.state()).isEqualTo(State.DEPLOYING);
    assertThat(asked.deadline()).isEqualTo(world.now.plus(Duration.ofHours(1)));
    assertThat(world.report(asked.id(), true).state()).isEqualTo(State.LIVE);
  }

  @Test
  void a_second_deployment_under_way_is_refused_and_the_first_is_named() {
    World world = new World(Mode.REPORTED, false, 2);
    Deployment first = world.request(1);

    assertThat(Refusal.of(() -> world.request(2))).satisfies(refused -> {
      assertThat(refused.problem()).isEqualTo(Problem.CONFLICT);
      assertThat(refused.detail()).contains(first.id());
    });
  }

  @Test
  void a_report_after_the_deadline_has_failed_it_is_refused() {
    World world = new World(Mode.REPORTED, false, 1);
    Deployment underWay = world.request(1);
    assertThat(Moves.overdue(underWay, world.now)).isFalse();
    world.now = world.now.plus(Duration.ofHours(1));
    assertThat(Moves.overdue(underWay, world.now)).isTrue();

    assertThat(world.expire(underWay.id()).state()).isEqualTo(State.FAILED);
    assertThat(Refusal.of(() -> world.report(underWay.id(), true)).problem()).isEqualTo(Problem.ILLEGAL_MOVE);
  }

  @Test
  void an_automatic_deployment_displaces_an_older_automatic_one_that_waits_and_no_other() {
    World world = new World(Mode.RECORDED, true, 3);
    Deployment manual = world.request(1);
    Deployment older = world.request(2, true);
    Deployment newer = world.request(3, true);

    assertThat(world.deployment(older.id()).state()).isEqualTo(State.SUPERSEDED);
    assertThat(world.deployment(manual.id()).state()).isEqualTo(State.AWAITING_APPROVAL);
    assertThat(newer.state()).isEqualTo(State.AWAITING_APPROVAL);
    assertThat(world.slot().orElseThrow().reached()).isEqualTo(3);
  }

  @Test
  void the_eleventh_open_deployment_is_refused() {
    World world = new World(Mode.RECORDED, true, 1);
    for (int i = 0; i < Slot.MOST_OPEN; i++) {
      world.request(1);
    }
    assertThat(Refusal.of(() -> world.request(1)).problem()).isEqualTo(Problem.CONFLICT);
  }

  @Test
  void a_retired_model_is_live_no_more_and_its_interval_ends() {
    World world = new World(Mode.RECORDED, false, 1);
    Deployment live = world.request(1);
    world.now = world.now.plusSeconds(5);
    Deployment retired = world.retire(live.id());

    assertThat(retired.state()).isEqualTo(State.RETIRED);
    assertThat(retired.liveAt(world.now)).isFalse();
    assertThat(retired.liveAt(world.now.minusMillis(1))).isTrue();
  }

  @ParameterizedTest
  @EnumSource(value = State.class, names = {"SUPERSEDED", "ROLLED_BACK", "RETIRED", "FAILED", "REJECTED", "CANCELLED"})
  void nothing_moves_a_deployment_that_is_over(State state) {
    Deployment over = new World(Mode.RECORDED, true, 1).asked(1, false, null, null)
        .ended(state, Instant.EPOCH, "usr_x", null);
    assertThat(Move.legalMoves(over, Environment.initial().get(1))).isEmpty();
  }

  @Test
  void the_largest_move_names_each_entity_once_and_stays_far_below_the_limit_of_a_transaction() {
    World world = new World(Mode.RECORDED, true, 12);
    world.approve(world.request(12).id());
    for (int version = 1; version <= Slot.MOST_OPEN; version++) {
      world.request(version);
    }
    world.environment(Mode.RECORDED, false);
    world.request(11);
    // The new one, the slot, ten that waited, the one that was live, and the versions of all of them.
    assertThat(world.largest()).isEqualTo(2 + 10 + 1 + 12);
  }
}
