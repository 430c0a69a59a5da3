package dev.modelops.local.gateway;

import dev.modelops.local.function.FunctionFailed;
import dev.modelops.local.function.MountedFunction;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks a Lambda authorizer (simple responses) and keeps what it said for a while, per value of the identity source. */
final class Authorizer {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int MOST_KEPT = 10_000;

  private final MountedFunction function;
  private final long keepNanos;
  private final LongSupplier nanos;
  private final Map<String, Kept> kept = new ConcurrentHashMap<>();

  Authorizer(MountedFunction function, Duration keep, LongSupplier nanos) {
    this.function = function;
    this.keepNanos = keep.toNanos();
    this.nanos = nanos;
  }

  /**
   * @param context what the authorizer said about the caller; null when it said nothing
   */
  record Verdict(boolean allowed, @Nullable JsonNode context) {}

  /**
   * @param identity value of the identity source
   * @throws FunctionFailed when the authorizer failed; that is not kept
   */
  Verdict ask(String identity, Supplier<byte[]> event) throws FunctionFailed {
    long now = nanos.getAsLong();
    Kept known = kept.get(identity);
    if (known != null && now - known.at < keepNanos) {
      return known.verdict;
    }
    Verdict verdict = read(function.invoke(event.get()));
    if (kept.size() >= MOST_KEPT) {
      kept.values().removeIf(old -> now - old.at >= keepNanos);
      if (kept.size() >= MOST_KEPT) {
        kept.clear();
      }
    }
    if (keepNanos > 0) {
      kept.put(identity, new Kept(verdict, now));
    }
    return verdict;
  }

  private static Verdict read(byte[] answer) {
    try {
      JsonNode json = JSON.readTree(answer);
      JsonNode context = json.get("context");
      return new Verdict(json.path("isAuthorized").asBoolean(false), context);
    } catch (JacksonException malformed) {
      return new Verdict(false, null);
    }
  }

  private record Kept(Verdict verdict, long at) {}
}
