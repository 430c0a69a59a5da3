package dev.modelops.edge;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The keys that sign cursors: the current one, then the previous one, if there is one. Read at first use, never while a
 * function starts; read again after a restore, and when a cursor has an unknown signature, at most every five minutes.
 */
public final class CursorKeys {
  private static final Duration KEPT = Duration.ofMinutes(5);

  private final Supplier<List<String>> source;
  private final Clock clock;
  private @Nullable List<byte[]> keys;
  private Instant readAt = Instant.EPOCH;

  CursorKeys(Supplier<List<String>> source, Clock clock) {
    this.source = source;
    this.clock = clock;
  }

  /** From where {@code CURSOR_KEY} says: {@code file:/path}, or the ARN of a secret. */
  static CursorKeys in(Map<String, String> env, Clock clock) {
    return new CursorKeys(() -> {
      String place = env.get("CURSOR_KEY");
      if (place == null) {
        throw new IllegalStateException("CURSOR_KEY is not set");
      }
      return place.startsWith("file:") ? KeySources.file(place.substring("file:".length()))
          : KeySources.secret(new Secrets(env.get("AWS_ENDPOINT_URL_SECRETS_MANAGER"), null), place);
    }, clock);
  }

  synchronized List<byte[]> current() {
    return keys == null ? read() : keys;
  }

  /** The same, newly read when they are old enough to have been changed. */
  synchronized List<byte[]> fresh() {
    return keys == null || clock.instant().isAfter(readAt.plus(KEPT)) ? read() : keys;
  }

  synchronized void forget() {
    keys = null;
  }

  private List<byte[]> read() {
    List<byte[]> read = source.get().stream().map(key -> key.getBytes(StandardCharsets.UTF_8)).toList();
    if (read.isEmpty() || read.getFirst().length < 32) {
      throw new IllegalStateException("the key that signs cursors has less than 32 characters");
    }
    keys = read;
    readAt = clock.instant();
    return read;
  }
}
