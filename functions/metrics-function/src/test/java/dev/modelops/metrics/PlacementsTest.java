package dev.modelops.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelops.domain.change.Unavailable;
import dev.modelops.domain.metrics.Batch;
import dev.modelops.domain.metrics.RollupKey;
import dev.modelops.domain.metrics.Rollups;
import dev.modelops.domain.metrics.SeriesKey;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A batch may bring as many new series as points: each costs two writes, one after the other. */
class PlacementsTest {

  private static final int SERIES = 100;
  private static final Batch BATCH =
      Samples.batch(SERIES, SERIES, Samples.every(Duration.ofMillis(1), SERIES), () -> 1);

  private final AtomicInteger writing = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final AtomicInteger writes = new AtomicInteger();
  private volatile int failing = -1;
  private final Rollups store = new MemoryRollups();
  private final Placements placements = new Placements((Rollups) Proxy.newProxyInstance(
      PlacementsTest.class.getClassLoader(), new Class<?>[] {Rollups.class}, (proxy, method, arguments) -> {
        boolean write = method.getName().equals("put");
        if (write && writes.getAndIncrement() == failing) {
          throw new Unavailable("throttled", new IllegalStateException());
        }
        most.accumulateAndGet(write ? writing.incrementAndGet() : 0, Math::max);
        try {
          Thread.sleep(1);
          return method.invoke(store, arguments);
        } catch (InvocationTargetException failed) {
          throw failed.getCause();
        } finally {
          writing.addAndGet(write ? -1 : 0);
        }
      }));

  private static Map<SeriesKey, Map<YearMonth, Integer>> arrived() {
    YearMonth month = Minutes.month(Minutes.of(BATCH.last()));
    Map<SeriesKey, Map<YearMonth, Integer>> arrived = new HashMap<>();
    Samples.places(BATCH).forEach((series, place) -> arrived.put(series, Map.of(month, place)));
    return arrived;
  }

  private Map<SeriesKey, Placement> place() {
    return placements.of(BATCH.model(), BATCH.environment(), arrived());
  }

  private void allStand(Map<SeriesKey, Placement> placed) {
    Map<SeriesKey, Integer> places = Samples.places(BATCH);
    placed.forEach((series, placement) -> {
      assertThat(placement.places().values()).containsExactly(places.get(series));
      String id = series.id(BATCH.model(), BATCH.environment());
      assertThat(store.get(new RollupKey.Placement(id))).hasValueSatisfying(
          cell -> assertThat(Placement.decode(cell.data())).isEqualTo(placement));
      assertThat(store.get(new RollupKey.Listed(BATCH.model(), BATCH.environment(), id))).isPresent();
    });
    assertThat(placed).hasSize(SERIES);
  }

  @Test
  void manyNewSeriesAreWrittenSomeAtATimeAndEachOnce() {
    allStand(place());
    assertThat(most.get()).isBetween(2, 16);
    assertThat(writes.get()).isEqualTo(2 * SERIES);
    place();
    assertThat(writes.get()).isEqualTo(2 * SERIES);
  }

  @Test
  void whatFailedIsWrittenTheNextTime() {
    failing = 3;
    assertThatThrownBy(this::place).isInstanceOf(Unavailable.class);
    failing = writes.get();
    assertThatThrownBy(this::place).isInstanceOf(Unavailable.class);
    failing = -1;
    allStand(place());
  }
}
