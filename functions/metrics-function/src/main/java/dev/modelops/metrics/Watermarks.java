package dev.modelops.metrics;

import dev.modelops.domain.metrics.RollupKey;
import dev.modelops.domain.metrics.Rollups;
import dev.modelops.domain.metrics.Rollups.Cell;
import java.time.Clock;
import java.util.Optional;

/** The watermarks of all models and environments that have open minutes: who is awake, and how far it is closed. */
final class Watermarks {

  private static final int TOUCH_AGAIN_AFTER = 30;

  private final Rollups rollups;
  private final Clock clock;

  Watermarks(Rollups rollups, Clock clock) {
    this.rollups = rollups;
    this.clock = clock;
  }

  /** The watermark, made now if there is none, and fresh enough not to be taken away while points are being worked on. */
  Watermark awake(String model, String environment) {
    RollupKey key = new RollupKey.Watermark(model, environment);
    Watermark[] found = new Watermark[1];
    Repeat.until("watermark of " + model, () -> {
      Optional<Cell> cell = rollups.get(key);
      long now = Minutes.of(clock.instant());
      Watermark before = cell.map(stored -> Watermark.decode(stored.data()))
          .orElseGet(() -> new Watermark(Minutes.closable(clock.instant()), Minutes.closable(clock.instant()), now));
      Watermark after = now - before.touched() < TOUCH_AGAIN_AFTER
          ? before
          : new Watermark(before.fence(), before.done(), now);
      found[0] = after;
      return cell.isPresent() && after.equals(before)
          || rollups.put(key, cell.map(Cell::rev).orElse(0L), after.encode(), null);
    });
    return found[0];
  }

  /** Moves the revision alone, so that whoever is closing an hour cannot call it done, and does it again. */
  void disturb(String model, String environment) {
    RollupKey key = new RollupKey.Watermark(model, environment);
    Repeat.until("watermark of " + model, () -> rollups.get(key)
        .map(cell -> rollups.put(key, cell.rev(), cell.data(), null)).orElse(true));
  }

  Optional<Watermark> current(String model, String environment) {
    return rollups.get(new RollupKey.Watermark(model, environment)).map(cell -> Watermark.decode(cell.data()));
  }
}
