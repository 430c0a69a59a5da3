package dev.modelops.domain.registry;

import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.domain.problem.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a model must be beyond the schema of a single request: a patch may add to what is there already. */
public final class ModelRules {

  /** Most tags: each is a search term, written in the model's own transaction. */
  public static final int MOST_TAGS = 20;
  public static final int MOST_ROLES = 20;
  public static final int MOST_ATTRIBUTES = 50;

  private ModelRules() {}

  public static List<Violation> violations(Model model) {
    List<Violation> violations = tags(model.tags());
    atMost(violations, "/people", model.people().size(), MOST_ROLES, "roles of people");
    atMost(violations, "/attributes", model.attributes().size(), MOST_ATTRIBUTES, "attributes");
    if (model.kind() == ModelKind.EXTERNAL && model.vendor() == null) {
      violations.add(new Violation("/vendor", "required", "an external model names its vendor", null));
    }
    return violations;
  }

  /** What is wrong with the tags of a model or version. */
  public static List<Violation> tags(Map<String, String> tags) {
    List<Violation> violations = new ArrayList<>();
    atMost(violations, "/tags", tags.size(), MOST_TAGS, "tags");
    return violations;
  }

  /** @throws Refused when the new state changes what was fixed at creation */
  public static void replaces(Model before, Model after) {
    if (!after.department().equals(before.department())) {
      throw Refused.of(Problem.CONFLICT,
          "a model's department is fixed at creation: " + before.name() + " belongs to " + before.department());
    }
    if ((after.kind() == ModelKind.EXTERNAL) != (before.kind() == ModelKind.EXTERNAL)) {
      throw Refused.of(Problem.CONFLICT,
          "whether a model is external is fixed at creation, since its versions either have files or have none");
    }
  }

  private static void atMost(List<Violation> violations, String pointer, int count, int most, String what) {
    if (count > most) {
      violations.add(new Violation(pointer, "count", "there are at most " + most + " " + what + ", not " + count,
          "at most " + most));
    }
  }
}
