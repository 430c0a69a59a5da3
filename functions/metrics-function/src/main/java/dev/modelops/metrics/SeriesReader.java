package dev.modelops.metrics;

import dev.modelops.domain.metrics.RollupKey;
import dev.modelops.domain.metrics.RollupKey.Open;
import dev.modelops.domain.metrics.RollupKey.Pack;
import dev.modelops.domain.metrics.Rollups;
import dev.modelops.domain.metrics.Rollups.Cell;
import dev.modelops.domain.metrics.Step;
import dev.modelops.domain.metrics.Summary;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Buckets of one series: closed ones from its packs, open ones from its open pages. Reads no sketch and no block. Where
 * a bucket stands in two places, the one with more points is the later: points are never taken back.
 */
final class SeriesReader {

  /** Open pages are looked for this far back: minutes close within two, unless closing has been down. */
  private static final int OPEN_MINUTES = 60;

  private final Rollups rollups;
  private final Clock clock;

  SeriesReader(Rollups rollups, Clock clock) {
    this.rollups = rollups;
    this.clock = clock;
  }

  /**
   * One bucket with points.
   *
   * @param bucket its number, see {@link Step#bucket}
   * @param open whether it may still change without anything coming late
   */
  record Bucket(long bucket, Summary summary, boolean open) {}

  /**
   * The buckets from one to another, both included, that have points.
   *
   * @param series its id
   */
  List<Bucket> read(String model, String environment, String series, Step step, long from, long to) {
    Instant now = clock.instant();
    Found found = new Found(step, from, to);
    long minute = Minutes.of(now);
    boolean recent = step.start(to + 1) > Minutes.start(minute - OPEN_MINUTES).toEpochMilli();
    boolean minutesToo = step != Step.MINUTE && recent;
    int perPack = RollupKey.perPack(step);
    List<Cell> cells = new ArrayList<>(rollups.packs(series, step, Math.floorDiv(from, perPack),
        Math.floorDiv(to, perPack), recent && !minutesToo));
    if (minutesToo) {
      // The hour that is open, and the one before, which may not have been closed yet.
      long first = (Minutes.hour(minute) - 1) * Minutes.QUARTERS_IN_HOUR;
      cells.addAll(rollups.packs(series, Step.MINUTE, first, first + 3L * Minutes.QUARTERS_IN_HOUR, true));
    }
    Placement placement = Placement.NONE;
    for (Cell cell : cells) {
      if (cell.key() instanceof Pack pack) {
        found.add(pack, SummaryPack.decode(cell.data()));
      } else {
        placement = Placement.decode(cell.data());
      }
    }
    if (recent && !placement.places().isEmpty()) {
      long firstOpen = Math.max(minute - OPEN_MINUTES, step == Step.MINUTE ? from : Long.MIN_VALUE);
      long lastOpen = step == Step.MINUTE ? to : minute + OPEN_MINUTES;
      open(model, environment, series, placement, firstOpen, lastOpen, found);
    }
    return found.buckets(now);
  }

  private void open(String model, String environment, String series, Placement placement, long from, long to,
      Found found) {
    long id = OpenPage.shortId(series);
    SortedMap<Integer, long[]> pages = new TreeMap<>();
    for (long minute = from; minute <= to; minute++) {
      long last = minute;
      // At the turn of a month a batch with points on either side has only the place of the later month.
      for (int page : new int[] {placement.page(minute), placement.page(minute + OPEN_MINUTES)}) {
        pages.computeIfAbsent(page, none -> new long[] {last, last})[1] = minute;
      }
    }
    pages.forEach((page, range) -> {
      for (Cell cell : rollups.open(model, environment, page, range[0], range[1])) {
        OpenPage.Entry entry = OpenPage.decode(cell.data()).entries().get(id);
        if (entry != null) {
          found.add(((Open) cell.key()).minute(), entry);
        }
      }
    });
  }

  /** What has been found of the buckets that are asked for. */
  private static final class Found {

    private final Step step;
    private final long from;
    private final long to;
    private final SortedMap<Long, Bucket> buckets = new TreeMap<>();

    Found(Step step, long from, long to) {
      this.step = step;
      this.from = from;
      this.to = to;
    }

    void add(Pack key, SummaryPack pack) {
      long first = key.run() * RollupKey.perPack(key.step());
      if (key.step() == step) {
        pack.buckets().forEach((offset, summary) -> add(first + offset, summary, false));
      } else if (step == Step.HOUR && pack.hour() != null) {
        add(Minutes.hour(first), pack.hour(), true);
      } else if (step == Step.DAY && pack.day() != null) {
        add(Minutes.day(first), pack.day(), true);
      }
    }

    void add(long minute, OpenPage.Entry entry) {
      switch (step) {
        case MINUTE -> add(minute, entry.minute(), true);
        case HOUR -> add(Minutes.hour(minute), entry.hour(), true);
        case DAY -> add(Minutes.day(minute), entry.day(), true);
      }
    }

    private void add(long bucket, Summary summary, boolean open) {
      if (bucket >= from && bucket <= to) {
        buckets.merge(bucket, new Bucket(bucket, summary, open), (one, other) -> {
          if (one.summary().count() == other.summary().count()) {
            return one.open() ? other : one;
          }
          return one.summary().count() > other.summary().count() ? one : other;
        });
      }
    }

    List<Bucket> buckets(Instant now) {
      return buckets.values().stream().map(bucket -> {
        Instant closes = Instant.ofEpochMilli(step.start(bucket.bucket() + 1)).plus(Minutes.GRACE);
        return new Bucket(bucket.bucket(), bucket.summary(), bucket.open() || closes.isAfter(now));
      }).toList();
    }
  }
}
