package dev.modelops.deployment;

import dev.modelops.domain.Entities;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.deployment.Approval;
import dev.modelops.domain.deployment.Deployability;
import dev.modelops.domain.deployment.Deployability.Verdict;
import dev.modelops.domain.deployment.Deployment;
import dev.modelops.domain.deployment.Environment;
import dev.modelops.domain.registry.Check;
import dev.modelops.domain.registry.Model;
import dev.modelops.domain.registry.Version;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads what the gate wants to know, strongly consistent, and asks {@link Deployability}. */
final class Gate {

  private final Entities entities;

  @Inject
  Gate(Entities entities) {
    this.entities = entities;
  }

  Verdict ask(Stored<Environment> environment, Stored<Model> model, Stored<Version> version) {
    return Deployability.judge(environment, model, version, checks(environment, version));
  }

  Verdict askRollback(Stored<Environment> environment, Stored<Version> version) {
    return Deployability.judgeRollback(environment, version, checks(environment, version));
  }

  /** The whole gate, as it stands before a deployment goes live that was asked for earlier. */
  Verdict askAgain(Stored<Environment> environment, Stored<Model> model, Stored<Version> version,
      Deployment deployment) {
    if (deployment.rollbackOf() != null) {
      return askRollback(environment, version);
    }
    return Deployability.withApproval(ask(environment, model, version), deployment, approval(deployment));
  }

  private @Nullable Stored<Approval> approval(Deployment deployment) {
    String approver = deployment.approvedBy();
    return approver == null
        ? null
        : entities.get(Approval.class, Ref.approval(deployment.id(), approver)).orElse(null);
  }

  private Map<String, Stored<Check>> checks(Stored<Environment> environment, Stored<Version> stored) {
    Version version = stored.entity();
    List<Ref> refs = environment.entity().requiredChecks().stream()
        .map(required -> Ref.check(version.model(), version.version(), required.name())).distinct().toList();
    Map<String, Stored<Check>> checks = new HashMap<>();
    if (!refs.isEmpty()) {
      entities.getAll(Check.class, refs).values().forEach(check -> checks.put(check.entity().name(), check));
    }
    return checks;
  }
}
