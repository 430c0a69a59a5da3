package dev.modelops.domain.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.deployment.Deployment.State;
import dev.modelops.domain.deployment.Environment.Mode;
import dev.modelops.domain.problem.Problem;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RollbackMovesTest {

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
  void a_rollback_rests_on_what_it_undoes_being_live_still() {
    World world = new World(Mode.RECORDED, false, 3);
    world.request(1);
    Stored<Deployment> read = world.deployed(world.request(2).id());
    world.request(3); // live behind the back of whoever rolls back the second

    Change change = world.moves("usr_operator").rollBack(read, world.asked(1, false, read.entity().id(), null),
        world.rollbackVerdict(1));

    assertThat(change.facts()).contains(Change.Fact.of(Ref.deployment(read.entity().id()), read));
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
    assertThat(Refusal.of(() -> world.report(underWay.id(), true)).problem()).isEqualTo(Problem.ILLEGAL_MOVE);

    assertThat(Refusal.of(() -> world.rollBack(bad.id())).detail()).contains(back.id());
    world.report(back.id(), true);
    assertThat(world.deployment(bad.id()).state()).isEqualTo(State.ROLLED_BACK);
  }

  @Test
  void a_rollback_to_a_withdrawn_version_is_refused_with_the_reason() {
    World world = new World(Mode.RECORDED, false, 2);
    world.request(1);
    Deployment second = world.request(2);
    world.withdraw(1);

    assertThat(Refusal.of(() -> world.rollBack(second.id())).reasons())
        .anySatisfy(reason -> assertThat(reason.found()).isEqualTo("withdrawn"));
  }
}
