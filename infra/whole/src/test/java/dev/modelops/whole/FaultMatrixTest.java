package dev.modelops.whole;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.checker.Checker;
import dev.modelops.embedded.TestAws;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.Faults;
import dev.modelops.testkit.Faults.Armed;
import dev.modelops.testkit.Faults.Killed;
import dev.modelops.testkit.Faults.Kind;
import dev.modelops.testkit.Functions;
import dev.modelops.testkit.Operations;
import dev.modelops.testkit.Writes;
import dev.modelops.testkit.Writes.Ask;
import dev.modelops.whole.CallTrace.Call;
import dev.modelops.whole.CallTrace.Trace;
import dev.modelops.whole.Readings.Reading;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/**
 * Every operation, every call to AWS that it makes, every way in which that call can fail: whoever sends the request again,
 * as a client does, has it done once. No answer but 503 says that something failed; what is stored in the end is what is
 * stored without a fault; and nothing is wrong with the store.
 */
class FaultMatrixTest {

  private static final TestAws AWS = TestAws.fresh();
  private static final Writes WRITES = new Writes(new Functions(AWS)::get);
  /** Two sandboxes of every function: when one is killed, the other is asked. */
  private static final List<Functions> SANDBOXES = List.of(new Functions(AWS), new Functions(AWS));
  /** How often an attempt is made anew that a busy machine has failed by itself. */
  private static final int PATIENCE = 3;
  private static final List<Kind> REFUSALS = List.of(Kind.NOT_SENT, Kind.THROTTLED, Kind.ITEM_THROTTLED,
      Kind.IN_PROGRESS, Kind.MISMATCHED, Kind.CONFLICT);
  private static final AtomicInteger NAMES = new AtomicInteger();
  private static final AtomicInteger ADDRESSES = new AtomicInteger();
  private static final Readings READINGS = readings();

  @AfterAll
  static void nothingIsWrongWithWhatIsStored() {
    Checker.assertSound(AWS);
    AWS.close();
  }

  static Set<String> writing() {
    return WRITES.operations();
  }

  private static Readings readings() {
    Readings readings = new Readings(WRITES, name());
    Deliveries.to(SANDBOXES.getFirst().get("RollupFunction"),
        AWS.dynamo().scan(scan -> scan.tableName(AWS.physicalName("MetricsTable"))).items().stream()
            .filter(item -> item.get("pk").s().startsWith("b#")).toList());
    return readings;
  }

  static Stream<Reading> reading() {
    return READINGS.all();
  }

  /** What a request came to: the answer, the calls that it took, and what is stored. */
  private record Course(Answer answer, List<Call> calls, List<String> stored) {
    boolean wrote() {
      return calls.stream().anyMatch(Call::writes);
    }

    /** What was read when the change was written. */
    List<Call> readsAfterIt() {
      return calls.stream().dropWhile(call -> !(call.request() instanceof TransactWriteItemsRequest))
          .filter(call -> !call.writes()).toList();
    }
  }

  /** A call, and how it fails. */
  private record Fault(Kind kind, Call call) {}

  @Test
  void everyOperationThatWritesHasItsCase() {
    Stream<String> byMethod = Operations.all().stream().filter(operation -> !operation.method().equals("GET"))
        .map(Operations.Operation::id);
    // Some that are asked by GET keep a record of it, in one form or another.
    Stream<String> byTrace = reading().filter(reading -> course(reading.operation(), reading.ask(), List.of()).wrote())
        .map(Reading::operation);
    assertThat(WRITES.operations())
        .containsExactlyInAnyOrderElementsOf(Stream.concat(byMethod, byTrace).distinct().toList());
  }

  @ParameterizedTest
  @MethodSource("writing")
  void aRequestIsDoneOnceWhateverCallFails(String operation) {
    Course calm = course(operation, asked(operation), List.of());
    assertThat(calm.answer().status()).as(calm.answer().body()).isBetween(200, 299);
    assertThat(calm.readsAfterIt()).as("what is done could fail by what is read then").isEmpty();
    List<Call> writes = calm.calls().stream().filter(Call::writes).toList();
    unread(calm, refused(writes)).forEach(attempts -> compare(operation, calm, attempts));
    for (Call write : writes) {
      // Whoever is killed between two calls is killed after the last that wrote: reads leave nothing.
      Stream.of(Kind.ANSWER_LOST, Kind.KILLED_AFTER)
          .forEach(kind -> compare(operation, calm, List.of(List.of(new Fault(kind, write)))));
    }
  }

  private static void compare(String operation, Course calm, List<List<Fault>> attempts) {
    String where = operation + " with " + attempts;
    Course course = course(operation, asked(operation), attempts);
    Set<Integer> well = new HashSet<>(Set.of(calm.answer().status()));
    if (!attempts.isEmpty() && killing(attempts.getLast())) {
      well.addAll(doneAlready(operation));
    }
    assertThat(course.answer().status()).as("%s: %s", where, course.answer().body()).isIn(well);
    assertThat(course.stored()).as(where).isEqualTo(calm.stored());
  }

