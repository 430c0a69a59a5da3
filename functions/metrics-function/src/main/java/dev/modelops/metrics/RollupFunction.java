package dev.modelops.metrics;

import dev.modelops.edge.StreamFunction;
import java.util.Map;

/** Brings roll-ups up to date with the blocks that the stream of metrics announces. */
public final class RollupFunction extends StreamFunction {

  public RollupFunction() {
    this(System.getenv());
  }

  public RollupFunction(Map<String, String> env) {
    this(MetricsComponent.of(env));
  }

  private RollupFunction(MetricsComponent component) {
    super(new ArrivedBlocks(component.rollup()::apply, component.rollup()::prime), component.clock());
  }
}
