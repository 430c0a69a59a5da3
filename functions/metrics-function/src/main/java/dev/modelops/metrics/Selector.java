package dev.modelops.metrics;

import dev.modelops.domain.metrics.Labels;
import dev.modelops.domain.metrics.MetricName;
import dev.modelops.domain.metrics.SeriesKey;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A series as one text: {@code metric@version;label=value;label=value}. In values, {@code ;} and {@code %} are
 * percent-encoded; the whole is encoded once more as a query parameter.
 */
final class Selector {

  private static final Pattern FORM = Pattern.compile("([^@;]+)@([1-9][0-9]{0,8})((?:;[^;=]+=[^;]+)*)");

  private Selector() {}

  static Optional<SeriesKey> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    Map<String, String> labels = new TreeMap<>();
    try {
      for (String label : matcher.group(3).split(";")) {
        int mark = label.indexOf('=');
        if (mark > 0 && labels.put(label.substring(0, mark), decode(label.substring(mark + 1))) != null) {
          return Optional.empty();
        }
      }
      return Optional.of(new SeriesKey(Integer.parseInt(matcher.group(2)), new MetricName(matcher.group(1)),
          new Labels(labels)));
    } catch (IllegalArgumentException notASeries) {
      return Optional.empty();
    }
  }

  static String of(SeriesKey series) {
    StringBuilder text = new StringBuilder(series.metric().value()).append('@').append(series.version());
    series.labels().values().forEach((name, value) -> text.append(';').append(name).append('=')
        .append(value.replace("%", "%25").replace(";", "%3B")));
    return text.toString();
  }

  private static String decode(String value) {
    return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
