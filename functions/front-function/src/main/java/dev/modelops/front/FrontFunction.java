package dev.modelops.front;

import dev.modelops.edge.ApiFunction;
import java.util.Map;

/**
 * Serves {@code $default}: public paths, preflights, and a problem for every path that nobody serves. Needs no store.
 */
public final class FrontFunction extends ApiFunction {
  public FrontFunction() {
    this(System.getenv());
  }

  public FrontFunction(Map<String, String> env) {
    super(DaggerFrontComponent.factory().create(env).router());
  }
}
