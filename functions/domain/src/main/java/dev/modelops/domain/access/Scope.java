package dev.modelops.domain.access;

import java.util.Set;

/** The departments that a caller may touch with one permission. */
public sealed interface Scope {

  /** Every department, and what belongs to the organisation as a whole. */
  record All() implements Scope {}

  /** These departments and nothing else; may be empty. */
  record Departments(Set<String> names) implements Scope {
    public Departments {
      names = Set.copyOf(names);
    }
  }

  Scope ALL = new All();

  default boolean covers(String department) {
    return switch (this) {
      case All all -> true;
      case Departments departments -> departments.names().contains(department);
    };
  }
}
