package dev.modelops.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.testkit.Budget;
import dev.modelops.testkit.Budget.Spent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What it costs to know a caller. The gateway remembers each answer for half a minute, and asks nothing meanwhile. */
class AuthorizerCostTest {

  @RegisterExtension private static final AuthorizerStage STAGE = new AuthorizerStage();

  private static Spent asked(String token) {
    return Budget.of(() -> {
      try {
        STAGE.accepted(token);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    });
  }

  private static void assertCost(Spent spent, double reads, double writes) {
    assertThat(spent.readUnits()).as("read units").isEqualTo(reads);
    assertThat(spent.writeUnits()).as("write units").isEqualTo(writes);
  }

  @Test
  void an_api_token_costs_one_read_unit_and_a_write_unit_when_it_is_the_first_use_of_a_day() {
    String token = STAGE.issued(Duration.ofDays(90)).text();
    assertCost(asked(token), 1, 1);
    assertCost(asked(token), 1, 0);
    STAGE.clock.advance(Duration.ofDays(1));
    assertCost(asked(token), 1, 1);
  }

  @Test
  void a_jwt_costs_one_read_unit_in_half_a_minute_whoever_it_is_of_and_two_the_first_time() throws Exception {
    // Whose an issuer is, who that is, and the subject's name.
    assertCost(asked(STAGE.github.signed(STAGE.workflow(STAGE.github).subject("first").build())), 2, 1);
    assertCost(asked(STAGE.github.signed(STAGE.workflow(STAGE.github).subject("first").build())), 0, 0);
    assertCost(asked(STAGE.github.signed(STAGE.workflow(STAGE.github).subject("second").build())), 0, 1);
    STAGE.clock.advance(Providers.REMEMBERED);
    assertCost(asked(STAGE.github.signed(STAGE.workflow(STAGE.github).subject("second").build())), 1, 0);
  }

  @Test
  void what_is_no_token_costs_nothing() {
    assertCost(Budget.of(() -> {
      try {
        STAGE.refused("mop_mistyped");
        STAGE.refused("eyJhbGciOiJub25lIn0.e30.");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }), 0, 0);
  }
}
