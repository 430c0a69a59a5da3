package dev.modelops.access;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Department;
import dev.modelops.domain.access.Granting;
import dev.modelops.domain.access.Granting.Wanted;
import dev.modelops.domain.access.SubjectType;
import dev.modelops.domain.change.Change.Fact;
import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.domain.problem.Violation;
import dev.modelops.json.Json;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Grants are for departments that exist. */
final class Departments {

  /** A caller's grants travel with each of his requests, and a token is to be read for one read unit. */
  static final int MOST_BYTES = 2500;

  /** What a check rests on. */
  record Found(List<Fact> facts) {}

  private final Entities entities;

  @Inject
  Departments(Entities entities) {
    this.entities = entities;
  }

  /**
   * Checks grants by all but whether the caller may give them. Of a department that he holds no grant for he does not
   * learn here whether it exists: he cannot give a grant for it either way.
   *
   * @param at pointer to the list of grants
   * @throws Refused 422 with every violation
   */
  Found checked(Caller caller, List<Wanted> grants, SubjectType type, String at) {
    List<Violation> violations = new ArrayList<>(Granting.malformed(grants, type, at));
    Map<Ref, Stored<Department>> found = entities.getAll(Department.class, Granting.departments(grants));
    Set<Ref> unquestioned = new HashSet<>(found.keySet());
    Granting.departments(grants).stream().filter(department -> !caller.reaches(department.id()))
        .forEach(unquestioned::add);
    missing(grants, unquestioned, at, violations);
    refuse(violations);
    return facts(found);
  }

  /** Which of the departments of several lists of grants exist. */
  Map<Ref, Stored<Department>> find(List<Wanted> grants) {
    return entities.getAll(Department.class, Granting.departments(grants));
  }

  static Found facts(Map<Ref, Stored<Department>> found) {
    return new Found(found.entrySet().stream().map(each -> Fact.of(each.getKey(), each.getValue())).toList());
  }

  static void missing(List<Wanted> grants, Set<Ref> found, String at, List<Violation> violations) {
    for (int i = 0; i < grants.size(); i++) {
      if (!found.containsAll(Granting.departments(List.of(grants.get(i))))) {
        violations.add(new Violation(at + "/" + i + "/department", "unknown",
            "There is no department " + grants.get(i).department() + ".", null));
      }
    }
    if (Json.write(grants).length > MOST_BYTES) {
      violations.add(new Violation(at, "length", "These grants are too long together.", MOST_BYTES + " bytes of JSON"));
    }
  }

  static void refuse(List<Violation> violations) {
    if (!violations.isEmpty()) {
      throw Refused.invalid(Problem.UNPROCESSABLE, violations);
    }
  }
}
