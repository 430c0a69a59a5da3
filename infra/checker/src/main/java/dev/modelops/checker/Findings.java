package dev.modelops.checker;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong with one item. */
final class Findings {

  private final String entity;
  private final List<Finding> found = new ArrayList<>();

  Findings(String entity) {
    this.entity = entity;
  }

  /** Notes a violation of the rule, unless all is well. */
  void expect(boolean well, Rule rule, String wrong, @Nullable Object... details) {
    if (!well) {
      found.add(new Finding(rule, entity, String.format(Locale.ROOT, wrong, details)));
    }
  }

  List<Finding> list() {
    return List.copyOf(found);
  }
}
