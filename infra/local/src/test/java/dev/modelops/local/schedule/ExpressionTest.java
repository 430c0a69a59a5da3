package dev.modelops.local.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Against "Schedule types in EventBridge Scheduler" of its user guide. */
final class ExpressionTest {
  @ParameterizedTest
  @CsvSource(delimiter = '|', value = {
      "rate(1 minute)                   | 2026-11-23T14:00:00Z     | 2026-11-23T14:01:00Z",
      "rate(1 minute)                   | 2026-11-23T14:00:59.999Z | 2026-11-23T14:01:00Z",
      "rate(15 minutes)                 | 2026-11-23T14:07:00Z     | 2026-11-23T14:15:00Z",
      "rate(1 hour)                     | 2026-11-23T14:07:00Z     | 2026-11-23T15:00:00Z",
      "rate(7 days)                     | 2026-11-23T14:07:00Z     | 2026-11-26T00:00:00Z",
      "cron(0 10 * * ? *)               | 2026-11-23T14:07:00Z     | 2026-11-24T10:00:00Z",
      "cron(15 12 * * ? *)              | 2026-11-23T12:14:59Z     | 2026-11-23T12:15:00Z",
      "cron(0 18 ? * MON-FRI *)         | 2026-11-20T19:00:00Z     | 2026-11-23T18:00:00Z",
      "cron(0 8 1 * ? *)                | 2026-11-23T14:07:00Z     | 2026-12-01T08:00:00Z",
      "cron(0/15 * * * ? *)             | 2026-11-23T14:07:00Z     | 2026-11-23T14:15:00Z",
      "cron(0/10 * ? * MON-FRI *)       | 2026-11-27T23:55:00Z     | 2026-11-30T00:00:00Z",
      "cron(0/5 8-17 ? * 2-6 *)         | 2026-11-23T17:58:00Z     | 2026-11-24T08:00:00Z",
      "cron(0 0 L * ? *)                | 2027-02-01T00:00:00Z     | 2027-02-28T00:00:00Z",
      "cron(30 6 29 FEB ? *)            | 2026-11-23T14:07:00Z     | 2028-02-29T06:30:00Z",
      "cron(0 0 1 1 ? 2030,2032)        | 2030-06-01T00:00:00Z     | 2032-01-01T00:00:00Z",
  })
  void ticksWhenTheGuideSaysSo(String expression, Instant after, Instant next) {
    assertThat(Expression.parse(expression).next(after)).isEqualTo(next);
  }

  @Test
  void anExpressionOfThePastNeverTicksAgain() {
    assertThat(Expression.parse("cron(0 0 1 1 ? 2020)").next(Instant.parse("2026-01-01T00:00:00Z")))
        .isEqualTo(Instant.MAX);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "rate(0 minutes)", "rate(5 seconds)", "rate(minute)", "at(2026-01-01T00:00:00)",
      "cron(0 10 * * *)", "cron(0 10 * * * *)", "cron(0 10 ? * ? *)", "cron(60 10 * * ? *)", "cron(0 10 1W * ? *)",
      "cron(0 10 ? * 6#3 *)", "cron(0 17-8 * * ? *)", "cron(0/0 * * * ? *)"})
  void whatIsNotUnderstoodIsRefused(String expression) {
    assertThatIllegalArgumentException().isThrownBy(() -> Expression.parse(expression));
  }

  @Test
  void aScheduleWithoutInputSendsASchedulersEvent() {
    JsonNode event =
        JsonMapper.shared().readTree(ScheduleDriver.event(Instant.parse("2026-11-23T14:07:00.123Z"), "id"));

    assertThat(event.get("source").asString()).isEqualTo("aws.scheduler");
    assertThat(event.get("detail-type").asString()).isEqualTo("Scheduled Event");
    assertThat(event.get("time").asString()).isEqualTo("2026-11-23T14:07:00Z");
    assertThat(event.get("detail").asString()).isEqualTo("{}");
  }
}
