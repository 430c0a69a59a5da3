package dev.modelops.domain.deployment;

import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.change.Change.Fact;
import dev.modelops.domain.deployment.Environment.RequiredCheck;
import dev.modelops.domain.problem.Reason;
import dev.modelops.domain.registry.Check;
import dev.modelops.domain.registry.Manifest;
import dev.modelops.domain.registry.Model;
import dev.modelops.domain.registry.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The gate: whether a version may go live in an environment. The one place that decides; asked at the request, at the
 * approval and when it goes live. It answers with every reason at once, and with the facts that the answer rests on, so
 * that the caller's transaction can check them again.
 */
public final class Deployability {

  private static final String WRITE_MODELS = "write-models";

  private Deployability() {}

  /**
   * @param reasons why it is closed; empty when it is open
   * @param approvalRequired whether the environment asks for an approval
   * @param facts what was read
   */
  public record Verdict(List<Reason> reasons, boolean approvalRequired, List<Fact> facts) {

    public Verdict {
      reasons = List.copyOf(reasons);
      facts = List.copyOf(facts);
    }

    public boolean open() {
      return reasons.isEmpty();
    }
  }

  /**
   * Everything but the approval: that is a matter of one deployment, not of the version.
   *
   * @param checks the version's latest results by name; those that the environment requires suffice
   */
  public static Verdict judge(Stored<Environment> environment, Stored<Model> model, Stored<Version> version,
      Map<String, Stored<Check>> checks) {
    List<Reason> reasons = new ArrayList<>();
    List<Fact> facts = new ArrayList<>();
    facts.add(Fact.of(model.entity().ref(), model));
    if (model.entity().state() != Model.State.ACTIVE) {
      reasons.add(new Reason("model-active", "active", wire(model.entity().state()), WRITE_MODELS));
    }
    Verdict rest = judgeVersion(environment, version, checks);
    reasons.addAll(rest.reasons());
    facts.addAll(rest.facts());
    return new Verdict(reasons, environment.entity().protection(), facts);
  }

  /** For a rollback: neither an approval nor an active model is asked for, since it adds nothing new there. */
  public static Verdict judgeRollback(Stored<Environment> environment, Stored<Version> version,
      Map<String, Stored<Check>> checks) {
    Verdict verdict = judgeVersion(environment, version, checks);
    return new Verdict(verdict.reasons(), false, verdict.facts());
  }

  /** Adds what the environment asks of this deployment's approval. */
  public static Verdict withApproval(Verdict verdict, Deployment deployment, @Nullable Stored<Approval> approval) {
    if (!verdict.approvalRequired()) {
      return verdict;
    }
    List<Fact> facts = new ArrayList<>(verdict.facts());
    if (approval != null) {
      facts.add(Fact.of(approval.entity().ref(), approval));
      if (approval.entity().decision() == Approval.Decision.APPROVED
          && approval.entity().manifest().equals(deployment.manifest())) {
        return new Verdict(verdict.reasons(), true, facts);
      }
    }
    List<Reason> reasons = new ArrayList<>(verdict.reasons());
    reasons.add(new Reason("approval", "approved for manifest " + deployment.manifest(),
        approval == null
            ? "none"
            : wire(approval.entity().decision()) + " for manifest " + approval.entity().manifest(),
        "approve"));
    return new Verdict(reasons, true, facts);
  }

  private static Verdict judgeVersion(Stored<Environment> environment, Stored<Version> stored,
      Map<String, Stored<Check>> checks) {
    List<Reason> reasons = new ArrayList<>();
    List<Fact> facts = new ArrayList<>();
    facts.add(Fact.of(environment.entity().ref(), environment));
    facts.add(Fact.of(stored.entity().ref(), stored));
    Version version = stored.entity();
    if (version.state() != Version.State.READY) {
      reasons.add(new Reason("version-ready", "ready", wire(version.state()),
          version.state() == Version.State.PENDING ? WRITE_MODELS : null));
    }
    if (environment.entity().requireProved() && version.proof() != Manifest.Proof.PROVED) {
      reasons.add(new Reason("artifacts-proved", "proved", wire(version.proof()), null));
    }
    for (RequiredCheck required : environment.entity().requiredChecks()) {
      Stored<Check> check = checks.get(required.name());
      Fact fact = Fact.of(Ref.check(version.model(), version.version(), required.name()), check);
      if (!facts.contains(fact)) {
        facts.add(fact);
      }
      String found = failure(required, check == null ? null : check.entity());
      if (found != null) {
        reasons.add(new Reason("required-check", required.text(), found, WRITE_MODELS));
      }
    }
    return new Verdict(reasons, environment.entity().protection(), facts);
  }

  /** What is wrong with the check; null when it is passed. The poster's own verdict can only fail it. */
  private static @Nullable String failure(RequiredCheck required, @Nullable Check check) {
    if (check == null) {
      return required.name() + ": no result";
    }
    if (check.status() == Check.Status.FAILED) {
      return required.name() + ": failed";
    }
    String metric = required.metric();
    Environment.Comparison comparison = required.comparison();
    Double threshold = required.threshold();
    if (metric == null || comparison == null || threshold == null) {
      return null;
    }
    Double found = check.metrics().get(metric);
    if (found == null) {
      return required.name() + ": no metric " + metric;
    }
    return comparison.holds(found, threshold) ? null : required.name() + ": " + metric + " is " + found;
  }

  private static String wire(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
