package dev.modelops.local.stream;

import dev.modelops.embedded.Template.StreamSource;
import dev.modelops.local.function.FunctionFailed;
import dev.modelops.local.function.MountedFunction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Brings batches of one shard to a function until each record is settled: taken by the function, or kept at the failure
 * destination after its last attempt.
 *
 * <p>As Lambda does: what comes before the first reported failure is settled; a batch that fails as a whole is cut in
 * two where the template says so, and cutting costs no attempt. Unlike Lambda, a record too old is given up only after an
 * attempt: on a machine that slept over night everything is too old.
 */
final class Delivery {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int WHOLE_BATCH = -1;
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final MountedFunction function;
  private final StreamSource source;
  private final GivenUp givenUp;
  private final Duration firstPause;
  private final InstantSource clock;

  /** Takes what a function did not take at its last attempt. */
  interface GivenUp {
    void keep(List<StreamRecord> records, Condition condition, int attempts, String error) throws InterruptedException;
  }

  /** Why records were given up, in Lambda's words. */
  enum Condition {
    /** No attempt is left. */
    RetryAttemptsExhausted,
    /** The oldest of them is too old for another attempt. */
    RecordAgeExceeded
  }

  Delivery(MountedFunction function, StreamSource source, GivenUp givenUp, Duration firstPause, InstantSource clock) {
    this.function = function;
    this.source = source;
    this.givenUp = givenUp;
    this.firstPause = firstPause;
    this.clock = clock;
  }

  /**
   * Returns when all records are settled.
   *
   * @param settled told the last record of every settled part, in order
   * @throws InterruptedException when it was stopped; what is not settled must be brought again
   */
  void deliver(List<StreamRecord> records, Consumer<StreamRecord> settled) throws InterruptedException {
    List<StreamRecord> batch = records;
    int attempts = 0;
    while (!batch.isEmpty()) {
      Outcome outcome = call(batch);
      attempts++;
      if (outcome.taken() > 0) {
        settled.accept(batch.get(outcome.taken() - 1));
        batch = batch.subList(outcome.taken(), batch.size());
        attempts = 0;
      } else if (source.bisect() && batch.size() > 1) {
        int cut = outcome.firstFailed() == WHOLE_BATCH ? (batch.size() + 1) / 2 : 1;
        deliver(batch.subList(0, cut), settled);
        batch = batch.subList(cut, batch.size());
        attempts = 0;
      } else if (isLast(attempts) || isTooOld(batch)) {
        Condition why = isLast(attempts) ? Condition.RetryAttemptsExhausted : Condition.RecordAgeExceeded;
        givenUp.keep(batch, why, attempts, outcome.error());
        settled.accept(batch.getLast());
        return;
      } else {
        pause(attempts);
      }
    }
  }

  private boolean isLast(int attempts) {
    return source.retries() >= 0 && attempts > source.retries();
  }

  private boolean isTooOld(List<StreamRecord> batch) {
    Instant oldest = batch.getFirst().created();
    return source.maxRecordAge().map(age -> oldest.plus(age).isBefore(clock.instant())).orElse(false);
  }

  private void pause(int attempts) throws InterruptedException {
    long millis = Math.min(firstPause.toMillis() << Math.min(attempts - 1, 20), LONGEST_PAUSE.toMillis());
    Thread.sleep(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
  }

  /**
   * @param taken records from the first on that the function took
   * @param firstFailed index of the record that it named, or {@link #WHOLE_BATCH}
   */
  private record Outcome(int taken, int firstFailed, String error) {}

  private Outcome call(List<StreamRecord> batch) throws InterruptedException {
    try {
      int failed = firstFailed(function.invoke(StreamRecord.event(batch)), batch);
      return new Outcome(failed, failed, failed == WHOLE_BATCH ? "the answer names an unknown record" : "reported");
    } catch (FunctionFailed failed) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      failed.printStackTrace();
      return new Outcome(WHOLE_BATCH, WHOLE_BATCH, String.valueOf(failed.getMessage()));
    }
  }

  /** The number of records when none failed. */
  private int firstFailed(byte[] answer, List<StreamRecord> batch) {
    if (!source.partial() || answer.length == 0) {
      return batch.size();
    }
    Set<String> named = new HashSet<>();
    try {
      JsonNode failures = JSON.readTree(answer).path("batchItemFailures");
      failures.forEach(failure -> named.add(failure.path("itemIdentifier").asString("")));
    } catch (JacksonException malformed) {
      return WHOLE_BATCH;
    }
    if (named.isEmpty()) {
      return batch.size();
    }
    List<String> sequences = batch.stream().map(StreamRecord::sequence).toList();
    if (!sequences.containsAll(named)) {
      return WHOLE_BATCH;
    }
    return sequences.indexOf(sequences.stream().filter(named::contains).findFirst().orElseThrow());
  }
}
