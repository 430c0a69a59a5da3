package dev.modelops.domain.metrics;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What tells the series of one metric apart: at most 10 labels. Names: a letter or underscore, then letters, digits and
 * {@code _ . -}, at most 40 characters; values: 1 to 100 characters without control characters, counted in
 * code points as JSON Schema does.
 *
 * @param values in the order of their names, so that equal labels look equal everywhere
 */
public record Labels(SortedMap<String, String> values) {

  public static final int MOST = 10;
  public static final int LONGEST_VALUE = 100;
  public static final String NAME_PATTERN = "^[A-Za-z_][A-Za-z0-9_.-]{0,39}$";
  public static final Labels NONE = new Labels(Map.of());

  private static final Pattern LEGAL_NAME = Pattern.compile(NAME_PATTERN);

  /** @throws IllegalArgumentException when a limit is broken; requests are judged by {@link BatchRules} before */
  public Labels {
    if (values.size() > MOST) {
      throw new IllegalArgumentException("More than " + MOST + " labels");
    }
    values.forEach((name, value) -> {
      if (!legalName(name) || !legalValue(value)) {
        throw new IllegalArgumentException("Not a label: " + name);
      }
    });
    values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
  }

  public Labels(Map<String, String> values) {
    this((SortedMap<String, String>) new TreeMap<>(values));
  }

  static boolean legalName(String name) {
    return LEGAL_NAME.matcher(name).matches();
  }

  static boolean legalValue(String value) {
    return !value.isEmpty() && value.codePointCount(0, value.length()) <= LONGEST_VALUE
        && value.chars().noneMatch(c -> Character.isISOControl(c) || Character.isSurrogate((char) c) && !paired(value));
  }

  private static boolean paired(String value) {
    return value.codePoints().noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }
}
