package dev.modelops.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.Ref;
import dev.modelops.domain.audit.AuditEntry;
import dev.modelops.domain.deployment.Deployment.State;
import dev.modelops.domain.deployment.Environment.Mode;
import dev.modelops.testkit.Race;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DeadlineTest {

  @RegisterExtension private static final Stage STAGE = new Stage();
  private static final DeadlineFunction FUNCTION = new DeadlineFunction(STAGE.aws.env("DeadlineFunction"));
  private static final Map<String, Object> TICK = Map.of("source", "aws.scheduler");

  @Test
  void what_nobody_reports_in_time_fails_as_a_ledgered_change_and_a_late_report_is_refused() {
    String model = STAGE.model(1);
    String place = STAGE.environment(Mode.REPORTED, false);
    STAGE.put(place, Mode.REPORTED, false, false, List.of(), Duration.ofMillis(1));
    String id = STAGE.asked(model, 1, place).id();
    Stage.invoke(FUNCTION, TICK);

    assertThat(STAGE.deployment(id).state()).isEqualTo(State.FAILED);
    AuditEntry entry = STAGE.auditLog.chain(Ref.deployment(id), 2, 1).items().getFirst();
    assertThat(entry.actor()).isEqualTo("system:deadline");
    assertThat(entry.action()).isEqualTo("deployment.failed");
    STAGE.report(id, "live").is(409).isProblem("illegal-move");
    InStep.check(STAGE, place, model);
    STAGE.asked(model, 1, place);
  }

  @Test
  void what_is_reported_or_not_due_stays() {
    String model = STAGE.model(1);
    String place = STAGE.environment(Mode.REPORTED, false);
    String notDue = STAGE.asked(model, 1, place).id();
    String other = STAGE.model(1);
    STAGE.put(place, Mode.REPORTED, false, false, List.of(), Duration.ofMillis(1));
    String reported = STAGE.asked(other, 1, place).id();
    STAGE.report(reported, "live").is(200);
    Stage.invoke(FUNCTION, TICK);

    assertThat(STAGE.deployment(notDue).state()).isEqualTo(State.DEPLOYING);
    assertThat(STAGE.deployment(reported).state()).isEqualTo(State.LIVE);
  }

  @Test
  void ticks_and_a_report_at_once_end_it_once() {
    String place = STAGE.environment(Mode.REPORTED, false);
    STAGE.put(place, Mode.REPORTED, false, false, List.of(), Duration.ofMillis(1));
    for (int round = 0; round < 5; round++) {
      String model = STAGE.model(1);
      String id = STAGE.asked(model, 1, place).id();
      List<Integer> answers = Race.of(List.of(() -> STAGE.report(id, "live").status(), () -> {
        Stage.invoke(FUNCTION, TICK);
        return 0;
      }, () -> {
        Stage.invoke(FUNCTION, TICK);
        return 0;
      }));

      State state = STAGE.deployment(id).state();
      assertThat(state).isEqualTo(answers.getFirst() == 200 ? State.LIVE : State.FAILED);
      assertThat(STAGE.actions(Ref.deployment(id))).hasSize(2);
      InStep.check(STAGE, place, model);
    }
  }
}
