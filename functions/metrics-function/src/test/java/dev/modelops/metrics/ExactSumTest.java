package dev.modelops.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ExactSumTest {

  @Property(tries = 500)
  void the_mean_is_the_exact_one_rounded_once(@ForAll("values") List<Double> values) {
    ExactSum sum = new ExactSum();
    values.forEach(sum::add);

    // Arbitrary precision is the reference; 1,200 digits are more than any sum of doubles over a small count can need.
    BigDecimal exact = values.stream().map(BigDecimal::new).reduce(BigDecimal.ZERO, BigDecimal::add);
    double expected = exact.divide(BigDecimal.valueOf(values.size()), new MathContext(1200)).doubleValue();

    assertThat(sum.dividedBy(values.size())).isEqualTo(expected);
  }

  @Property(tries = 200)
  void parts_may_be_summed_apart_and_stored_in_between(@ForAll("values") List<Double> one,
      @ForAll("values") List<Double> other) {
    ExactSum all = new ExactSum();
    one.forEach(all::add);
    other.forEach(all::add);
    ExactSum first = new ExactSum();
    one.forEach(first::add);
    ExactSum second = new ExactSum();
    other.forEach(second::add);

    ExactSum merged = stored(second);
    merged.add(stored(first));

    assertThat(bytes(merged)).isEqualTo(bytes(all));
  }

  @Test
  void a_million_additions_keep_every_bit() {
    ExactSum sum = new ExactSum();
    sum.add(1e308);
    for (int i = 0; i < 1_000_000; i++) {
      sum.add(0.1);
      sum.add(-1e-320);
    }
    sum.add(-1e308);
    for (int i = 0; i < 1_000_000; i++) {
      sum.add(1e-320);
    }

    assertThat(sum.dividedBy(1_000_000)).isEqualTo(0.1);
  }

  @Test
  void a_sum_beyond_the_largest_double_still_has_its_mean() {
    ExactSum sum = new ExactSum();
    for (int i = 0; i < 10; i++) {
      sum.add(Double.MAX_VALUE);
    }

    assertThat(sum.dividedBy(10)).isEqualTo(Double.MAX_VALUE);
  }

  private static ExactSum stored(ExactSum sum) {
    return ExactSum.read(new ByteSource(bytes(sum)));
  }

  private static byte[] bytes(ExactSum sum) {
    ByteSink out = new ByteSink();
    sum.write(out);
    return out.toBytes();
  }

  @Provide
  Arbitrary<List<Double>> values() {
    return Arbitraries.oneOf(Arbitraries.longs().map(Double::longBitsToDouble).filter(Double::isFinite),
        Arbitraries.doubles().between(-1000, 1000), Arbitraries.of(0.1, -0.0, Double.MIN_VALUE, 5e-320,
            Double.MAX_VALUE, -Double.MAX_VALUE))
        .list().ofMinSize(1).ofMaxSize(50);
  }
}
