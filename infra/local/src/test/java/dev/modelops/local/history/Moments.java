package dev.modelops.local.history;

import dev.modelops.local.history.Trail.Entry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * When each change was made, as narrowly as the trail and the answers tell: not before it was asked for nor after it was
 * acknowledged, not before anybody saw what it changed nor after anybody saw what it made, not before what its chains
 * have before it nor after what they have behind it. Times are of {@link System#nanoTime()}.
 */
final class Moments {

  private final Trail trail;
  private final Map<String, List<Entry>> chains;
  private final Map<String, Long> earliest = new HashMap<>();
  private final Map<String, Long> latest = new HashMap<>();

  Moments(Trail trail, Map<String, Op> ops) {
    this.trail = trail;
    this.chains = trail.chains();
    chains.values().forEach(chain -> chain.forEach(entry -> {
      @Nullable Op op = ops.get(entry.op());
      earliest.put(change(entry), op == null ? Long.MIN_VALUE : op.began());
      latest.put(change(entry), op == null ? Long.MAX_VALUE : until(op));
    }));
  }

  /** What was not answered for good may still have been under way when its client gave up. */
  private static long until(Op op) {
    return op.done() && (op.certain() || !op.unsure()) ? op.ended() : Long.MAX_VALUE;
  }

  /** One transaction; the system makes many in one run, of which each concerns one slot or one version. */
  private String change(Entry entry) {
    String slot = Op.isBySystem(entry.requestId()) ? trail.slot(entry) : "";
    return !Op.isBySystem(entry.requestId()) ? entry.op()
        : entry.op() + " " + (slot.isEmpty() ? entry.entity() : slot);
  }

  /** An answer showed this revision: it was made by then, and the next one was not when it was asked for. */
  void seen(Op op, String entity, long rev) {
    List<Entry> chain = chains.getOrDefault(entity, List.of());
    if (rev > 0 && rev <= chain.size()) {
      latest.merge(change(chain.get((int) rev - 1)), op.ended(), Math::min);
    }
    if (rev > 0 && rev < chain.size()) {
      earliest.merge(change(chain.get((int) rev)), op.began(), Math::max);
    }
  }

  /** Lets every chain pass on what is known of its entries, until nothing new comes of it. */
  void settle() {
    boolean narrowed = true;
    while (narrowed) {
      narrowed = false;
      for (List<Entry> chain : chains.values()) {
        for (int i = 1; i < chain.size(); i++) {
          narrowed |= narrow(change(chain.get(i - 1)), change(chain.get(i)));
        }
        for (int i = chain.size() - 1; i > 0; i--) {
          narrowed |= narrow(change(chain.get(i - 1)), change(chain.get(i)));
        }
      }
    }
  }

  private boolean narrow(String before, String after) {
    long from = earliest(before);
    long until = latest(after);
    boolean narrowed = from > earliest(after) || until < latest(before);
    earliest.merge(after, from, Math::max);
    latest.merge(before, until, Math::min);
    return narrowed;
  }

  long earliest(Entry entry) {
    return earliest(change(entry));
  }

  long latest(Entry entry) {
    return latest(change(entry));
  }

  private long earliest(String change) {
    return earliest.getOrDefault(change, Long.MIN_VALUE);
  }

  private long latest(String change) {
    return latest.getOrDefault(change, Long.MAX_VALUE);
  }

  /**
   * Whether the entry can have been made while an entity was so.
   *
   * @param states of the entity after each of its revisions, the first before there was one
   */
  boolean during(Entry entry, String entity, List<String> states, Predicate<String> so) {
    List<Entry> chain = chains.getOrDefault(entity, List.of());
    for (int rev = 0; rev <= chain.size(); rev++) {
      boolean begun = rev == 0 || earliest(chain.get(rev - 1)) <= latest(entry);
      boolean ended = rev < chain.size() && latest(chain.get(rev)) < earliest(entry);
      if (begun && !ended && so.test(states.get(rev))) {
        return true;
      }
    }
    return false;
  }
}
