package dev.modelops.local.gateway;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** A token bucket per route, as stages of an HTTP API have it. */
final class Throttle {
  private final double rate;
  private final double burst;
  private final LongSupplier nanos;
  private final Map<String, Bucket> buckets = new ConcurrentHashMap<>();

  /**
   * @param rate requests a second over time
   * @param burst requests at once
   */
  Throttle(double rate, double burst, LongSupplier nanos) {
    this.rate = rate;
    this.burst = burst;
    this.nanos = nanos;
  }

  boolean admits(String route) {
    long now = nanos.getAsLong();
    Bucket left = buckets.compute(route, (key, bucket) -> {
      double tokens = bucket == null ? burst : Math.min(burst, bucket.tokens + (now - bucket.at) * rate / 1e9);
      return tokens >= 1 ? new Bucket(tokens - 1, now, true) : new Bucket(tokens, now, false);
    });
    return left.admitted;
  }

  private record Bucket(double tokens, long at, boolean admitted) {}
}
