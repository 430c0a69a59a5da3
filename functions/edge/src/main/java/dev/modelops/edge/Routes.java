package dev.modelops.edge;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which action serves which operation. Verb, path, permission, limits and schemas stand in the contract. */
public final class Routes {
  record Route(Action action, @Nullable Replay replay) {}

  private final Map<String, Route> routes = new LinkedHashMap<>();

  public Routes bind(String operationId, Action action) {
    return put(operationId, new Route(action, null));
  }

  /** For operations that take an {@code Idempotency-Key}. */
  public Routes bind(String operationId, Action action, Replay replay) {
    return put(operationId, new Route(action, replay));
  }

  private Routes put(String operationId, Route route) {
    if (routes.putIfAbsent(operationId, route) != null) {
      throw new IllegalStateException("the operation " + operationId + " is bound twice");
    }
    return this;
  }

  Map<String, Route> all() {
    return Map.copyOf(routes);
  }
}
