package dev.modelops.edge;

import dev.modelops.domain.problem.Refused;

/**
 * What an operation does. May run several times for one request, when a change loses a race: it must read anew each
 * time.
 */
@FunctionalInterface
public interface Action {
  /**
   * @throws Refused when the request is answered with a problem
   */
  Outcome handle(Request request);
}