  @ParameterizedTest
  @MethodSource("reading")
  void whoAsksAgainIsAnsweredAsIfNoReadHadFailed(Reading reading) {
    Course calm = course(reading.operation(), reading.ask(), List.of());
    assertThat(calm.answer().status()).as(calm.answer().body()).isEqualTo(200);
    unread(calm, List.of()).forEach(attempts -> {
      Answer answer = course(reading.operation(), reading.ask(), attempts).answer();
      assertThat(answer.status()).as("%s with %s: %s", reading, attempts, answer.body()).isEqualTo(200);
      assertThat(said(reading, answer)).as("%s with %s", reading, attempts).isEqualTo(said(reading, calm.answer()));
    });
  }

  private static String said(Reading reading, Answer answer) {
    return Leavings.masked(reading.ask().name(), answer.body());
  }

  /**
   * The faults of courses in which reads fail, or writes are refused. As long as nothing is done, each attempt of one
   * course may fail at another call, or in another way; what DynamoDB leaves out of a batch is no end of an attempt.
   *
   * @param refusals attempts in which a write is not made
   */
  private static List<List<List<Fault>>> unread(Course calm, List<List<Fault>> refusals) {
    List<List<Fault>> together = new ArrayList<>();
    List<List<List<Fault>>> courses = new ArrayList<>(List.of(together));
    boolean written = false;
    for (Call call : calm.calls()) {
      if (call.writes()) {
        written = true;
        continue;
      }
      for (Kind kind : List.of(Kind.NOT_SENT, Kind.THROTTLED)) {
        if (written) {
          courses.add(List.of(List.of(new Fault(kind, call))));
        } else {
          together.add(List.of(new Fault(kind, call)));
        }
      }
      Stream.of(Kind.UNPROCESSED, Kind.PARTLY_PROCESSED).filter(kind -> kind.strikes(call.request()))
          .forEach(kind -> courses.add(List.of(List.of(new Fault(kind, call)))));
    }
    together.addAll(refusals);
    return courses;
  }

  /**
   * Attempts in which writes are not made, in every way. What ends an attempt has one of its own; what is tried again
   * within an attempt is met in the first one that gets beyond it.
   */
  private static List<List<Fault>> refused(List<Call> writes) {
    List<List<Fault>> attempts = new ArrayList<>();
    List<Fault> met = new ArrayList<>();
    for (Call write : writes) {
      boolean transaction = write.request() instanceof TransactWriteItemsRequest;
      List<Fault> absorbed = new ArrayList<>();
      for (Kind kind : REFUSALS) {
        Fault fault = new Fault(kind, write);
        if (!kind.strikes(write.request())) {
          continue;
        }
        if (transaction || kind == Kind.CONFLICT) {
          absorbed.add(fault);
        } else {
          met.add(fault);
          attempts.add(List.copyOf(met));
          met.clear();
        }
      }
      met.addAll(absorbed);
    }
    attempts.add(List.copyOf(met));
    return attempts;
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

  private static String name() {
    return "w%04dq".formatted(NAMES.incrementAndGet());
  }

  /** The request in a world of its own. */
  private static Ask asked(String operation) {
    Ask ask = WRITES.prepare(operation, name());
    return Operations.byId(operation).parameters("header").stream()
        .anyMatch(header -> header.path("name").asString().equals("Idempotency-Key"))
            ? ask.with("Idempotency-Key", ask.name())
            : ask;
  }

  /** Sends a request until it is answered; its first attempts meet these faults, every one. */
  private static Course course(String operation, Ask asked, List<List<Fault>> faults) {
    Ask ask = asked;
    try (Trace trace = CallTrace.open()) {
      @Nullable Answer answer = null;
      int attempts = 0;
      for (; attempts <= faults.size() && (answer == null || answer.status() == 503); attempts++) {
        boolean faulty = attempts < faults.size();
        if (faulty || attempts == 0) {
          // From where nobody has come before: it is looked up, and written down. The last attempt finds it half done.
          ask = ask.from("2001:db8::" + Integer.toHexString(ADDRESSES.incrementAndGet()));
        }
        answer = attempt(operation, ask, SANDBOXES.get(attempts % 2), faulty ? faults.get(attempts) : List.of());
      }
      assertThat(attempts).as("attempts of %s with %s", operation, faults).isGreaterThanOrEqualTo(faults.size());
      return new Course(Objects.requireNonNull(answer), trace.calls(),
          Leavings.of(AWS, ask.name(), trace.places()));
    }
  }

  /** One attempt, in which every fault strikes; null when the function was killed. */
  private static @Nullable Answer attempt(String operation, Ask ask, Functions sandbox, List<Fault> faults) {
    for (int left = PATIENCE;; left--) {
      List<Armed> armed = faults.stream().map(FaultMatrixTest::arm).toList();
      @Nullable Answer answer;
      try {
        answer = answer(operation, ask, sandbox, faults);
      } finally {
        armed.forEach(Armed::close);
      }
      List<Fault> idle = IntStream.range(0, faults.size()).filter(i -> armed.get(i).struck() == 0)
          .mapToObj(faults::get).toList();
      // Where a machine is so busy that a call takes too long, that failed first.
      boolean byItself = !idle.isEmpty() && answer != null && answer.status() == 503;
      if (!byItself || left == 0) {
        assertThat(idle).as("faults that do not strike in %s", operation).isEmpty();
        return answer;
      }
    }
  }

  private static @Nullable Answer answer(String operation, Ask ask, Functions sandbox, List<Fault> faults) {
    try {
      Answer answer = Writes.send(sandbox::get, ask, operation);
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
}
