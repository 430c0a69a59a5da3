package dev.modelops.domain.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelops.domain.Ref;
import dev.modelops.domain.deployment.Deployment.State;
import dev.modelops.domain.deployment.Environment.Mode;
import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import java.time.Duration;
import java.time.Instant;
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

    assertThat(refusal(() -> world.request(2))).satisfies(refused -> {
      assertThat(refused.problem()).isEqualTo(Problem.CONFLICT);
      assertThat(refused.detail()).contains(first.id());
    });
  }

  @Test
  void an_approval_does_not_start_a_second_deployment_beside_one_under_way() {
    World world = new World(Mode.REPORTED, true, 2);
    Deployment first = world.request(1);
    Deployment second = world.request(2);
    world.approve(first.id());

    assertThat(refusal(() -> world.approve(second.id())).detail()).contains(first.id());
    assertThat(world.deployment(second.id()).state()).isEqualTo(State.AWAITING_APPROVAL);
  }

  @Test
  void in_a_protected_environment_it_waits_until_it_is_approved() {
    World world = new World(Mode.RECORDED, true, 1);
    Deployment asked = world.request(1);

    assertThat(asked.state()).isEqualTo(State.AWAITING_APPROVAL);
    assertThat(world.slot().orElseThrow().live()).isNull();
    assertThat(world.approve(asked.id()).state()).isEqualTo(State.LIVE);
    assertThat(world.deployment(asked.id()).approvedBy()).isEqualTo("usr_approver");
  }

  @Test
  void a_rejection_ends_it() {
    World world = new World(Mode.RECORDED, true, 1);
    Deployment asked = world.request(1);

    assertThat(world.reject(asked.id()).state()).isEqualTo(State.REJECTED);
    assertThat(refusal(() -> world.approve(asked.id())).allowedMoves()).isEmpty();
  }

  @Test
  void an_approval_that_is_taken_back_stops_a_deployment_under_way() {
    World world = new World(Mode.REPORTED, true, 1);
    Deployment asked = world.request(1);
    world.approve(asked.id());

    assertThat(world.reject(asked.id()).state()).isEqualTo(State.REJECTED);
    assertThat(refusal(() -> world.report(asked.id(), true)).problem()).isEqualTo(Problem.ILLEGAL_MOVE);
  }

  @Test
  void when_one_goes_live_older_ones_that_wait_are_superseded_and_newer_ones_go_on_waiting() {
    World world = new World(Mode.RECORDED, true, 3);
    Deployment older = world.request(1);
    Deployment asked = world.request(2);
    Deployment newer = world.request(3);
    world.approve(asked.id());

    assertThat(world.deployment(older.id()).state()).isEqualTo(State.SUPERSEDED);
    assertThat(world.deployment(newer.id()).state()).isEqualTo(State.AWAITING_APPROVAL);
  }

  @Test
  void two_rollbacks_in_a_row_go_two_back_and_never_to_and_fro() {
    World world = new World(Mode.RECORDED, false, 4);
    List<String> live = new ArrayList<>();
    for (int version = 1; version <= 4; version++) {
      live.add(world.request(version).id());
    }
    Deployment once = world.rollBack(live.get(3)).orElseThrow();
    Deployment twice = world.rollBack(once.id()).orElseThrow();
    Deployment thrice = world.rollBack(twice.id()).orElseThrow();

    assertThat(List.of(once.version(), twice.version(), thrice.version())).containsExactly(3, 2, 1);
    assertThat(once.rollbackOf()).isEqualTo(live.get(3));
    assertThat(world.deployment(live.get(3)).state()).isEqualTo(State.ROLLED_BACK);
    assertThat(world.rollBack(thrice.id())).isEmpty();
  }

  @Test
  void a_new_version_after_a_rollback_goes_back_to_what_the_rollback_made_live() {
    World world = new World(Mode.RECORDED, false, 4);
    world.request(1);
    world.request(2);
    Deployment back = world.rollBack(world.request(3).id()).orElseThrow();
    Deployment next = world.request(4);

    assertThat(next.fallback()).isEqualTo(back.id());
    Deployment again = world.rollBack(next.id()).orElseThrow();
    assertThat(again.version()).isEqualTo(2);
    assertThat(world.rollBack(again.id()).orElseThrow().version()).isEqualTo(1);
  }

  @Test
  void a_version_deployed_over_itself_goes_back_to_the_version_before() {
    World world = new World(Mode.RECORDED, false, 2);
    world.request(1);
    world.request(2);
    Deployment again = world.request(2);

    assertThat(world.rollBack(again.id()).orElseThrow().version()).isEqualTo(1);
  }

  @Test
  void a_rollback_needs_no_approval() {
    World world = new World(Mode.RECORDED, true, 2);
    world.approve(world.request(1).id());
    Deployment second = world.approve(world.request(2).id());

    assertThat(world.rollBack(second.id()).orElseThrow().state()).isEqualTo(State.LIVE);
  }

  @Test
  void in_a_reported_environment_a_rollback_is_reported_too_and_displaces_what_is_under_way() {
    World world = new World(Mode.REPORTED, false, 3);
    world.report(world.request(1).id(), true);
    Deployment bad = world.report(world.request(2).id(), true);
    Deployment underWay = world.request(3);
    Deployment back = world.rollBack(bad.id()).orElseThrow();

    assertThat(back.state()).isEqualTo(State.DEPLOYING);
    assertThat(world.deployment(bad.id()).state()).isEqualTo(State.LIVE);
    assertThat(world.deployment(underWay.id()).state()).isEqualTo(State.SUPERSEDED);
    assertThat(refusal(() -> world.report(underWay.id(), true)).problem()).isEqualTo(Problem.ILLEGAL_MOVE);

    assertThat(refusal(() -> world.rollBack(bad.id())).detail()).contains(back.id());
    world.report(back.id(), true);
    assertThat(world.deployment(bad.id()).state()).isEqualTo(State.ROLLED_BACK);
  }

  @Test
  void a_rollback_to_a_withdrawn_version_is_refused_with_the_reason() {
    World world = new World(Mode.RECORDED, false, 2);
    world.request(1);
    Deployment second = world.request(2);
    world.withdraw(1);

    assertThat(refusal(() -> world.rollBack(second.id())).reasons())
        .anySatisfy(reason -> assertThat(reason.found()).isEqualTo("withdrawn"));
  }

  @Test
  void a_version_withdrawn_meanwhile_is_not_approved_and_not_live() {
    World recorded = new World(Mode.RECORDED, true, 1);
    Deployment asked = recorded.request(1);
    recorded.withdraw(1);
    assertThat(refusal(() -> recorded.approve(asked.id())).problem()).isEqualTo(Problem.GATE_CLOSED);

    World reported = new World(Mode.REPORTED, false, 1);
    Deployment underWay = reported.request(1);
    reported.withdraw(1);
    assertThat(refusal(() -> reported.report(underWay.id(), true)).problem()).isEqualTo(Problem.GATE_CLOSED);
    assertThat(reported.report(underWay.id(), false).state()).isEqualTo(State.FAILED);
  }

  @Test
  void an_environment_that_becomes_protected_asks_for_an_approval_of_what_is_under_way() {
    World world = new World(Mode.REPORTED, false, 1);
    Deployment underWay = world.request(1);
    world.environment(Mode.REPORTED, true);

    assertThat(refusal(() -> world.report(underWay.id(), true)).reasons())
        .anySatisfy(reason -> assertThat(reason.fixableBy()).isEqualTo("approve"));
    assertThat(world.approve(underWay.id()).state()).isEqualTo(State.DEPLOYING);
    assertThat(world.report(underWay.id(), true).state()).isEqualTo(State.LIVE);
  }

  @Test
  void a_report_after_the_deadline_has_failed_it_is_refused() {
    World world = new World(Mode.REPORTED, false, 1);
    Deployment underWay = world.request(1);
    assertThat(Moves.overdue(underWay, world.now)).isFalse();
    world.now = world.now.plus(Duration.ofHours(1));
    assertThat(Moves.overdue(underWay, world.now)).isTrue();

    assertThat(world.expire(underWay.id()).state()).isEqualTo(State.FAILED);
    assertThat(refusal(() -> world.report(underWay.id(), true)).problem()).isEqualTo(Problem.ILLEGAL_MOVE);
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
    assertThat(refusal(() -> world.request(1)).problem()).isEqualTo(Problem.CONFLICT);
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

  /** Any sequence of moves, legal or not, with clocks that go back: {@link World#check} holds after every one. */
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

  private static Refused refusal(Runnable move) {
    Refused[] caught = new Refused[1];
    assertThatThrownBy(move::run).isInstanceOfSatisfying(Refused.class, refused -> caught[0] = refused);
    return Objects.requireNonNull(caught[0]);
  }

  @Test
  void what_an_approval_was_given_for_is_what_goes_live() {
    World world = new World(Mode.REPORTED, true, 1);
    Deployment asked = world.request(1);
    world.approve(asked.id());
    Approval approval =
        world.stored(Approval.class, Ref.approval(asked.id(), "usr_approver")).orElseThrow().entity();
    assertThat(approval.manifest()).isEqualTo("manifest-1");

    world.put(new Approval(approval.deployment(), approval.subject(), approval.department(), approval.decision(),
        "another-manifest", null, approval.at()));
    assertThat(refusal(() -> world.report(asked.id(), true)).reasons())
        .anySatisfy(reason -> assertThat(reason.rule()).isEqualTo("approval"));
  }
}
