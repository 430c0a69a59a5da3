package dev.modelops.local.history;

import dev.modelops.deployment.DeadlineFunction;
import dev.modelops.embedded.TestAws;
import dev.modelops.local.function.FunctionFailed;
import dev.modelops.local.function.MountedFunction;
import dev.modelops.local.schedule.ScheduleDriver;
import dev.modelops.registry.ExpiryFunction;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * The schedules that end what takes too long, several times a second, with clocks so far ahead that it takes too long
 * within a history.
 */
final class Ticks implements AutoCloseable {

  /** The shortest that an environment can have. */
  static final Duration TIME_LIMIT = Duration.ofMinutes(1);
  /** What is left of it, and of the time of an upload. */
  static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration PENDING_TIME = Duration.ofHours(24);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private final Thread thread;

  Ticks(TestAws aws) {
    List<MountedFunction> functions = List.of(
        new MountedFunction("DeadlineFunction",
            new DeadlineFunction(aws.env("DeadlineFunction"), ahead(TIME_LIMIT)), Duration.ofSeconds(60), 512),
        new MountedFunction("ExpiryFunction", new ExpiryFunction(aws.env("ExpiryFunction"), ahead(PENDING_TIME)),
            Duration.ofSeconds(60), 512));
    thread = Thread.ofVirtual().name("ticks").start(() -> run(functions));
  }

  private static Clock ahead(Duration limit) {
    return Clock.offset(Clock.systemUTC(), limit.minus(PATIENCE));
  }

  private static void run(List<MountedFunction> functions) {
    try {
      while (true) {
        for (MountedFunction function : functions) {
          try {
            function.invoke(ScheduleDriver.event(Instant.now(), UUID.randomUUID().toString()));
          } catch (FunctionFailed again) {
            // What one tick leaves the next one does.
          }
        }
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException stop) {
      // That is how it ends.
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
