package dev.modelops.edge;

import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/**
 * SnapStart: before the snapshot one request is run, so that the first caller does not wait for class loading; after a
 * restore everything that must not be the same in every copy is forgotten. Neither may ever keep a function from
 * starting.
 */
final class Snapshot implements Resource {
  private final Runnable prime;
  private final Runnable forget;

  private Snapshot(Runnable prime, Runnable forget) {
    this.prime = prime;
    this.forget = forget;
  }

  static Snapshot register(Runnable prime, Runnable forget) {
    Snapshot snapshot = new Snapshot(prime, forget);
    Core.getGlobalContext().register(snapshot);
    return snapshot;
  }

  @Override
  public void beforeCheckpoint(Context<? extends Resource> context) {
    try {
      prime.run();
    } catch (RuntimeException | LinkageError failed) {
      System.out.println("{\"level\":\"warn\",\"message\":\"priming failed\",\"error\":\""
          + failed.getClass().getName() + "\"}");
    } finally {
      forget.run();
    }
  }

  @Override
  public void afterRestore(Context<? extends Resource> context) {
    forget.run();
  }
}
