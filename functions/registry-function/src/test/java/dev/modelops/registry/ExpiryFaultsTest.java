package dev.modelops.registry;

import static dev.modelops.registry.Registry.file;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.Ref;
import dev.modelops.domain.audit.AuditEntry;
import dev.modelops.testkit.Faults;
import dev.modelops.testkit.Faults.Kind;
import dev.modelops.testkit.TestContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/** Every call of a tick may fail, done or not; the next tick does what was left, and each version expires once. */
class ExpiryFaultsTest {

  @RegisterExtension private static final Registry REGISTRY = new Registry();
  /** Two sandboxes: what one was killed at, the other finds. */
  private static final ExpiryFunction FIRST = new ExpiryFunction(REGISTRY.aws.env("ExpiryFunction"));
  private static final ExpiryFunction NEXT = new ExpiryFunction(REGISTRY.aws.env("ExpiryFunction"));
  private static final int DUE = 2;
  /** What a tick is given that is to run out of time, in milliseconds; more where that is not enough to come so far. */
  private static final int SHORT = 300;
  private static final int LONG = 20_000;

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"UNPROCESSED", "PARTLY_PROCESSED"})
  void each_version_expires_once_whichever_call_fails(Kind kind) throws IOException {
    everywhere(kind, 1);
  }

  @ParameterizedTest
  @EnumSource(names = {"NOT_SENT", "ANSWER_LOST", "THROTTLED", "CONFLICT"})
  void each_version_expires_once_wherever_a_tick_gets_no_further(Kind kind) throws IOException {
    everywhere(kind, Integer.MAX_VALUE);
  }

  /** @param times how many calls fail, from the first to the last of a tick */
  private static void everywhere(Kind kind, int times) throws IOException {
    int call = 0;
    int millis = SHORT;
    for (boolean over = false; !over;) {
      String model =
          due("e-" + kind.name().toLowerCase(Locale.ROOT) + "-" + Math.min(times, 2) + "-" + call + "-" + millis);
      AtomicInteger before = new AtomicInteger(call);
      boolean struck;
      try (Faults.Armed fault =
          Faults.arm(kind, request -> concerns(kind, request) && before.getAndDecrement() <= 0, times)) {
        try {
          // Only what fails for good has to run out of time.
          tick(FIRST, times == 1 ? new TestContext() : new TestContext(millis));
        } catch (RuntimeException | Faults.Killed failed) {
          // Lambda counts it, and the schedule goes on.
        }
        struck = fault.struck() > 0;
      }
      over = !struck && expired(model);
      tick(NEXT, new TestContext());
      for (int version = 1; version <= DUE; version++) {
        assertThat(actions(model, version)).as("%s from call %d on, version %d", kind, call + 1, version)
            .containsExactly("version.created", "version.held", "version.expired");
      }
      if (struck) {
        call++;
      } else if (!over) {
        // A machine so busy that the tick was over before it came so far.
        millis *= 2;
        assertThat(millis).as("milliseconds that were not enough for a tick").isLessThan(LONG);
      }
    }
    assertThat(call).as("calls that failed").isGreaterThanOrEqualTo(DUE);
  }

  private static boolean expired(String model) {
    return IntStream.rangeClosed(1, DUE).allMatch(version -> actions(model, version).contains("version.expired"));
  }

  private static List<String> actions(String model, int version) {
    return REGISTRY.chain(Ref.version(model, version)).stream().map(AuditEntry::action).toList();
  }

  /** A read whose answer is lost was as good as not sent, and whoever dies after a read has done nothing since. */
  private static boolean concerns(Kind kind, SdkRequest request) {
    return request instanceof TransactWriteItemsRequest || kind == Kind.NOT_SENT && request instanceof DynamoDbRequest;
  }

  /** A model with versions that nobody finalised in time. */
  private static String due(String model) {
    REGISTRY.model(model);
    for (int version = 1; version <= DUE; version++) {
      REGISTRY.engineer()
          .post("/v1/models/" + model + "/versions", Map.of("artifacts", List.of(file("a", "" + version)))).is(201);
      REGISTRY.change(model, version, ArtifactsTest::due);
    }
    return model;
  }

  private static void tick(ExpiryFunction function, TestContext context) throws IOException {
    function.handleRequest(new ByteArrayInputStream("{}".getBytes()), new ByteArrayOutputStream(), context);
  }
}
