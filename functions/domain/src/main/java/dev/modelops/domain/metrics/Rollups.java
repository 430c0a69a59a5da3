package dev.modelops.domain.metrics;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Cells of roll-ups. What is in a cell is the roll-up's business; this port moves bytes and keeps writers apart. Nothing
 * here is the only copy of anything while its blocks are kept. Throttling, time-outs and unprocessed keys are retried
 * inside; what remains is {@link dev.modelops.domain.change.Unavailable}, after which a cell may or may not have been
 * written: the caller starts again by reading.
 */
public interface Rollups {

  /**
   * @param rev counts the writes of the cell
   */
  record Cell(RollupKey key, long rev, byte[] data) {}

  /** Strongly consistent. */
  Optional<Cell> get(RollupKey key);

  /** Strongly consistent; absent cells are left out. */
  Map<RollupKey, Cell> getAll(Collection<? extends RollupKey> keys);

  /**
   * Writes when the cell is still at that revision (0: absent), and says whether it was. A writer that reads the cell,
   * then the blocks, then writes so, never replaces what was made of more blocks than it saw.
   *
   * @param expires when the store may forget the cell; null for never
   */
  boolean put(RollupKey key, long rev, byte[] data, @Nullable Instant expires);

  /** Removes the cell if it is at that revision, and says whether it was. */
  boolean remove(RollupKey key, long rev);

  /** The open cells of a model and environment up to a minute: few, since minutes close soon. Strongly consistent. */
  List<Cell> open(String model, String environment, long toMinute);

  /** The open cells of one page in these minutes. May lag by a second. */
  List<Cell> open(String model, String environment, int page, long fromMinute, long toMinute);

  /**
   * A series' packs with these numbers, both included, and its placement if {@code withPlacement}, in one read. May lag
   * by a second.
   */
  List<Cell> packs(String series, Step step, long from, long to, boolean withPlacement);

  /** A series' quarter sketches with these numbers, both included. Strongly consistent. */
  List<Cell> quarters(String series, long from, long to);

  /** One share of all watermarks. Together the {@link #SHARES} shares are the work of closing minutes. */
  List<Cell> watermarks(int share);

  int SHARES = 8;

  /** The series of a model and environment by id, after one; at most so many. May lag by a second. */
  List<Cell> listed(String model, String environment, @Nullable String after, int limit);
}
