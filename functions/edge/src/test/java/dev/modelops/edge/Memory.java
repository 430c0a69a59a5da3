package dev.modelops.edge;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Changes;
import dev.modelops.domain.change.Idempotency;
import dev.modelops.domain.change.Lost;
import dev.modelops.domain.change.Origin;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The port of changes in memory, with interventions before a commit: somebody else's change, or a loss. */
final class Memory implements Changes {
  final Map<Ref, Stored<?>> states = new HashMap<>();
  final Map<String, Idempotency> remembered = new HashMap<>();
  final List<Origin> origins = new ArrayList<>();
  final Deque<Runnable> before = new ArrayDeque<>();
  final Deque<Lost.Cause> losses = new ArrayDeque<>();
  @Nullable RuntimeException failure;

  @Override
  public Committed commit(Change change, Origin origin, @Nullable Idempotency idempotency, Instant deadline)
      throws Lost {
    if (!before.isEmpty()) {
      before.pop().run();
    }
    if (failure != null) {
      throw failure;
    }
    if (!losses.isEmpty()) {
      throw new Lost(losses.pop());
    }
    if (idempotency != null && remembered.containsKey(idempotency.key())) {
      throw new Lost(new Lost.Done(remembered.get(idempotency.key())));
    }
    for (Change.Effect<?> effect : change.effects()) {
      Stored<?> stored = states.get(effect.ref());
      long rev = stored == null ? 0 : stored.rev();
      long expected = effect.before() == null ? 0 : effect.before().rev();
      if (rev != expected) {
        throw new Lost(expected == 0 ? new Lost.Exists(effect.ref()) : new Lost.Moved(effect.ref(), rev));
      }
    }
    Map<Ref, Stored<?>> written = new HashMap<>();
    for (Change.Effect<?> effect : change.effects()) {
      Stored<Entity> next = new Stored<>(effect.after(), effect.before() == null ? 1 : effect.before().rev() + 1, "h");
      written.put(effect.ref(), next);
    }
    states.putAll(written);
    if (idempotency != null) {
      remembered.put(idempotency.key(), idempotency);
    }
    origins.add(origin);
    return new Committed(written);
  }

  @Override
  public Optional<Idempotency> remembered(String key) {
    return Optional.ofNullable(remembered.get(key));
  }

  @Override
  public Optional<Ref> owner(String space, String name) {
    return Optional.empty();
  }
}
