package dev.modelops.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.checker.Checker;
import dev.modelops.embedded.TestAws;
import dev.modelops.json.Json;
import dev.modelops.store.dynamodb.Layout;
import dev.modelops.store.dynamodb.Layout.Table;
import dev.modelops.store.dynamodb.Row;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.Faults;
import dev.modelops.testkit.Faults.Armed;
import dev.modelops.testkit.Faults.Killed;
import dev.modelops.testkit.Faults.Kind;
import dev.modelops.testkit.Functions;
import dev.modelops.testkit.Operations;
import dev.modelops.whole.CallTrace.Call;
import dev.modelops.whole.CallTrace.Place;
import dev.modelops.whole.CallTrace.Trace;
import dev.modelops.whole.Writes.Ask;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Every operation that writes, every call to AWS that it makes, every way in which that call can fail: whoever sends the
 * request again, as a client does, has it done once. No answer but 503 says that something failed; what is stored in the
 * end is what is stored without a fault; and nothing is wrong with the store.
 */
class FaultMatrixTest {

  private static final TestAws AWS = TestAws.fresh();
  private static final Writes WRITES = new Writes(new Functions(AWS)::get);
  /** Two sandboxes of every function: when one is killed, the other is asked. */
  private static final List<Functions> SANDBOXES = List.of(new Functions(AWS), new Functions(AWS));
  private static final AtomicInteger NAMES = new AtomicInteger();
  @AfterAll
  static void nothingIsWrongWithWhatIsStored() {
    Checker.assertSound(AWS);
    AWS.close();
  }

  static Stream<String> writing() {
    return Operations.all().stream().filter(operation -> !operation.method().equals("GET"))
        .map(Operations.Operation::id);
  }

  @Test
  void everyOperationThatWritesHasItsCase() {
    assertThat(WRITES.operations()).containsExactlyInAnyOrderElementsOf(writing().toList());
  }

  /** What a request came to: the answer, the calls that it took, and what is stored. */
  private record Course(Answer answer, List<Call> calls, List<String> stored) {}

  /** A call, and how it fails. */
  private record Fault(Kind kind, Call call) {}

  @ParameterizedTest
  @MethodSource("writing")
  void aRequestIsDoneOnceWhateverCallFails(String operation) {
    Course calm = course(operation, List.of());
    assertThat(calm.answer().status()).as(calm.answer().body()).isBetween(200, 299);
    compare(operation, calm, reads(calm.calls()));
    for (Call write : calm.calls().stream().filter(Call::writes).toList()) {
      refused(write).forEach(faults -> compare(operation, calm, List.of(faults)));
      // Whoever is killed between two calls is killed after the last that wrote: reads leave nothing.
      for (Kind kind : List.of(Kind.ANSWER_LOST, Kind.KILLED_AFTER)) {
        compare(operation, calm, List.of(List.of(new Fault(kind, write))));
      }
    }
  }

  /** The faults of a client's attempts: reads change nothing, so that each attempt fails at another one. */
  private static List<List<Fault>> reads(List<Call> calls) {
    List<Call> reads = calls.stream().filter(call -> !call.writes()).toList();
    List<List<Fault>> attempts = new ArrayList<>();
    for (Kind kind : List.of(Kind.NOT_SENT, Kind.THROTTLED)) {
      reads.forEach(read -> attempts.add(List.of(new Fault(kind, read))));
    }
    attempts.add(reads.stream().filter(read -> read.kind().equals("BatchGetItem"))
        .map(read -> new Fault(Kind.UNPROCESSED, read)).toList());
    return attempts;
  }

  /** Every way in which a write is not made: a transaction meets all within one attempt, others meet one each. */
  private static List<List<Fault>> refused(Call write) {
    return write.kind().equals("TransactWriteItems")
        ? List.of(Stream.of(Kind.NOT_SENT, Kind.THROTTLED, Kind.CONFLICT, Kind.IN_PROGRESS, Kind.MISMATCHED)
            .map(kind -> new Fault(kind, write)).toList())
        : List.of(List.of(new Fault(Kind.NOT_SENT, write)), List.of(new Fault(Kind.THROTTLED, write)));
  }

  private static void compare(String operation, Course calm, List<List<Fault>> attempts) {
    String where = operation + " with " + attempts;
    Course course = course(operation, attempts);
    Set<Integer> well = new HashSet<>(Set.of(calm.answer().status()));
    if (killing(attempts.getLast())) {
      well.addAll(doneAlready(operation));
    }
    assertThat(course.answer().status()).as("%s: %s", where, course.answer().body()).isIn(well);
    assertThat(course.stored()).as(where).isEqualTo(calm.stored());
  }

  /**
   * What a client may be told besides whose request was done by a function that died before it could say so: a PUT finds
   * what it asked for, a DELETE finds nothing, and what asks for a revision finds its own change.
   */
  private static Set<Integer> doneAlready(String operation) {
    return switch (Operations.byId(operation).method()) {
      case "PUT" -> Set.of(200, 412);
      case "PATCH" -> Set.of(412);
      case "DELETE" -> Set.of(404);
      default -> Set.of();
    };
  }

