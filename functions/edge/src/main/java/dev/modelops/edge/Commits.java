package dev.modelops.edge;

import dev.modelops.domain.Ref;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Changes;
import dev.modelops.domain.change.Idempotency;
import dev.modelops.domain.change.Lost;
import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.json.Digests;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Runs an action until its change is committed, refused or remembered, or the request's time is over. */
final class Commits {
  private static final Duration REMEMBERED = Duration.ofHours(48);
  private static final int LONGEST_PAUSE_MILLIS = 250;

  /** Waits; not at all in tests. */
  interface Pause {
    void millis(long millis) throws InterruptedException;
  }

  private final Optional<Changes> changes;
  private final Clock clock;
  private final Pause pause;

  Commits(Optional<Changes> changes, Clock clock, Pause pause) {
    this.changes = changes;
    this.clock = clock;
    this.pause = pause;
  }

  /** Before a snapshot. */
  void prime() {
    changes.ifPresent(Snapshot::rehearse);
  }

  Reply run(Routes.Route route, Request request) {
    Replay replay = route.replay();
    Remembered mine = replay == null ? null : Remembered.of(request, replay);
    Random jitter = new Random();
    for (int attempt = 0; clock.instant().isBefore(request.deadline()); attempt++) {
      // Asked anew each time: a race may have been lost to the very same request, sent twice.
      Optional<Reply> first = recall(request, mine);
      if (first.isPresent()) {
        return first.get();
      }
      try {
        Optional<Reply> reply = attempt(route.action(), request, mine);
        if (reply.isPresent()) {
          return reply.get();
        }
      } catch (Refused refused) {
        // Likewise: what the same request did a moment ago must not be held against it.
        return recall(request, mine).orElseThrow(() -> refused);
      }
      rest(attempt, jitter);
    }
    throw Refused.of(Problem.UNAVAILABLE, "too many changes met; nothing was changed by this request");
  }

  /** Empty when the change was not written since something else moved: decide again on what is true now. */
  private Optional<Reply> attempt(Action action, Request request, @Nullable Remembered mine) {
    return switch (action.handle(request)) {
      // Nothing to write, perhaps since the same request wrote it a moment ago.
      case Reply reply -> Optional.of(recall(request, mine).orElse(reply));
      case Write write -> {
        guard(request, write);
        try {
          Idempotency record = mine == null ? null : mine.about(write.change().primary());
          yield Optional.of(write.reply()
              .apply(changes().commit(write.change(), request.origin(), record, request.deadline())));
        } catch (Lost lost) {
          yield switch (lost.moved()) {
            case Lost.Done done when mine != null -> Optional.of(mine.again(request, done.first()));
            case Lost.Moved moved when moved.ref().equals(write.guarded()) -> throw Request.moved(moved.rev());
            default -> Optional.empty();
          };
        }
      }
    };
  }

  private Optional<Reply> recall(Request request, @Nullable Remembered mine) {
    return mine == null ? Optional.empty()
        : changes().remembered(mine.key()).map(first -> mine.again(request, first));
  }

  /** The revision that is replaced must be the one that the caller has seen, also when the action forgot to look. */
  private static void guard(Request request, Write write) {
    if (write.guarded() != null) {
      long before = write.change().effects().stream()
          .filter(effect -> effect.ref().equals(write.guarded()))
          .map(Change.Effect::before)
          .mapToLong(stored -> stored == null ? 0 : stored.rev())
          .findFirst()
          .orElseThrow(() -> new IllegalStateException(write.guarded() + " is guarded and not part of the change"));
      request.requireMatch(before);
    }
  }

  /** What is to be remembered of a request, before it is known what it is about. */
  private record Remembered(String key, String request, int status, Instant expiresAt, Replay replay) {
    static @Nullable Remembered of(Request request, Replay replay) {
      Optional<String> key = request.header(Headers.IDEMPOTENCY_KEY);
      if (key.isEmpty() || !request.operation().remembers()) {
        return null;
      }
      String scoped = Digests.of(List.of(request.caller().subject(), request.operation().id(), key.get()));
      return new Remembered(scoped, request.digest(), request.operation().createdStatus(),
          request.now().plus(REMEMBERED), replay);
    }

    Idempotency about(Ref entity) {
      return new Idempotency(key, request, status, entity, expiresAt);
    }

    Reply again(Request again, Idempotency first) {
      if (!first.request().equals(request)) {
        throw Refused.of(Problem.IDEMPOTENCY_KEY_REUSED,
            "this key was used for another request: use a new one, or send what was sent with it");
      }
      return replay.again(again, first.status(), first.entity()).header("Idempotent-Replayed", "true");
    }
  }

  private void rest(int attempt, Random jitter) {
    try {
      pause.millis(jitter.nextInt(1, Math.min(LONGEST_PAUSE_MILLIS, 8 << Math.min(attempt, 5))));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw Refused.of(Problem.UNAVAILABLE, "the function is stopping; nothing was changed by this request");
    }
  }

  private Changes changes() {
    return changes.orElseThrow(() -> new IllegalStateException("this function has no store"));
  }
}
