package dev.modelops.local.schedule;

import dev.modelops.embedded.LocalAws;
import dev.modelops.embedded.Template.Schedule;
import dev.modelops.local.function.FunctionFailed;
import dev.modelops.local.function.MountedFunction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Calls a function by its schedule. A tick that comes while the function still runs is left out; a failed one is not
 * repeated: the next tick is the retry.
 */
public final class ScheduleDriver implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);

  private final Schedule schedule;
  private final Expression expression;
  private final MountedFunction function;
  private final Thread thread;

  /**
   * Starts waiting for the first tick.
   *
   * @throws IllegalArgumentException when the expression is not understood
   */
  public static ScheduleDriver start(Schedule schedule, MountedFunction function) {
    ScheduleDriver driver = new ScheduleDriver(schedule, function);
    driver.thread.start();
    return driver;
  }

  private ScheduleDriver(Schedule schedule, MountedFunction function) {
    this.schedule = schedule;
    this.expression = Expression.parse(schedule.expression());
    this.function = function;
    this.thread = Thread.ofVirtual().name("schedule " + function.name() + "." + schedule.name()).unstarted(this::run);
  }

  private void run() {
    try {
      while (true) {
        Instant tick = expression.next(Instant.now());
        // In short sleeps, because clocks are set and machines are put to sleep.
        for (Instant now = Instant.now(); now.isBefore(tick); now = Instant.now()) {
          Duration left = Duration.between(now, tick);
          Thread.sleep(left.compareTo(LONGEST_SLEEP) < 0 ? left.plusMillis(1) : LONGEST_SLEEP);
        }
        tick(tick);
      }
    } catch (InterruptedException stop) {
      // That is how it ends.
    }
  }

  private void tick(Instant at) {
    try {
      function.invoke(schedule.input().map(input -> input.getBytes(StandardCharsets.UTF_8))
          .orElseGet(() -> event(at, UUID.randomUUID().toString())));
    } catch (FunctionFailed failed) {
      failed.printStackTrace();
    }
  }

  /** What EventBridge Scheduler sends when the schedule has no input. */
  public static byte[] event(Instant at, String id) {
    ObjectNode event = JSON.createObjectNode();
    event.put("version", "0");
    event.put("id", id);
    event.put("detail-type", "Scheduled Event");
    event.put("source", "aws.scheduler");
    event.put("account", "000000000000");
    event.put("time", at.truncatedTo(ChronoUnit.SECONDS).toString());
    event.put("region", LocalAws.REGION);
    event.putArray("resources");
    event.put("detail", "{}");
    return JSON.writeValueAsBytes(event);
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(3));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
