package dev.modelops.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.modelops.domain.metrics.Summary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AggregateTest {

  /** What Summary and the contract promise: 1.33 % of the points, with 99 % confidence. */
  private static final double RANK_ERROR = 0.0133;

  @Property(tries = 200)
  void up_to_two_hundred_points_all_numbers_are_exact(@ForAll("values") @Size(min = 1, max = 200) List<Double> values) {
    Summary summary = aggregate(values).summary();

    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    assertThat(summary.count()).isEqualTo(sorted.length);
    assertThat(summary.min()).isEqualTo(sorted[0]);
    assertThat(summary.max()).isEqualTo(sorted[sorted.length - 1]);
    assertThat(summary.p50()).isEqualTo(nearestRank(sorted, 50));
    assertThat(summary.p95()).isEqualTo(nearestRank(sorted, 95));
    assertThat(summary.p99()).isEqualTo(nearestRank(sorted, 99));
  }

  @Property(tries = 100)
  void merging_in_any_grouping_gives_the_same_numbers(@ForAll("values") List<Double> a,
      @ForAll("values") List<Double> b,
      @ForAll("values") List<Double> c) {
    Aggregate left = aggregate(a);
    left.add(aggregate(b));
    left.add(aggregate(c));
    Aggregate right = aggregate(b);
    right.add(aggregate(c));
    Aggregate other = stored(aggregate(a));
    other.add(stored(right));

    // 180 points at most: nothing of a sketch has been given up yet, so that its quantiles are equal too.
    assertThat(other.summary()).isEqualTo(left.summary());
  }

  @Test
  void quantiles_of_many_merged_minutes_keep_their_stated_error() {
    Random random = new Random(7);
    int worse = 0;
    int asked = 0;
    for (int round = 0; round < 40; round++) {
      List<Double> all = new ArrayList<>();
      Aggregate hour = new Aggregate();
      for (int minute = 0; minute < 60; minute++) {
        Aggregate one = new Aggregate();
        int points = 1 + random.nextInt(1000);
        for (int i = 0; i < points; i++) {
          double value = Math.exp(random.nextGaussian() * 3);
          one.add(value);
          all.add(value);
        }
        hour.add(stored(one));
      }
      double[] sorted = all.stream().mapToDouble(Double::doubleValue).sorted().toArray();
      Summary summary = hour.summary();
      for (double[] pair : new double[][] {{summary.p50(), .5}, {summary.p95(), .95}, {summary.p99(), .99}}) {
        asked++;
        double rank = (double) (Math.abs(Arrays.binarySearch(sorted, pair[0])) + 1) / sorted.length;
        worse += Math.abs(rank - pair[1]) > RANK_ERROR ? 1 : 0;
      }
    }

    // One in a hundred may be worse. Of 120 that are not independent, six would be a surprise of one in ten thousand.
    assertThat(worse).as("of %s", asked).isLessThanOrEqualTo(6);
  }

  @Test
  void a_sketch_of_a_great_many_points_fits_five_write_units() {
    Random random = new Random(8);
    Aggregate aggregate = new Aggregate();
    int largest = 0;
    for (int i = 0; i < 2_000_000; i++) {
      aggregate.add(random.nextDouble());
      if (i % 9973 == 0) {
        largest = Math.max(largest, bytes(aggregate).length);
      }
    }

    assertThat(largest).isLessThan(5 * 1024 - 200);
  }

  @Property(tries = 500)
  void arbitrary_bytes_are_an_aggregate_or_corrupt(@ForAll byte[] bytes) {
    Throwable thrown = catchThrowable(() -> Aggregate.read(new ByteSource(bytes)));

    assertThat(thrown == null || thrown instanceof CorruptData).as("%s", thrown).isTrue();
  }

  private static double nearestRank(double[] sorted, int percent) {
    // ceil(percent / 100 × n), in whole numbers.
    return sorted[(percent * sorted.length + 99) / 100 - 1];
  }

  private static Aggregate aggregate(List<Double> values) {
    Aggregate aggregate = new Aggregate();
    values.forEach(aggregate::add);
    return aggregate;
  }

  private static byte[] bytes(Aggregate aggregate) {
    ByteSink out = new ByteSink();
    aggregate.write(out);
    return out.toBytes();
  }

  private static Aggregate stored(Aggregate aggregate) {
    return Aggregate.read(new ByteSource(bytes(aggregate)));
  }

  @Provide
  Arbitrary<List<Double>> values() {
    return Arbitraries.oneOf(Arbitraries.doubles().between(-1e6, 1e6),
        Arbitraries.longs().map(Double::longBitsToDouble).filter(Double::isFinite).filter(v -> v != 0),
        Arbitraries.integers().between(1, 5).map(Integer::doubleValue)).list().ofMinSize(1).ofMaxSize(60);
  }
}
