package dev.modelops.local.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.modelops.embedded.Template.StreamSource;
import dev.modelops.local.function.MountedFunction;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UniqueElements;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

final class DeliveryTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Instant NOW = Instant.parse("2026-11-23T14:00:00Z");

  private final List<List<String>> calls = new ArrayList<>();
  private final List<String> settled = new ArrayList<>();
  private final List<String> givenUp = new ArrayList<>();
  private Delivery.Condition condition = Delivery.Condition.RetryAttemptsExhausted;
  private int attempts;

  @Test
  void aBatchThatIsTakenIsSettledAtOnce() throws Exception {
    deliver(4, source(3, true, true), sequences -> List.of());

    assertThat(calls).containsExactly(List.of("0", "1", "2", "3"));
    assertThat(settled).containsExactly("3");
  }

  @Test
  void whatComesBeforeTheFirstReportedFailureIsSettledAndTheRestComesAgain() throws Exception {
    deliver(4, source(3, true, true), sequences -> calls.size() == 1 ? List.of("3", "2") : List.of());

    assertThat(calls).containsExactly(List.of("0", "1", "2", "3"), List.of("2", "3"));
    assertThat(settled).containsExactly("1", "3");
  }

  @Test
  void aReportedPoisonRecordIsGivenUpAloneAfterItsAttemptsAndTheRestGoesOn() throws Exception {
    deliver(4, source(2, true, true), sequences -> sequences.contains("1") ? List.of("1") : List.of());

    assertThat(givenUp).containsExactly("1");
    assertThat(attempts).isEqualTo(3);
    assertThat(settled).containsExactly("0", "1", "3");
    assertThat(calls).endsWith(List.of("2", "3"));
  }

  @Test
  void aBatchThatFailsAsAWholeIsCutInTwoUntilThePoisonRecordIsAlone() throws Exception {
    deliver(8, source(2, true, true), sequences -> {
      if (sequences.contains("5")) {
        throw new OnPurpose();
      }
      return List.of();
    });

    assertThat(givenUp).containsExactly("5");
    assertThat(settled).containsExactly("3", "4", "5", "7");
  }

  @Test
  void withoutBisectionTheWholeBatchIsGivenUp() throws Exception {
    deliver(3, source(1, false, true), sequences -> {
      throw new OnPurpose();
    });

    assertThat(calls).hasSize(2);
    assertThat(givenUp).containsExactly("0", "1", "2");
  }

  @Test
  void anAnswerThatNamesAnUnknownRecordFailsTheBatch() throws Exception {
    deliver(1, source(1, true, true), sequences -> calls.size() == 1 ? List.of("17") : List.of());

    assertThat(calls).hasSize(2);
    assertThat(givenUp).isEmpty();
  }

  @Test
  void withoutPartialAnswersWhatTheFunctionSaysIsOfNoAccount() throws Exception {
    deliver(2, source(1, true, false), sequences -> List.of("0"));

    assertThat(calls).hasSize(1);
    assertThat(settled).containsExactly("1");
  }

  @Test
  void aRecordThatIsTooOldHasOneAttempt() throws Exception {
    deliver(List.of(record("0", NOW.minus(Duration.ofHours(7)))), source(-1, true, true), sequences -> List.of("0"));

    assertThat(calls).hasSize(1);
    assertThat(givenUp).containsExactly("0");
    assertThat(condition).isEqualTo(Delivery.Condition.RecordAgeExceeded);
  }

  @Property(tries = 100)
  void everyRecordIsSettledOnceInOrderWhateverIsPoisonous(@ForAll @IntRange(min = 1, max = 40) int size,
      @ForAll @Size(max = 10) @UniqueElements List<@IntRange(max = 39) Integer> poison, @ForAll boolean reports)
      throws Exception {
    List<String> poisonous = poison.stream().filter(i -> i < size).map(String::valueOf).toList();
    List<String> taken = new ArrayList<>();
    settled.clear();
    givenUp.clear();
    deliver(size, source(0, true, true), sequences -> {
      List<String> failed = sequences.stream().filter(poisonous::contains).toList();
      if (!failed.isEmpty() && !reports) {
        throw new OnPurpose();
      }
      int end = failed.isEmpty() ? sequences.size() : sequences.indexOf(failed.getFirst());
      taken.addAll(sequences.subList(0, end));
      return failed;
    });

    assertThat(givenUp).containsExactlyInAnyOrderElementsOf(poisonous);
    assertThat(taken).containsExactlyElementsOf(
        IntStream.range(0, size).mapToObj(String::valueOf).filter(i -> !poisonous.contains(i)).toList());
    assertThat(settled).last().isEqualTo(String.valueOf(size - 1));
  }

  private static final class OnPurpose extends RuntimeException {
    OnPurpose() {
      super("on purpose", null, false, false);
    }
  }

  /** Answers with the failed records. */
  private interface Handler {
    List<String> handle(List<String> sequences);
  }

  private void deliver(int records, StreamSource source, Handler handler) throws Exception {
    deliver(IntStream.range(0, records).mapToObj(i -> record(String.valueOf(i), NOW)).toList(), source, handler);
  }

  private void deliver(List<StreamRecord> records, StreamSource source, Handler handler) throws Exception {
    RequestStreamHandler function = (InputStream in, OutputStream out, Context context) -> {
      List<String> sequences = JSON.readTree(in).path("Records").valueStream()
          .map(record -> record.at("/dynamodb/SequenceNumber").asString()).toList();
      calls.add(sequences);
      var answer = JSON.createObjectNode();
      var failures = answer.putArray("batchItemFailures");
      handler.handle(sequences).forEach(failed -> failures.addObject().put("itemIdentifier", failed));
      out.write(answer.toString().getBytes(StandardCharsets.UTF_8));
    };
    new Delivery(new MountedFunction("Test", function, Duration.ofSeconds(5), 128), source,
        (batch, why, tried, error) -> {
          batch.forEach(record -> givenUp.add(record.sequence()));
          condition = why;
          attempts = tried;
        }, Duration.ofMillis(1), InstantSource.fixed(NOW)).deliver(records, last -> settled.add(last.sequence()));
  }

  private static StreamRecord record(String sequence, Instant created) {
    var json = JSON.createObjectNode();
    json.putObject("dynamodb").put("SequenceNumber", sequence);
    return new StreamRecord(sequence, created, json, 100);
  }

  private static StreamSource source(int retries, boolean bisect, boolean partial) {
    return new StreamSource("Records", "RecordsTable", List.of(), 100, Duration.ZERO, bisect, retries,
        Optional.of(Duration.ofHours(6)), partial, Optional.of("FailuresBucket"));
  }
}
