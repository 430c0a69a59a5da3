package dev.modelops.edge;

/** What a function does at each tick of its schedule. A tick may come twice, or not at all. */
@FunctionalInterface
public interface ScheduleStep {
  /** @return how many things were done, for the log */
  int run(Invocation invocation);

  /** Runs what a first tick would run, before a snapshot. The store only lets writes rehearse by then. */
  default void prime() {}
}
