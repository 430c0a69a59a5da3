package dev.modelops.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Lets many do something at the same moment, each on a thread of its own. */
public final class Race {

  private Race() {}

  /** What each of so many answered, by its number from 0. */
  public static <T> List<T> of(int runners, IntFunction<T> each) {
    return of(IntStream.range(0, runners).<Callable<T>>mapToObj(i -> () -> each.apply(i)).toList());
  }

  /** What each answered, in the order of the list; fails as the first that failed. */
  public static <T> List<T> of(List<? extends Callable<T>> runners) {
    CountDownLatch start = new CountDownLatch(1);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> runs = runners.stream().map(runner -> threads.submit(() -> {
        start.await();
        return runner.call();
      })).toList();
      start.countDown();
      List<T> answers = new ArrayList<>();
      for (Future<T> run : runs) {
        answers.add(run.get());
      }
      return answers;
    } catch (ExecutionException | InterruptedException failed) {
      throw new AssertionError(failed);
    }
  }
}
