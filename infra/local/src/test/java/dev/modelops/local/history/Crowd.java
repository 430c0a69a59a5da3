package dev.modelops.local.history;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Many clients at once. */
final class Crowd {

  private Crowd() {}

  /**
   * Lets them all work to their end.
   *
   * @param on whether a client that has done so much goes on
   */
  static void run(World world, Api api, int clients, IntPredicate on, long seed, int patience) {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>(IntStream.rangeClosed(1, clients).<Future<?>>mapToObj(
          number -> threads.submit(() -> new Client(world, api, number, seed, patience).run(on))).toList());
      for (Future<?> client : running) {
        client.get();
      }
    } catch (ExecutionException failed) {
      throw new AssertionError("a client failed: " + failed.getCause(), failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new AssertionError(stopped);
    }
  }
}
