package dev.modelops.metrics;

import dev.modelops.domain.metrics.RollupKey;
import dev.modelops.domain.metrics.RollupKey.Listed;
import dev.modelops.domain.metrics.RollupKey.Open;
import dev.modelops.domain.metrics.RollupKey.Pack;
import dev.modelops.domain.metrics.RollupKey.QuarterSketch;
import dev.modelops.domain.metrics.Rollups;
import dev.modelops.domain.metrics.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Cells in memory, as the port promises them. */
final class MemoryRollups implements Rollups {

  private final Map<RollupKey, Cell> cells = new ConcurrentHashMap<>();

  @Override
  public Optional<Cell> get(RollupKey key) {
    return Optional.ofNullable(cells.get(key));
  }

  @Override
  public Map<RollupKey, Cell> getAll(Collection<? extends RollupKey> keys) {
    Map<RollupKey, Cell> found = new HashMap<>();
    keys.forEach(key -> Optional.ofNullable(cells.get(key)).ifPresent(cell -> found.put(key, cell)));
    return found;
  }

  @Override
  public boolean put(RollupKey key, long rev, byte[] data, @Nullable Instant expires) {
    Cell after = new Cell(key, rev + 1, data);
    Cell kept = cells.compute(key, (same, old) -> (old == null ? 0 : old.rev()) == rev ? after : old);
    return kept == after;
  }

  @Override
  public boolean remove(RollupKey key, long rev) {
    Cell cell = cells.get(key);
    return cell != null && cell.rev() == rev && cells.remove(key, cell);
  }

  @Override
  public List<Cell> open(String model, String environment, long toMinute) {
    return all(key -> key instanceof Open open && open.model().equals(model)
        && open.environment().equals(environment) && open.minute() <= toMinute);
  }

  @Override
  public List<Cell> open(String model, String environment, int page, long fromMinute, long toMinute) {
    return all(key -> key instanceof Open open && open.model().equals(model) && open.environment().equals(environment)
        && open.page() == page && open.minute() >= fromMinute && open.minute() <= toMinute);
  }

  @Override
  public List<Cell> packs(String series, Step step, long from, long to, boolean withPlacement) {
    return all(key -> key instanceof Pack pack && pack.series().equals(series) && pack.step() == step
        && pack.run() >= from && pack.run() <= to
        || withPlacement && key.equals(new RollupKey.Placement(series)));
  }

  @Override
  public List<Cell> quarters(String series, long from, long to) {
    return all(key -> key instanceof QuarterSketch sketch && sketch.series().equals(series) && sketch.quarter() >= from
        && sketch.quarter() <= to);
  }

  @Override
  public List<Cell> watermarks(int share) {
    return all(key -> share == 0 && key instanceof RollupKey.Watermark);
  }

  @Override
  public List<Cell> listed(String model, String environment, @Nullable String after, int limit) {
    return all(key -> key instanceof Listed listed && listed.model().equals(model)
        && listed.environment().equals(environment));
  }

  private List<Cell> all(Predicate<RollupKey> wanted) {
    List<Cell> found = new ArrayList<>();
    cells.forEach((key, cell) -> {
      if (wanted.test(key)) {
        found.add(cell);
      }
    });
    return found;
  }
}
