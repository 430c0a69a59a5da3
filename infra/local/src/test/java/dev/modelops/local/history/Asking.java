package dev.modelops.local.history;

import dev.modelops.domain.access.Role;
import dev.modelops.local.history.Api.Call;
import dev.modelops.local.history.Op.Outcome;
import dev.modelops.testkit.Answer;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * How a client asks: what gets no answer is repeated as the contract says, the same request with the same
 * {@code Idempotency-Key} and {@code If-Match}; it sends what it knows of an entity, and writes down what came of it.
 */
final class Asking {

  static final String KEY = "Idempotency-Key";
  static final String MATCH = "If-Match";
  static final Answer NONE = new Answer(0, Map.of(), "{}");
  private static final Executor TWINS = Thread::startVirtualThread;

  private final World world;
  private final Api api;
  private final Step step;
  private final Random random;
  private final int patience;
  /** The last revision it saw of an entity. */
  private final Map<String, Long> known = new HashMap<>();

  Asking(World world, Api api, Step step, Random random, int patience) {
    this.world = world;
    this.api = api;
    this.step = step;
    this.random = random;
    this.patience = patience;
  }

  /** Whether it has seen a revision of an entity. */
  boolean knows(String entity) {
    return known.containsKey(entity);
  }

  /** The revision it has seen last; more often than not it looks again first. */
  Map<String, String> match(String operation, String target, String entity) {
    if (!known.containsKey(entity) || random.nextInt(10) < 6) {
      read(Role.VIEWER, operation, target, entity);
    }
    Long rev = known.get(entity);
    return rev == null ? Map.of() : Map.of(MATCH, "\"" + rev + "\"");
  }

  void read(Role role, String operation, String target, String entity) {
    ask(role, operation, "GET", target, entity, "", false, Map.of(), null);
  }

  /** Asks until it is answered, and writes down what came of it. */
  Answer ask(Role role, String operation, String method, String target, String entity, String value,
      boolean certain, Map<String, String> headers, @Nullable Object body) {
    String id = step.title() + "." + operation;
    Call call = new Call(role, operation, method, target, headers, body);
    long began = System.nanoTime();
    // Now and then somebody presses the button twice.
    @Nullable CompletableFuture<Sent> twin = headers.containsKey(KEY) && random.nextInt(10) == 0
        ? CompletableFuture.supplyAsync(() -> repeat(call, id + ".t"), TWINS) : null;
    Sent sent = repeat(call, id + ".");
    if (twin != null) {
      sent = together(id, certain, sent, twin.join());
    }
    Answer answer = sent.answer();
    Outcome outcome = answer == null ? Outcome.UNKNOWN
        : answer.status() < 300 || answer.status() == 404 && method.equals("GET") ? Outcome.DONE : Outcome.REFUSED;
    Answer given = answer == null ? NONE : answer;
    Op op = new Op(id, operation, outcome == Outcome.DONE ? Shown.entity(operation, entity, given) : entity, value,
        certain, began, System.nanoTime(), outcome, given.status(), Shown.rev(operation, given),
        Shown.seen(operation, given), sent.unsure(), given.headers().containsKey("Idempotent-Replayed"));
    world.log.add(op);
    learn(op, given);
    return given;
  }

  private void learn(Op op, Answer answer) {
    if (answer.status() == 404 || op.operation().equals("deleteAlias")) {
      known.remove(op.entity());
    } else if (!op.entity().isEmpty() && Shown.etag(answer) > 0) {
      known.put(op.entity(), Shown.etag(answer)); // 412 tells the present one, too
    }
  }

  /** @param unsure whether a request before the answer, or all of them, left open whether it was done */
  private record Sent(@Nullable Answer answer, boolean unsure) {
    boolean done() {
      return answer != null && answer.status() < 300;
    }

    boolean replayed() {
      return answer != null && answer.headers().containsKey("Idempotent-Replayed");
    }
  }

  Sent repeat(Call call, String request) {
    boolean unsure = false;
    for (int attempt = 0; attempt < patience; attempt++) {
      Map<String, String> headers = new LinkedHashMap<>(call.headers());
      headers.put("X-Request-Id", request + attempt);
      try {
        Answer answer = api.send(
            new Call(call.role(), call.operation(), call.method(), call.target(), headers, call.body()));
        if (answer.status() < 500 && answer.status() != 429) {
          return new Sent(answer, unsure);
        }
        unsure |= answer.status() != 429;
        if (answer.body().contains("internal-error")) {
          world.findings.add(request + attempt + " failed: " + call + ": " + answer.body());
        }
      } catch (IOException noAnswer) {
        unsure = true;
      }
      pause(attempt);
    }
    return new Sent(null, unsure);
  }

  /** Of two that send the same with one key at once, one does it and the other is told what it did. */
  private Sent together(String id, boolean certain, Sent one, Sent other) {
    if (one.done() && other.done()) {
      Answer first = Objects.requireNonNull(one.answer());
      Answer second = Objects.requireNonNull(other.answer());
      boolean same = first.status() == second.status() && first.text("/id").equals(second.text("/id"))
          && first.text("/version").equals(second.text("/version"));
      boolean once = !certain || one.unsure() || other.unsure() || one.replayed() != other.replayed();
      if (!same || !once) {
        world.findings.add(id + " was sent twice at once and answered twice: " + first + " and " + second);
      }
    }
    Sent told = one.done() && !one.replayed() || !other.done() ? one : other;
    return new Sent(told.answer() == null ? one.answer() : told.answer(), one.unsure() || other.unsure()
        || one.done() != other.done());
  }

  static void pause(int attempt) {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextInt(1, Math.min(1_000, 20 << Math.min(attempt, 6))));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
