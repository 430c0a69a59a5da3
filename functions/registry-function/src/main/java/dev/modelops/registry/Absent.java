package dev.modelops.registry;

import dev.modelops.domain.problem.Refused;

/** What is not there is answered like what the caller may not see. */
final class Absent {

  private Absent() {}

  static Refused refused() {
    return Refused.notFound("there is no such thing, or you may not see it");
  }
}
