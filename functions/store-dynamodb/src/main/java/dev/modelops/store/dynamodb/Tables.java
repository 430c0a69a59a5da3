package dev.modelops.store.dynamodb;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Physical names of the tables that a function was given; a function has only those that its policy lets it touch. */
final class Tables {

  private final Map<String, String> env;

  Tables(Map<String, String> env) {
    this.env = env;
  }

  String records() {
    return name("RECORDS_TABLE");
  }

  /** A function that was given none writes terms in its rehearsal alone, which reach no table. */
  String terms() {
    return env.getOrDefault("TERMS_TABLE", "no-terms");
  }

  String metrics() {
    return name("METRICS_TABLE");
  }

  String rollups() {
    return name("ROLLUPS_TABLE");
  }

  private String name(String variable) {
    @Nullable String table = env.get(variable);
    if (table == null || table.isBlank()) {
      throw new IllegalStateException("the function's environment names no " + variable);
    }
    return table;
  }
}
