package dev.modelops.store.dynamodb;

import dev.modelops.domain.change.Unavailable;
import java.time.Duration;
import java.util.Random;

/** The wait before another attempt: longer after each, and by chance, so that those who met do not meet again. */
record Pause(Duration length) {

  private static final long FIRST = 15;
  private static final long LONGEST = 600;

  /** @param attempts how many have failed, at least one */
  static Pause after(int attempts) {
    long most = Math.min(LONGEST, FIRST << Math.min(attempts - 1, 6));
    // Of its own: one that was alive in a snapshot would make every copy pause alike, and meet the others again.
    return new Pause(Duration.ofMillis(new Random().nextLong(1, most + 1)));
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