  /** Sends a request until it is answered; its first attempts meet these faults. */
  private static Course course(String operation, List<List<Fault>> faults) {
    String name = "w%04dq".formatted(NAMES.incrementAndGet());
    Ask ask = WRITES.prepare(operation, name);
    if (Operations.byId(operation).parameters("header").stream()
        .anyMatch(header -> header.path("name").asString().equals("Idempotency-Key"))) {
      ask = ask.with("Idempotency-Key", name);
    }
    try (Trace trace = CallTrace.open()) {
      @Nullable Answer answer = null;
      for (int attempt = 0; attempt < faults.size() + 1 && (answer == null || answer.status() == 503); attempt++) {
        answer = attempt(operation, ask, attempt, attempt < faults.size() ? faults.get(attempt) : List.of());
      }
      return new Course(Objects.requireNonNull(answer), trace.calls(), stored(name, trace.places()));
    }
  }

  /** One attempt, by the other sandbox than the one before; null when the function was killed. */
  private static @Nullable Answer attempt(String operation, Ask ask, int number, List<Fault> faults) {
    List<Armed> armed = faults.stream().map(FaultMatrixTest::arm).toList();
    try {
      Answer answer = Writes.send(SANDBOXES.get(number % 2)::get, ask, operation);
      if (killing(faults)) {
        return null; // Said by a thread beside the one that died.
      }
      assertThat(answer.status()).as("%s %s: %s", operation, faults, answer.body())
          .matches(status -> status < 500 || status == 503);
      if (answer.status() == 503) {
        assertThat(answer.headers()).containsKey("Retry-After");
      }
      return answer;
    } catch (Killed killed) {
      return null;
    } finally {
      armed.forEach(Armed::close);
      for (int i = 0; i < faults.size(); i++) {
        // What a warm function knows it does not read again; every write is made.
        assertThat(armed.get(i).struck() > 0 || !faults.get(i).call().writes()).as("%s strikes", faults.get(i))
            .isTrue();
      }
    }
  }

  private static Armed arm(Fault fault) {
    AtomicInteger before = new AtomicInteger();
    return Faults.arm(fault.kind(),
        request -> fault.call().is(request) && before.getAndIncrement() == fault.call().before(), 1);
  }

  private static boolean killing(List<Fault> faults) {
    return faults.stream().anyMatch(fault -> fault.kind() == Kind.KILLED_AFTER);
  }

  /** What lies in all places that were written to, but for what is different each time: names, times, ids, digests. */
  private static List<String> stored(String name, Set<Place> places) {
    List<String> lines = new ArrayList<>();
    for (Place place : places) {
      Map<String, AttributeValue> item =
          AWS.dynamo().getItem(get -> get.tableName(place.table()).key(place.key()).consistentRead(true)).item();
      if (!item.isEmpty()) {
        line(table(place.table()), item).map(line -> masked(name, line)).ifPresent(lines::add);
      }
    }
    return lines.stream().sorted().toList();
  }

  private static Table table(String physical) {
    return Table.valueOf(physical.substring(physical.lastIndexOf('-') + 1).toUpperCase(Locale.ROOT));
  }

  private static Optional<String> line(Table table, Map<String, AttributeValue> item) {
    return Optional.ofNullable(switch (Layout.read(table, item)) {
      case Row.State state -> "state " + state.stored().rev() + " " + Json.text(state.stored().entity());
      case Row.Entry entry ->
        "entry " + entry.entry().entity() + " " + entry.entry().rev() + " " + entry.entry().action();
      case Row.Claimed claimed -> "claimed " + claimed.claim();
      case Row.Counter counter -> "head " + counter.head().state();
      case Row.Remembered remembered ->
        "remembered " + remembered.first().status() + " " + remembered.first().entity() + " " + remembered.rev();
      case Row.TermOf term -> "term " + item.get("pk") + " " + term.entity();
      case Row.Points points -> "points of " + points.model();
      case Row.Catalog catalog -> "catalog of " + catalog.model() + " " + catalog.rev();
      // Audited reads tell of every attempt; names and manifests are written before what they are for.
      default -> null;
    });
  }

  private static String masked(String name, String line) {
    // A number is lost with a call that dies between the counter and the version.
    String numbered = line.contains("version:" + name) || line.contains("\"externalId\"")
        ? line.replaceAll(name + ":\\d+", name + ":N").replaceAll("\"version\":\\d+", "\"version\":N")
        : line;
    return numbered.replace(name, "NAME").replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "TIME")
        .replaceAll("[0-9a-f]{64}", "DIGEST").replaceAll("\\b([a-z]{3})_[0-9a-z]{20,}", "$1_ID")
        .replaceAll("#\\d#", "#SHARD#");
  }
}
