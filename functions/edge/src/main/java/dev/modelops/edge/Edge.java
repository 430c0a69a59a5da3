package dev.modelops.edge;

import dev.modelops.domain.access.Subjects;
import dev.modelops.domain.change.Changes;
import java.time.Clock;
import java.util.Optional;

/** What all functions have in common: makes their routers. */
public final class Edge {
  private final Contract contract;
  private final Cursors cursors;
  private final Clock clock;
  private final Optional<Changes> changes;
  private final Optional<Subjects> subjects;

  /**
   * @param changes how changes are committed; absent where a function has no store
   * @param subjects remembers network addresses; absent likewise
   */
  public Edge(Contract contract, Cursors cursors, Clock clock, Optional<Changes> changes, Optional<Subjects> subjects) {
    this.contract = contract;
    this.cursors = cursors;
    this.clock = clock;
    this.changes = changes;
    this.subjects = subjects;
  }

  /**
   * The router of one function.
   *
   * @param function as {@code x-function} of the contract names it
   * @throws IllegalStateException when an operation of the function is unbound, or a bound one is not in the contract
   */
  public Router router(String function, Routes routes) {
    return new Router(contract, function, routes, new Commits(changes, clock, Thread::sleep), cursors, subjects, clock,
        // Looked up at each line, so that a laptop can send it elsewhere.
        new RequestLog(line -> System.out.println(line)));
  }
}
