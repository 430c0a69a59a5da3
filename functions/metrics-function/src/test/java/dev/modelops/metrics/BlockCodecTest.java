package dev.modelops.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.modelops.domain.metrics.Batch;
import dev.modelops.domain.metrics.Labels;
import dev.modelops.domain.metrics.MetricName;
import dev.modelops.domain.metrics.Point;
import dev.modelops.domain.metrics.SeriesKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class BlockCodecTest {

  /** What DynamoDB counts besides the data: names of attributes, keys, who and when. See the store's cost test. */
  private static final int AROUND_THE_DATA = 350;

  private static final long WEEK = Duration.ofDays(7).toMillis();

  @Property(tries = 300)
  void gives_back_every_point_bit_for_bit(@ForAll("batches") Batch batch) {
    BlockCodec.Decoded decoded = BlockCodec.decode(BlockCodec.encode(batch, Samples.places(batch)));

    assertThat(bits(decoded.points())).isEqualTo(bits(batch.points()));
    assertThat(decoded.places()).isEqualTo(Samples.places(batch));
  }

  @Property(tries = 50)
  void the_order_in_which_points_were_sent_means_nothing(@ForAll("batches") Batch batch, @ForAll Random random) {
    Map<SeriesKey, List<Point>> shuffled = new TreeMap<>();
    batch.points().forEach((series, points) -> {
      List<Point> other = new ArrayList<>(points);
      Collections.shuffle(other, random);
      shuffled.put(series, other);
    });
    Batch same = new Batch(batch.model(), batch.environment(), shuffled);

    assertThat(same.digest()).isEqualTo(batch.digest());
    assertThat(BlockCodec.encode(same, Map.of())).isEqualTo(BlockCodec.encode(batch, Map.of()));
  }

  @Property(tries = 500)
  void arbitrary_bytes_are_refused_as_corrupt(@ForAll byte[] bytes) {
    assertThat(catchThrowable(() -> BlockCodec.decode(bytes))).isInstanceOf(CorruptData.class);
  }

  @Property(tries = 500)
  void arbitrary_content_under_a_right_checksum_is_a_block_or_corrupt(@ForAll byte[] bytes) {
    Throwable thrown = catchThrowable(() -> BlockCodec.decode(Envelope.seal('B', 1, bytes)));

    assertThat(thrown).isInstanceOf(CorruptData.class);
  }

  @Property(tries = 500)
  void one_changed_byte_under_a_right_checksum_never_does_worse_than_corrupt(@ForAll("batches") Batch batch,
      @ForAll Random random) {
    byte[] content = Envelope.open('B', 1, BlockCodec.encode(batch, Map.of()));
    content[random.nextInt(content.length)] ^= (byte) (1 + random.nextInt(255));

    Throwable thrown = catchThrowable(() -> BlockCodec.decode(Envelope.seal('B', 1, content)));

    assertThat(thrown == null || thrown instanceof CorruptData).as("%s", thrown).isTrue();
  }

  @Test
  void each_flipped_bit_is_noticed() {
    byte[] block = BlockCodec.encode(Samples.batch(2, 9, Samples.every(Duration.ofSeconds(7), 9), () -> 0.5), Map.of());
    for (int bit = 0; bit < block.length * 8; bit++) {
      byte[] other = block.clone();
      other[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(catchThrowable(() -> BlockCodec.decode(other))).isInstanceOf(CorruptData.class);
    }
  }

  @Test
  void a_thousand_arbitrary_doubles_at_arbitrary_milliseconds_of_a_week_fit_thirteen_write_units() {
    Random random = new Random(1);
    for (int series : new int[] {1, 100}) {
      Batch worst = Samples.batch(series, 1000, anywhereWithin(WEEK, random), anyBits(random));
      assertThat(size(worst)).as("%s series", series).isLessThanOrEqualTo(13 * 1024);
    }
  }

  @Test
  void a_thousand_random_doubles_of_one_magnitude_within_an_hour_fit_eleven_write_units() {
    Random random = new Random(2);
    for (int series : new int[] {1, 100}) {
      Batch batch = Samples.batch(series, 1000, anywhereWithin(Duration.ofHours(1).toMillis(), random),
          random::nextDouble);
      assertThat(size(batch)).as("%s series", series).isLessThanOrEqualTo(11 * 1024);
    }
  }

  @Test
  void a_thousand_ordinary_points_fit_six_write_units_and_regular_ones_four() {
    Random random = new Random(3);
    for (int series : new int[] {1, 100}) {
      Batch latencies = Samples.batch(series, 1000, anywhereWithin(Duration.ofHours(1).toMillis(), random),
          () -> Math.rint(Math.exp(3 + random.nextGaussian()) * 100) / 100);
      assertThat(size(latencies)).as("%s series", series).isLessThanOrEqualTo(6 * 1024);
      Batch regular = Samples.batch(series, 1000, Samples.every(Duration.ofSeconds(1), 1000),
          () -> Math.rint(random.nextDouble() * 10_000) / 10_000);
      assertThat(size(regular)).as("%s series", series).isLessThanOrEqualTo(4 * 1024);
    }
  }

  @Test
  void extremes_survive() {
    double[] values = {-0.0, 0.0, Double.MIN_VALUE, -Double.MIN_VALUE, Double.MIN_NORMAL, Double.MAX_VALUE,
        -Double.MAX_VALUE, 0.1, 1e22, 1e23, 9007199254740993.0, 1.0 / 3, 123456789.123456789};
    List<Point> points = new ArrayList<>();
    for (double value : values) {
      points.add(new Point(Samples.NOW.toEpochMilli(), value));
    }
    Batch batch = new Batch("m", "dev", Map.of(Samples.series(0), points));

    assertThatCode(() -> assertThat(bits(BlockCodec.decode(BlockCodec.encode(batch, Map.of())).points()))
        .isEqualTo(bits(batch.points()))).doesNotThrowAnyException();
  }

  private static int size(Batch batch) {
    return BlockCodec.encode(batch, Samples.places(batch)).length + AROUND_THE_DATA;
  }

  private static LongSupplier anywhereWithin(long millis, Random random) {
    return () -> Samples.NOW.toEpochMilli() - random.nextLong(millis);
  }

  private static DoubleSupplier anyBits(Random random) {
    return () -> {
      double value = Double.NaN;
      while (!Double.isFinite(value)) {
        value = Double.longBitsToDouble(random.nextLong());
      }
      return value;
    };
  }

  /** Values by their bits: 0.0 and −0.0 are equal to {@code ==}, and must not be here. */
  private static Map<SeriesKey, List<String>> bits(Map<SeriesKey, List<Point>> points) {
    return points.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().stream()
        .map(point -> point.time() + ":" + Double.doubleToRawLongBits(point.value())).toList()));
  }

  @Provide
  Arbitrary<Batch> batches() {
    Arbitrary<Double> values = Arbitraries.oneOf(
        Arbitraries.longs().map(Double::longBitsToDouble).filter(Double::isFinite),
        Arbitraries.integers().between(-100_000, 100_000).map(i -> i / 100.0),
        Arbitraries.of(-0.0, 0.0, Double.MIN_VALUE, -Double.MAX_VALUE, 1e300, 5e-324, 0.1));
    Arbitrary<Long> times = Arbitraries.longs().between(Samples.NOW.toEpochMilli() - WEEK, Samples.NOW.toEpochMilli());
    Arbitrary<List<Point>> points = Combinators.combine(times, values).as(Point::new).list().ofMinSize(1).ofMaxSize(60);
    Arbitrary<String> names = Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(20);
    Arbitrary<Labels> labels = Arbitraries.maps(names, Arbitraries.strings().alpha().numeric().withChars("äß€ 漢")
        .ofMinLength(1).ofMaxLength(30)).ofMaxSize(4).map(Labels::new);
    Arbitrary<SeriesKey> series = Combinators.combine(Arbitraries.integers().between(1, 1 << 30),
        names.map(MetricName::new), labels).as(SeriesKey::new);
    return Arbitraries.maps(series, points).ofMinSize(1).ofMaxSize(8).map(all -> new Batch("fraud", "dev", all));
  }
}
