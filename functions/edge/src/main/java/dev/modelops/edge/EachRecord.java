package dev.modelops.edge;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** Records one after the other. */
record EachRecord(BiConsumer<StreamRecord, Invocation> step) implements StreamStep {
  @Override
  public Optional<StreamRecord> handle(List<StreamRecord> records, Invocation invocation) {
    for (StreamRecord record : records) {
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
