package dev.modelops.bench;

import java.util.concurrent.atomic.LongAdder;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** Adds up the time within clients of the SDK; registered by the class path, see {@code execution.interceptors}. */
public final class SdkTime implements ExecutionInterceptor {
  private static final ExecutionAttribute<Long> BEGIN = new ExecutionAttribute<>("begin");
  private static final LongAdder NANOS = new LongAdder();

  /** Called by the SDK. */
  public SdkTime() {}

  static long nanos() {
    return NANOS.sum();
  }

  @Override
  public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
    attributes.putAttribute(BEGIN, System.nanoTime());
  }

  @Override
  public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
    NANOS.add(System.nanoTime() - attributes.getAttribute(BEGIN));
  }
}
