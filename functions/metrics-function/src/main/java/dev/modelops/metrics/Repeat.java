package dev.modelops.metrics;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Doing things again, and doing many at once. */
final class Repeat {

  private static final int ATTEMPTS = 12;
  /** How many items {@link #forEach} works on at a time; bound to 1, everything happens in one fixed order. */
  static final ScopedValue<Integer> AT_ONCE = ScopedValue.newInstance();

  private static final int USUALLY_AT_ONCE = 16;
  private static final int LONGEST_PAUSE_MILLIS = 200;

  private Repeat() {}

  /** Tries until it succeeds, with a random pause in between. */
  static void until(String what, BooleanSupplier attempt) {
    for (int i = 0; i < ATTEMPTS; i++) {
      if (attempt.getAsBoolean()) {
        return;
      }
      pause(Math.min(LONGEST_PAUSE_MILLIS, 4 << i));
    }
    throw new IllegalStateException("Others kept writing: " + what);
  }

  /** Runs for each item, some at a time, and waits for all; the first failure is thrown when all have ended. */
  static <T> void forEach(Collection<T> items, Consumer<T> action) {
    int atOnce = AT_ONCE.orElse(USUALLY_AT_ONCE);
    if (items.size() == 1 || atOnce == 1) {
      items.forEach(action);
      return;
    }
    Semaphore permits = new Semaphore(atOnce);
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (T item : items) {
        running.add(threads.submit(() -> {
          permits.acquireUninterruptibly();
          try {
            action.accept(item);
          } finally {
            permits.release();
          }
        }));
      }
    }
    running.forEach(Repeat::join);
  }

  private static void join(Future<?> future) {
    try {
      future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  private static void pause(int atMost) {
    try {
      Thread.sleep(1 + new Random().nextInt(atMost));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }
}
