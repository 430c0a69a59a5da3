package dev.modelops.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.Ref;
import dev.modelops.domain.deployment.Deployment.State;
import dev.modelops.domain.deployment.Environment.Mode;
import dev.modelops.domain.deployment.Slot;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.Faults;
import dev.modelops.testkit.Faults.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;

/** Every call to the store may fail, done or not; a move that is asked for again is made once, all stays in step. */
class FaultsTest {

  @RegisterExtension private static final Stage STAGE = new Stage();
  private static final AtomicInteger KEYS = new AtomicInteger();
  /** Two sandboxes of each: what one was killed at, the other finds. */
  private static final List<DeadlineFunction> DEADLINES = List.of(
      new DeadlineFunction(STAGE.aws.env("DeadlineFunction")), new DeadlineFunction(STAGE.aws.env("DeadlineFunction")));
  private static final List<AutoDeployFunction> AUTOMATA =
      List.of(new AutoDeployFunction(STAGE.aws.env("AutoDeployFunction")),
          new AutoDeployFunction(STAGE.aws.env("AutoDeployFunction")));

  /** What is tried with a fault, and again without, and what must then be true. */
  private record Trial(Runnable first, Runnable again, Runnable check) {}

  /** Makes every single call of the work that the kind concerns fail in turn. */
  private static void everywhere(Kind kind, IntFunction<Trial> trials) {
    int round = 0;
    for (boolean struck = true; struck; round++) {
      Trial trial = trials.apply(round);
      AtomicInteger before = new AtomicInteger(round);
      try (Faults.Armed fault =
          Faults.arm(kind, call -> concerns(kind, call) && before.getAndDecrement() <= 0, 1)) {
        trial.first().run();
        struck = fault.struck() > 0;
      }
      trial.again().run();
      trial.check().run();
    }
    assertThat(round).as("calls that failed, and none").isGreaterThan(1);
  }

  /** A read that is refused, or whose answer is lost, is as good as not sent; whoever dies after it has done nothing. */
  private static boolean concerns(Kind kind, SdkRequest call) {
    return call instanceof TransactWriteItemsRequest || kind == Kind.NOT_SENT && call instanceof DynamoDbRequest;
  }

  private static Trial move(ApiClient client, String path, Object body, Runnable check) {
    ApiClient keyed = client.with("Idempotency-Key", "key-" + KEYS.incrementAndGet());
    return new Trial(() -> assertThat(keyed.post(path, body).status()).isIn(200, 201, 503), () -> {
      Answer again = keyed.post(path, body);
      assertThat(again.status()).as(again.body()).isIn(200, 201);
    }, check);
  }

  @ParameterizedTest
  @EnumSource(names = {"NOT_SENT", "ANSWER_LOST"})
  void a_deployment_that_displaces_others_is_made_once(Kind kind) {
    String place = STAGE.environment(Mode.RECORDED, true);
    everywhere(kind, round -> {
      STAGE.put(place, Mode.RECORDED, true, false, List.of());
      String model = STAGE.model(3);
      STAGE.approve(STAGE.asked(model, 1, place).id()).is(200);
      String waiting = STAGE.asked(model, 2, place).id();
      STAGE.put(place, Mode.RECORDED, false, false, List.of());
      return move(STAGE.engineer(), "/v1/deployments", Stage.wish(model, 3, place), () -> {
        InStep.check(STAGE, place, model);
        assertThat(STAGE.deployment(waiting).state()).isEqualTo(State.SUPERSEDED);
        assertThat(STAGE.actions(Ref.slot(place, model))).hasSize(4);
        assertThat(STAGE.actions(Ref.deployment(live(place, model)))).containsExactly("deployment.live");
      });
    });
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"UNPROCESSED", "PARTLY_PROCESSED"})
  void what_is_overdue_fails_once(Kind kind) {
    String place = STAGE.environment(Mode.REPORTED, false);
    STAGE.put(place, Mode.REPORTED, false, false, List.of(), Duration.ofMillis(1));
    everywhere(kind, round -> {
      String model = STAGE.model(1);
      String id = STAGE.asked(model, 1, place).id();
      return new Trial(() -> orEnded(() -> Stage.invoke(DEADLINES.getFirst(), Map.of())),
          () -> Stage.invoke(DEADLINES.getLast(), Map.of()), () -> {
            InStep.check(STAGE, place, model);
            assertThat(STAGE.actions(Ref.deployment(id))).containsExactly("deployment.deploying", "deployment.failed");
          });
    });
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"UNPROCESSED", "PARTLY_PROCESSED"})
  void what_goes_by_itself_goes_once(Kind kind) {
    String place = STAGE.environment(Mode.RECORDED, false);
    everywhere(kind, round -> {
      String model = automatic(place);
      List<Map<String, Object>> records =
          StreamRecords.of(STAGE.aws).stream().filter(record -> record.toString().contains(model)).toList();
      return new Trial(() -> orEnded(() -> feed(AUTOMATA.getFirst(), records)),
          () -> assertThat(feed(AUTOMATA.getLast(), records)).isFalse(), () -> wentOnce(place, model));
    });
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = {"UNPROCESSED", "PARTLY_PROCESSED"})
  void what_is_caught_up_with_goes_once(Kind kind) {
    String place = STAGE.environment(Mode.RECORDED, false);
    Map<String, String> catchUp = Map.of("source", "modelops.catch-up");
    everywhere(kind, round -> {
      String model = automatic(place);
      return new Trial(() -> orEnded(() -> Stage.invoke(AUTOMATA.getFirst(), catchUp)),
          () -> Stage.invoke(AUTOMATA.getLast(), catchUp), () -> wentOnce(place, model));
    });
  }

  /** A model with a version that nobody has asked for, to go by itself. */
  private static String automatic(String place) {
    String model = STAGE.model(1);
    STAGE.engineer().ifMatch("\"0\"").put(setting(place, model), Map.of("enabled", true)).is(200);
    return model;
  }

  /** Whether it is live, by one deployment. It is switched off then, so that no later run has more calls to make. */
  private static void wentOnce(String place, String model) {
    InStep.check(STAGE, place, model);
    assertThat(STAGE.actions(Ref.deployment(live(place, model)))).containsExactly("deployment.live");
    assertThat(STAGE.actions(Ref.slot(place, model)))
        .containsExactly("slot.auto-deploy-enabled", "slot.live-changed");
    String etag = STAGE.engineer().get(setting(place, model)).is(200).etag();
    STAGE.engineer().ifMatch(etag).put(setting(place, model), Map.of("enabled", false)).is(200);
  }

  private static String setting(String place, String model) {
    return "/v1/environments/" + place + "/models/" + model + "/auto-deploy";
  }

  private static boolean feed(AutoDeployFunction function, List<Map<String, Object>> records) {
    return !Stage.invoke(function, Map.of("Records", records)).at("/batchItemFailures").isEmpty();
  }

  private static void orEnded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Faults.Killed ended) {
      // Logged, and the next tick or the next sandbox does what was left.
    }
  }

  private static String live(String place, String model) {
    Slot.Live live = Objects.requireNonNull(STAGE.slot(place, model).live());
    return live.deployment();
  }
}
