package dev.modelops.domain.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.domain.problem.Violation;
import dev.modelops.domain.registry.Version.State;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class VersionMovesTest {

  private static final Instant NOW = Instant.parse("2026-03-01T09:00:00Z");

  private static Version version(State state) {
    return new Version("fraud", 3, "credit", null, state, "digest", Manifest.Proof.PROVED, null, null, Map.of(), NOW,
        "usr_ada", null, NOW.plusSeconds(60), null, null, Set.of(), Set.of(), Set.of());
  }

  private static final Map<State, Map<State, UnaryOperator<Version>>> LEGAL = Map.of(
      State.PENDING, Map.of(State.READY, v -> VersionMoves.finalized(v, NOW), State.EXPIRED, VersionMoves::expired),
      State.READY, Map.of(State.ARCHIVED, VersionMoves::archived,
          State.WITHDRAWN, v -> VersionMoves.withdrawn(v, "why", NOW, "usr_grace")),
      State.ARCHIVED, Map.of(), State.WITHDRAWN, Map.of(), State.EXPIRED, Map.of());

  @ParameterizedTest
  @EnumSource
  void every_state_makes_its_legal_moves_and_no_other(State from) {
    Map<State, UnaryOperator<Version>> all = new HashMap<>();
    LEGAL.values().forEach(all::putAll);
    all.forEach((to, move) -> {
      if (LEGAL.getOrDefault(from, Map.of()).containsKey(to)) {
        assertThat(move.apply(version(from)).state()).isEqualTo(to);
      } else {
        Refused refused = catchThrowableOfType(Refused.class, () -> move.apply(version(from)));
        assertThat(refused.problem()).as("%s to %s", from, to).isIn(Problem.ILLEGAL_MOVE, Problem.CONFLICT);
      }
    });
  }

  @Test
  void what_is_due_cannot_be_finalised_although_nobody_has_written_that_down() {
    Instant due = NOW.plusSeconds(60);
    assertThat(VersionMoves.isDue(version(State.PENDING), due.minusMillis(1))).isFalse();
    assertThat(VersionMoves.isDue(version(State.PENDING), due)).isTrue();
    assertThat(VersionMoves.isDue(version(State.READY), due)).isFalse();
    assertThat(catchThrowableOfType(Refused.class, () -> VersionMoves.finalized(version(State.PENDING), due)).problem())
        .isEqualTo(Problem.CONFLICT);
  }

  @Test
  void archiving_names_everything_that_holds_the_version() {
    Version held = version(State.READY).withAliases(Set.of("champion", "blue")).withLiveIn(Set.of("production"))
        .withOpenDeployments(Set.of("dep_1"));
    Refused refused = catchThrowableOfType(Refused.class, () -> VersionMoves.archived(held));
    assertThat(refused.violations()).extracting(Violation::code)
        .containsExactly("alias", "alias", "live", "open-deployment");
    assertThat(VersionMoves.withdrawn(held, "why", NOW, "usr_grace").liveIn()).containsExactly("production");
  }

  @Test
  void an_alias_is_taken_by_ready_versions_with_room() {
    Version version = version(State.READY);
    Set<String> expected = new HashSet<>();
    for (int i = 0; i < AliasRules.MOST; i++) {
      version = AliasRules.taken(version, "a" + i);
      expected.add("a" + i);
    }
    Version full = version;
    assertThat(full.aliases()).isEqualTo(expected);
    assertThat(AliasRules.taken(full, "a0")).isEqualTo(full);
    assertThat(catchThrowableOfType(Refused.class, () -> AliasRules.taken(full, "more")).problem())
        .isEqualTo(Problem.CONFLICT);
    assertThat(AliasRules.released(full, "a0").aliases()).hasSize(AliasRules.MOST - 1);
    assertThat(catchThrowableOfType(Refused.class, () -> AliasRules.taken(version(State.WITHDRAWN), "a")).problem())
        .isEqualTo(Problem.CONFLICT);
  }
}
