package dev.modelops.domain.deployment;

import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Grant;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.Role;
import dev.modelops.domain.access.SubjectType;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whose approval counts: subjects are compared, never tokens, so that a second token of one person is no second person.
 */
public final class SeparationOfDuties {

  private SeparationOfDuties() {}

  /** Why an approval by this caller would not count; empty when it would. */
  public static Optional<String> objection(Caller approver, Deployment deployment) {
    Set<String> wishers = wishers(deployment);
    if (approver.type() == SubjectType.SERVICE) {
      return Optional.of("a service cannot approve");
    }
    if (approver.grants().stream().anyMatch(grant -> grant.role() == Role.ADMIN)) {
      return Optional.of("an admin cannot approve");
    }
    if (isWishOf(approver, deployment)) {
      return Optional.of("an approval by whoever asked for it does not count: another subject must approve");
    }
    List<Grant> grants = approver.holding(Permission.APPROVE, deployment.department(), deployment.model());
    if (grants.isEmpty()) {
      return Optional.of("approving needs a role that may approve for this model");
    }
    if (grants.stream().allMatch(grant -> wishers.contains(grant.grantedBy()))) {
      return Optional.of("an approval does not count when whoever asked for the deployment gave the approver the role");
    }
    return Optional.empty();
  }

  /** Whether it is the caller's own wish, or one made on the caller's behalf. */
  public static boolean isWishOf(Caller caller, Deployment deployment) {
    Set<String> wishers = wishers(deployment);
    return wishers.contains(caller.subject()) || caller.onBehalfOf() != null && wishers.contains(caller.onBehalfOf());
  }

  /** Who asked for it: the requester, and the person behind the requester's run. */
  private static Set<String> wishers(Deployment deployment) {
    Set<String> wishers = new TreeSet<>();
    wishers.add(deployment.requestedBy());
    if (deployment.onBehalfOf() != null) {
      wishers.add(deployment.onBehalfOf());
    }
    return wishers;
  }
}
