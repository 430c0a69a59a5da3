package dev.modelops.edge;

import dev.modelops.domain.access.Permission;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An operation of the contract.
 *
 * @param function the function that serves it
 * @param maxBody most bytes of a body
 * @param produces media types of its answers, the preferred one first
 * @param consumes media types of its body with their schemas; null when it takes none
 * @param createdStatus what a committed change is answered with: 201 when declared, else the lowest 2xx
 */
record Operation(String id, String method, PathTemplate path, String function, Permission permission, int maxBody,
    List<Parameter> parameters, List<String> produces, @Nullable Body consumes, int createdStatus) {
  /** Where a parameter stands. */
  enum In {
    PATH,
    QUERY,
    HEADER
  }

  /** How its text becomes a JSON value. */
  enum Type {
    STRING,
    INTEGER,
    NUMBER,
    BOOLEAN
  }

  /**
   * A parameter.
   *
   * @param many whether it is a list
   * @param commas whether a list stands in one value, with commas, and not in repeated ones
   * @param preset its value when it is absent
   * @param example a value that is valid
   * @param schema where its schema stands in the contract, as a JSON pointer
   */
  record Parameter(String name, In in, boolean required, Type type, boolean many, boolean commas,
      @Nullable String preset, @Nullable String example, String schema) {}

  /**
   * A request body.
   *
   * @param mediaTypes in lower case
   * @param schema where the schema of the first media type stands in the contract, as a JSON pointer
   */
  record Body(boolean required, Set<String> mediaTypes, String schema, @Nullable String example) {}

  Optional<Parameter> parameter(In in, String name) {
    return parameters.stream()
        .filter(each -> each.in() == in)
        .filter(each -> in == In.HEADER ? each.name().equalsIgnoreCase(name) : each.name().equals(name))
        .findFirst();
  }

  boolean remembers() {
    return method.equals("POST") && parameter(In.HEADER, Headers.IDEMPOTENCY_KEY).isPresent();
  }

  String route() {
    return method + " " + path.text();
  }
}
