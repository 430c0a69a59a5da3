package dev.modelops.local;

import dev.modelops.embedded.Emulators;
import dev.modelops.embedded.StartException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;

/** Starts DynamoDB Local or S3Mock again when one of them dies, on its data and port, but not for ever. */
final class Revival {
  private static final int MOST = 5;
  private static final Duration WITHIN = Duration.ofMinutes(5);
  /** At Ctrl-C the terminal tells all processes at once; a death is news only when nobody asked for it. */
  private static final Duration HESITATION = Duration.ofMillis(300);

  private final Emulators emulators;
  private final Console console;
  private final BooleanSupplier closing;
  private final Deque<Instant> deaths = new ArrayDeque<>();

  Revival(Emulators emulators, Console console, BooleanSupplier closing) {
    this.emulators = emulators;
    this.console = console;
    this.closing = closing;
  }

  void watch() {
    emulators.death().thenAccept(sentence -> Thread.ofVirtual().name("revival").start(() -> revive(sentence)));
  }

  private void revive(String death) {
    try {
      Thread.sleep(HESITATION);
      if (closing.getAsBoolean()) {
        return;
      }
      Instant now = Instant.now();
      deaths.removeIf(before -> before.plus(WITHIN).isBefore(now));
      deaths.add(now);
      if (deaths.size() > MOST) {
        console.complain(death + ". It died " + deaths.size() + " times within " + WITHIN.toMinutes()
            + " minutes and is left alone: end this runtime, look at the log, and start again.");
        return;
      }
      console.say(death.replaceFirst("; the last lines of .*", "") + "; starting it again on its data");
      emulators.revive(console::say);
      watch();
    } catch (StartException e) {
      console.complain(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
