package dev.modelops.metrics;

import dev.modelops.domain.metrics.MetricBlocks;
import dev.modelops.domain.metrics.RollupKey;
import dev.modelops.domain.metrics.RollupKey.Open;
import dev.modelops.domain.metrics.Rollups;
import dev.modelops.domain.metrics.Rollups.Cell;
import dev.modelops.domain.metrics.SeriesKey;
import dev.modelops.edge.Invocation;
import dev.modelops.edge.ScheduleStep;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Closes minutes that have been over for a while, and the hours that end with them. The fence moves first, then blocks
 * are read: a block stored before is seen here; one stored later finds the fence and is treated as late. A run that dies
 * half-way is continued by the next one.
 */
final class MinuteCloseStep implements ScheduleStep {

  /** Beyond the longest that an hour can stay open after its last point. */
  private static final int ASLEEP_AFTER_MINUTES = 120;

  private final MetricBlocks blocks;
  private final Rollups rollups;
  private final Retention retention;
  private final Clock clock;
  private final ClosedMinutes closedMinutes;
  private final ClosedHours closedHours;

  MinuteCloseStep(MetricBlocks blocks, Rollups rollups, Retention retention, Clock clock) {
    this.blocks = blocks;
    this.rollups = rollups;
    this.retention = retention;
    this.clock = clock;
    closedMinutes = new ClosedMinutes(blocks, rollups, retention, clock);
    closedHours = new ClosedHours(rollups, retention, clock);
  }

  /**
   * Closes everything that can be closed now. One model's failure leaves the others closed; it is thrown at the end.
   *
   * @return how many models and environments had anything open
   */
  int run() {
    List<Cell> awake = new ArrayList<>();
    IntStream.range(0, Rollups.SHARES).forEach(share -> awake.addAll(rollups.watermarks(share)));
    Repeat.forEach(awake, this::close);
    return awake.size();
  }

  @Override
  public int run(Invocation invocation) {
    return run();
  }

  @Override
  public void prime() {
    rollups.watermarks(0);
    Priming.Held held = Priming.held(clock.instant().minus(Duration.ofMinutes(10)));
    Watermark open = new Watermark(held.block().firstMinute() - 1, held.block().firstMinute() - 1,
        held.block().firstMinute());
    Watermark fenced = new Watermark(held.block().lastMinute(), open.done(), open.touched());
    RollupKey.Watermark key = new RollupKey.Watermark(Priming.NOBODY, Priming.ENVIRONMENT);
    MinuteCloseStep rehearsal = new MinuteCloseStep(held, rollups, retention, clock);
    rehearsal.close(new Cell(key, 1, open.encode()));
    rehearsal.closeMinutes(key, fenced, List.of());
  }

  private void close(Cell cell) {
    RollupKey.Watermark key = (RollupKey.Watermark) cell.key();
    Watermark before = Watermark.decode(cell.data());
    long to = Minutes.closable(clock.instant());
    if (to <= before.done()) {
      return;
    }
    Watermark fenced = new Watermark(Math.max(to, before.fence()), before.done(), before.touched());
    long rev = cell.rev();
    if (!fenced.equals(before)) {
      if (!rollups.put(key, rev, fenced.encode(), null)) {
        return;
      }
      rev++;
    }
    List<Cell> open = rollups.open(key.model(), key.environment(), fenced.fence());
    if (!open.isEmpty()) {
      closeMinutes(key, fenced, open);
    }
    closeHours(key, fenced);
    open.forEach(page -> rollups.remove(page.key(), page.rev()));
    finish(key, rev, fenced, open);
  }

  private void closeMinutes(RollupKey.Watermark key, Watermark fenced, List<Cell> open) {
    Fold fold = Fold.of(blocks, key.model(), key.environment(), fenced.done() + 1, fenced.fence(), null);
    Map<Long, Map<Long, ClosedMinutes.Tail>> byShortId = new HashMap<>();
    for (Cell page : open) {
      long hour = Minutes.hour(((Open) page.key()).minute());
      OpenPage.decode(page.data()).entries().forEach((id, entry) -> byShortId
          .computeIfAbsent(id, none -> new HashMap<>())
          .merge(hour, new ClosedMinutes.Tail(entry.hour(), entry.day()), MinuteCloseStep::later));
    }
    Map<SeriesKey, Map<Long, ClosedMinutes.Tail>> tails = new HashMap<>();
    fold.series().forEach(series -> tails.put(series,
        byShortId.getOrDefault(OpenPage.shortId(series.id(key.model(), key.environment())), Map.of())));
    closedMinutes.close(key.model(), key.environment(), fold, fenced.fence(), tails);
  }

  private static ClosedMinutes.Tail later(ClosedMinutes.Tail one, ClosedMinutes.Tail other) {
    return new ClosedMinutes.Tail(SummaryPack.later(one.hour(), other.hour()),
        SummaryPack.later(one.day(), other.day()));
  }

  private void closeHours(RollupKey.Watermark key, Watermark fenced) {
    for (long hour = Minutes.hour(fenced.done() + 1); fenced.fencesHour(hour); hour++) {
      long closing = hour;
      Repeat.forEach(closedMinutes.active(key.model(), key.environment(), hour),
          series -> closedHours.recompute(series, closing));
    }
  }

  private void finish(RollupKey.Watermark key, long rev, Watermark fenced, List<Cell> open) {
    long touched = open.isEmpty() ? fenced.touched() : Math.max(fenced.touched(), fenced.fence());
    if (fenced.fence() - touched > ASLEEP_AFTER_MINUTES) {
      rollups.remove(key, rev);
    } else {
      // Lost to somebody who only touched it: the next run closes nothing twice, and says done then.
      rollups.put(key, rev, new Watermark(fenced.fence(), fenced.fence(), touched).encode(), null);
    }
  }
}
