package dev.modelops.metrics;

import dev.modelops.domain.metrics.RollupKey;
import dev.modelops.domain.metrics.Rollups;
import dev.modelops.domain.metrics.Step;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Cells of another store, with a count of what they cost, and a step that runs before each call. */
final class MeasuredRollups implements Rollups {

  /** Keys, names of attributes, revision and expiry: {@link MetricStoreTest} shows that it is never more. */
  static final int AROUND_THE_DATA = 110;

  private final Rollups store;
  final AtomicLong writeUnits = new AtomicLong();
  /** In halves: reads that may lag cost half a unit per 4 KB. */
  final AtomicLong halfReadUnits = new AtomicLong();
  private volatile Runnable before = () -> {};

  MeasuredRollups(Rollups store) {
    this.store = store;
  }

  void before(Runnable step) {
    before = step;
  }

  private static long units(long bytes, int perUnit) {
    return Math.max(1, (bytes + perUnit - 1) / perUnit);
  }

  private List<Cell> lagging(List<Cell> cells) {
    halfReadUnits.addAndGet(units(cells.stream().mapToLong(cell -> cell.data().length + AROUND_THE_DATA).sum(), 4096));
    return cells;
  }

  @Override
  public Optional<Cell> get(RollupKey key) {
    before.run();
    return store.get(key);
  }

  @Override
  public Map<RollupKey, Cell> getAll(Collection<? extends RollupKey> keys) {
    before.run();
    return store.getAll(keys);
  }

  @Override
  public boolean put(RollupKey key, long rev, byte[] data, @Nullable Instant expires) {
    before.run();
    // The larger of the cell before and after.
    int most = Math.max(data.length, store.get(key).map(cell -> cell.data().length).orElse(0));
    writeUnits.addAndGet(units(most + AROUND_THE_DATA, 1024));
    return store.put(key, rev, data, expires);
  }

  @Override
  public boolean remove(RollupKey key, long rev) {
    before.run();
    // A deletion costs what the item weighed.
    writeUnits.addAndGet(store.get(key).map(cell -> units(cell.data().length + AROUND_THE_DATA, 1024)).orElse(1L));
    return store.remove(key, rev);
  }

  @Override
  public List<Cell> open(String model, String environment, long toMinute) {
    before.run();
    return store.open(model, environment, toMinute);
  }

  @Override
  public List<Cell> open(String model, String environment, int page, long fromMinute, long toMinute) {
    return lagging(store.open(model, environment, page, fromMinute, toMinute));
  }

  @Override
  public List<Cell> packs(String series, Step step, long from, long to, boolean withPlacement) {
    return lagging(store.packs(series, step, from, to, withPlacement));
  }

  @Override
  public List<Cell> quarters(String series, long from, long to) {
    before.run();
    return store.quarters(series, from, to);
  }

  @Override
  public List<Cell> watermarks(int share) {
    before.run();
    return store.watermarks(share);
  }

  @Override
  public List<Cell> listed(String model, String environment, @Nullable String after, int limit) {
    return store.listed(model, environment, after, limit);
  }
}
