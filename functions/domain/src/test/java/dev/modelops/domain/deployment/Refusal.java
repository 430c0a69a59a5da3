package dev.modelops.domain.deployment;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelops.domain.problem.Refused;
import java.util.Objects;

/** What a move is refused with. */
final class Refusal {

  private Refusal() {}

  /** Fails if it is not refused. */
  static Refused of(Runnable move) {
    Refused[] caught = new Refused[1];
    assertThatThrownBy(move::run).isInstanceOfSatisfying(Refused.class, refused -> caught[0] = refused);
    return Objects.requireNonNull(caught[0]);
  }
}
