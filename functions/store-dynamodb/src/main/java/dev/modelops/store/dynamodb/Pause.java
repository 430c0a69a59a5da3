package dev.modelops.store.dynamodb;

import dev.modelops.domain.change.Unavailable;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** The wait before another attempt: longer after each, and by chance, so that those who met do not meet again. */
record Pause(Duration length) {

  private static final long FIRST = 15;
  private static final long LONGEST = 600;

  /** @param attempts how many have failed, at least one */
  static Pause after(int attempts) {
    long most = Math.min(LONGEST, FIRST << Math.min(attempts - 1, 6));
    return new Pause(Duration.ofMillis(ThreadLocalRandom.current().nextLong(1, most + 1)));
  }

  void take() {
    try {
      Thread.sleep(length);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted while waiting to try again", e);
    }
  }
}
