package dev.modelops.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.metrics.Labels;
import dev.modelops.domain.metrics.MetricName;
import dev.modelops.domain.metrics.SeriesKey;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorTest {

  @Property(tries = 500)
  void everySeriesIsNamedByItsSelector(@ForAll("series") SeriesKey series) {
    assertThat(Selector.parse(Selector.of(series))).contains(series);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "m", "m@", "m@0", "m@1;", "m@1;a", "m@1;a=", "m@1;a=1;a=2", "m@1;1=x", "@1", "m@1;a=%",
      "m@1;a=%zz", "m@9999999999", "m m@1", "m@1;a=\u0007"})
  void whatNamesNoSeriesIsNone(String text) {
    assertThat(Selector.parse(text)).isEmpty();
  }

  @Provide
  Arbitrary<SeriesKey> series() {
    Arbitrary<String> names = Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(10);
    Arbitrary<String> values = Arbitraries.strings().alpha().withChars(";=%+ @&€漢").ofMinLength(1).ofMaxLength(20);
    return Combinators.combine(Arbitraries.integers().between(1, 999_999_999), names.map(MetricName::new),
        Arbitraries.maps(names, values).ofMaxSize(10).map((Map<String, String> map) -> new Labels(map)))
        .as(SeriesKey::new);
  }
}
