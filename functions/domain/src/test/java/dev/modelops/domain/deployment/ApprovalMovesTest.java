package dev.modelops.domain.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.Ref;
import dev.modelops.domain.deployment.Deployment.State;
import dev.modelops.domain.deployment.Environment.Mode;
import dev.modelops.domain.problem.Problem;
import org.junit.jupiter.api.Test;

class ApprovalMovesTest {

  @Test
  void an_approval_does_not_start_a_second_deployment_beside_one_under_way() {
    World world = new World(Mode.REPORTED, true, 2);
    Deployment first = world.request(1);
    Deployment second = world.request(2);
    world.approve(first.id());

    assertThat(Refusal.of(() -> world.approve(second.id())).detail()).contains(first.id());
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
    assertThat(Refusal.of(() -> world.approve(asked.id())).allowedMoves()).isEmpty();
  }

  @Test
  void who_opened_the_gate_stays_when_another_approves_too() {
    World world = new World(Mode.REPORTED, true, 1);
    Deployment asked = world.request(1);
    world.approve(asked.id());

    assertThat(world.approve(asked.id(), "usr_second").approvedBy()).isEqualTo("usr_approver");
    assertThat(world.stored(Approval.class, Ref.approval(asked.id(), "usr_second"))).isPresent();
    assertThat(world.report(asked.id(), true).state()).isEqualTo(State.LIVE);
  }

  @Test
  void an_approval_that_is_taken_back_stops_a_deployment_under_way() {
    World world = new World(Mode.REPORTED, true, 1);
    Deployment asked = world.request(1);
    world.approve(asked.id());

    assertThat(world.reject(asked.id()).state()).isEqualTo(State.REJECTED);
    assertThat(Refusal.of(() -> world.report(asked.id(), true)).problem()).isEqualTo(Problem.ILLEGAL_MOVE);
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
  void a_version_withdrawn_meanwhile_is_not_approved_and_not_live() {
    World recorded = new World(Mode.RECORDED, true, 1);
    Deployment asked = recorded.request(1);
    recorded.withdraw(1);
    assertThat(Refusal.of(() -> recorded.approve(asked.id())).problem()).isEqualTo(Problem.GATE_CLOSED);

    World reported = new World(Mode.REPORTED, false, 1);
    Deployment underWay = reported.request(1);
    reported.withdraw(1);
    assertThat(Refusal.of(() -> reported.report(underWay.id(), true)).problem()).isEqualTo(Problem.GATE_CLOSED);
    assertThat(reported.report(underWay.id(), false).state()).isEqualTo(State.FAILED);
  }

  @Test
  void an_environment_that_becomes_protected_asks_for_an_approval_of_what_is_under_way() {
    World world = new World(Mode.REPORTED, false, 1);
    Deployment underWay = world.request(1);
    world.environment(Mode.REPORTED, true);

    assertThat(Refusal.of(() -> world.report(underWay.id(), true)).reasons())
        .anySatisfy(reason -> assertThat(reason.fixableBy()).isEqualTo("approve"));
    assertThat(world.approve(underWay.id()).state()).isEqualTo(State.DEPLOYING);
    assertThat(world.report(underWay.id(), true).state()).isEqualTo(State.LIVE);
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
    assertThat(Refusal.of(() -> world.report(asked.id(), true)).reasons())
        .anySatisfy(reason -> assertThat(reason.rule()).isEqualTo("approval"));
  }
}
