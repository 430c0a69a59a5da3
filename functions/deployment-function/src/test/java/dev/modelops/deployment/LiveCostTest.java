package dev.modelops.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.deployment.Environment.Mode;
import dev.modelops.domain.deployment.Slot;
import dev.modelops.testkit.Budget;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What callers poll is one read, whatever has happened in its place. */
class LiveCostTest {

  @RegisterExtension private static final Stage STAGE = new Stage();

  @Test
  void what_is_live_costs_one_strong_read_of_one_unit() {
    String model = STAGE.model(12);
    String place = STAGE.environment(Mode.RECORDED, true);
    STAGE.approve(STAGE.asked(model, 12, place).id()).is(200);
    for (int version = 1; version <= Slot.MOST_OPEN; version++) {
      STAGE.asked(model, version, place);
    }
    String etag = STAGE.live(place, model).etag();

    Budget.Spent read = Budget.of(() -> STAGE.live(place, model).is(200));
    assertThat(read.calls()).hasSize(1);
    assertThat(read.readUnits()).isEqualTo(1);
    Budget.Spent poll = Budget.of(() -> STAGE.engineer().with("If-None-Match", etag)
        .get("/v1/environments/" + place + "/models/" + model + "/live").is(304));
    assertThat(poll.readUnits()).isEqualTo(1);
    assertThat(poll.writeUnits()).isZero();
  }
}
