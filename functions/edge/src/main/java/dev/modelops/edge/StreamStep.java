package dev.modelops.edge;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** What a function does with records of a stream. Records come at least once, in order per key. */
@FunctionalInterface
public interface StreamStep {
  /**
   * Handles records, in order.
   *
   * @return the first record that was not handled: it and all after it come again
   * @throws RuntimeException when none was handled: all come again
   */
  Optional<StreamRecord> handle(List<StreamRecord> records, Invocation invocation);

  /** Runs what a first batch would run, before a snapshot. The store only lets writes rehearse by then. */
  default void prime() {}

  /** One after the other, up to the first that fails or for which no time is left; the first is always tried. */
  static StreamStep each(BiConsumer<StreamRecord, Invocation> step) {
    return new EachRecord(step);
  }
}
