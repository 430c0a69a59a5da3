package dev.modelops.edge;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Records one after the other, until Lambda is about to end the run: what was done by then need not be done again. */
record EachRecord(BiConsumer<StreamRecord, Invocation> step) implements StreamStep {
  @Override
  public Optional<StreamRecord> handle(List<StreamRecord> records, Invocation invocation) {
    for (StreamRecord record : records) {
      if (record != records.getFirst() && !Instant.now().isBefore(invocation.deadline())) {
        return Optional.of(record);
      }
      try {
        step.accept(record, invocation);
      } catch (RuntimeException failure) {
        if (record == records.getFirst()) {
          throw failure;
        }
        // Those before it are done; this one comes again first, and then its failure is logged.
        return Optional.of(record);
      }
    }
    return Optional.empty();
  }
}
