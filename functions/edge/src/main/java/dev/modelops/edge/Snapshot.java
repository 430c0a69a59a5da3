package dev.modelops.edge;

import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/**
 * SnapStart: before the snapshot a function runs what its first call would run, so that no caller waits for class
 * loading; before the snapshot and after a restore everything that must not be the same in every copy is forgotten.
 * Neither may ever keep a function from starting.
 */
public final class Snapshot implements Resource {
  private final Runnable prime;
  private final Runnable forget;

  private Snapshot(Runnable prime, Runnable forget) {
    this.prime = prime;
    this.forget = forget;
  }

  /**
   * Registers the hooks of a function, after those of its clients: hooks run in the reverse order. The registry holds
   * them weakly: who registers keeps what comes back.
   *
   * @param prime only reads
   */
  public static Snapshot register(Runnable prime, Runnable forget) {
    Snapshot snapshot = new Snapshot(prime, forget);
    Core.getGlobalContext().register(snapshot);
    return snapshot;
  }

  @Override
  public void beforeCheckpoint(Context<? extends Resource> context) {
    attempt("priming", prime);
    forget.run();
    attempt("forgetting signing keys", SigningKeys::forget);
  }

  @Override
  public void afterRestore(Context<? extends Resource> context) {
    forget.run();
  }

  private static void attempt(String what, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | LinkageError failed) {
      System.out.println("{\"level\":\"warn\",\"message\":\"" + what + " failed\",\"error\":\""
          + failed.getClass().getName() + "\"}");
    }
  }
}
