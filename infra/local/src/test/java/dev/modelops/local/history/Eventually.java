package dev.modelops.local.history;

import java.io.IOException;

/** Waits for what the system does by itself, and for all of it no longer than a minute. */
final class Eventually {

  private static final int PATIENCE = 240;
  private static final int PAUSE_MILLIS = 250;

  private int left = PATIENCE;

  /** What is to become true. */
  interface Question {
    boolean holds() throws IOException;
  }

  /** Whether it has become true. */
  boolean holds(Question question) throws IOException, InterruptedException {
    while (!question.holds()) {
      if (left-- <= 0) {
        return false;
      }
      Thread.sleep(PAUSE_MILLIS);
    }
    return true;
  }
}
