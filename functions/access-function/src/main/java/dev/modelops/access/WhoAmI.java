package dev.modelops.access;

import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Grant;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.SubjectType;
import dev.modelops.domain.access.Subjects;
import dev.modelops.edge.Outcome;
import dev.modelops.edge.Reply;
import dev.modelops.edge.Request;
import dev.modelops.edge.Routes;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the API knows of the caller. */
final class WhoAmI {

  private final Subjects subjects;

  @Inject
  WhoAmI(Subjects subjects) {
    this.subjects = subjects;
  }

  /** What may be done in one department, or in all, perhaps with named models only. */
  record Effective(String department, @Nullable Set<String> models, Set<Permission> permissions) {}

  /** The answer. */
  record Me(String subject, SubjectType type, @Nullable String displayName, @Nullable String onBehalfOf,
      List<Grant> grants, List<Effective> effective, @Nullable Instant expiresAt, String credential) {}

  void bind(Routes routes) {
    routes.bind("whoAmI", this::whoAmI);
  }

  private Outcome whoAmI(Request request) {
    Caller caller = request.caller();
    String name = caller.displayName() != null ? caller.displayName()
        : subjects.get(caller.subject()).map(Subjects.Subject::displayName).orElse(null);
    return Reply
        .ok(new Me(caller.subject(), caller.type(), name, caller.onBehalfOf(), caller.grants(), effective(caller),
            caller.expiresAt(), caller.credential()))
        .header("Cache-Control", "no-store");
  }

  /** Grants of the same reach joined; what a service was granted and cannot do is left out. */
  private static List<Effective> effective(Caller caller) {
    record Reach(String department, @Nullable Set<String> models) {}
    Map<Reach, Set<Permission>> joined = new LinkedHashMap<>();
    for (Grant grant : caller.grants()) {
      joined.computeIfAbsent(new Reach(grant.department(), grant.models()), reach -> new TreeSet<>())
          .addAll(caller.permissions(grant));
    }
    return joined.entrySet().stream()
        .map(each -> new Effective(each.getKey().department(), each.getKey().models(), each.getValue()))
        .toList();
  }
}
