package dev.modelops.domain.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.change.Change.Fact;
import dev.modelops.domain.deployment.Deployability.Verdict;
import dev.modelops.domain.deployment.Environment.Comparison;
import dev.modelops.domain.deployment.Environment.Mode;
import dev.modelops.domain.deployment.Environment.RequiredCheck;
import dev.modelops.domain.problem.Reason;
import dev.modelops.domain.registry.Check;
import dev.modelops.domain.registry.Manifest;
import dev.modelops.domain.registry.Model;
import dev.modelops.domain.registry.ModelKind;
import dev.modelops.domain.registry.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class DeployabilityTest {

  private static final Instant AT = Instant.parse("2026-01-01T00:00:00Z");
  private static final RequiredCheck AUC = new RequiredCheck("quality", "auc", Comparison.AT_LEAST, 0.9);

  @Test
  void a_ready_version_of_an_active_model_without_required_checks_may_go_anywhere() {
    Verdict verdict = judge(environment(false, false), Version.State.READY, Map.of());
    assertThat(verdict.open()).isTrue();
    assertThat(verdict.approvalRequired()).isFalse();
  }

  @Test
  void every_reason_is_given_at_once() {
    Verdict verdict = Deployability.judge(environment(true, true, AUC, new RequiredCheck("bias", null, null, null)),
        new Stored<>(model(Model.State.ARCHIVED), 4, ""),
        new Stored<>(version(Version.State.WITHDRAWN, Manifest.Proof.DECLARED), 7, ""), Map.of());

    assertThat(verdict.reasons()).extracting(Reason::rule).containsExactly("model-active", "version-ready",
        "artifacts-proved", "required-check", "required-check");
    assertThat(verdict.approvalRequired()).isTrue();
  }

  @Test
  void the_facts_name_everything_that_was_read_and_what_was_missing() {
    Verdict verdict = judge(environment(false, false, AUC, new RequiredCheck("bias", null, null, null)),
        Version.State.READY, Map.of("quality", check("quality", Check.Status.PASSED, Map.of("auc", 0.95))));

    assertThat(verdict.facts()).containsExactlyInAnyOrder(new Fact(Ref.model(World.MODEL), 4),
        new Fact(Ref.environment("place"), 0), new Fact(Ref.version(World.MODEL, 1), 7),
        new Fact(Ref.check(World.MODEL, 1, "quality"), 3), new Fact(Ref.check(World.MODEL, 1, "bias"), 0));
  }

  @Property
  void the_server_judges_the_metric_whatever_the_poster_says(@ForAll @DoubleRange(min = 0, max = 1) double auc) {
    Verdict verdict = judge(environment(false, false, AUC), Version.State.READY,
        Map.of("quality", check("quality", Check.Status.PASSED, Map.of("auc", auc))));
    assertThat(verdict.open()).isEqualTo(auc >= 0.9);
  }

  @Test
  void the_posters_own_status_can_only_fail_it() {
    Verdict verdict = judge(environment(false, false, AUC), Version.State.READY,
        Map.of("quality", check("quality", Check.Status.FAILED, Map.of("auc", 0.99))));
    assertThat(verdict.reasons()).containsExactly(
        new Reason("required-check", "quality: auc at-least 0.9", "quality: failed", "write-models"));
  }

  @Test
  void a_missing_metric_fails_it() {
    Verdict verdict = judge(environment(false, false, AUC), Version.State.READY,
        Map.of("quality", check("quality", Check.Status.PASSED, Map.of("f1", 0.99))));
    assertThat(verdict.reasons()).extracting(Reason::found).containsExactly("quality: no metric auc");
  }

  @Test
  void each_comparison_is_what_its_name_says() {
    Map<Comparison, List<Boolean>> belowEqualAbove = Map.of(Comparison.LESS_THAN, List.of(true, false, false),
        Comparison.AT_MOST, List.of(true, true, false), Comparison.EQUAL_TO, List.of(false, true, false),
        Comparison.AT_LEAST, List.of(false, true, true), Comparison.GREATER_THAN, List.of(false, false, true));
    belowEqualAbove.forEach((comparison, expected) -> assertThat(
        List.of(comparison.holds(1, 2), comparison.holds(2, 2), comparison.holds(3, 2))).isEqualTo(expected));
  }

  @Test
  void a_rollback_asks_neither_for_an_approval_nor_for_an_active_model() {
    Verdict verdict = Deployability.judgeRollback(environment(true, false),
        new Stored<>(version(Version.State.READY, Manifest.Proof.PROVED), 7, ""), Map.of());
    assertThat(verdict.open()).isTrue();
    assertThat(verdict.approvalRequired()).isFalse();
  }

  private static Verdict judge(Stored<Environment> environment, Version.State state,
      Map<String, Stored<Check>> checks) {
    return Deployability.judge(environment, new Stored<>(model(Model.State.ACTIVE), 4, ""),
        new Stored<>(version(state, Manifest.Proof.PROVED), 7, ""), new HashMap<>(checks));
  }

  private static Stored<Environment> environment(boolean protection, boolean requireProved, RequiredCheck... checks) {
    return new Stored<>(new Environment("place", null, Mode.RECORDED, protection, List.of(checks), requireProved,
        Duration.ofHours(1), null, null, null, null), 0, "");
  }

  private static Model model(Model.State state) {
    return new Model(World.MODEL, ModelKind.ML, state, "payments", null, null, null, Map.of(), null, null, Map.of(),
        Map.of(), null, AT, "usr_author", AT, "usr_author");
  }

  private static Version version(Version.State state, Manifest.Proof proof) {
    Version ready = World.version(1, state);
    return new Version(ready.model(), 1, ready.department(), null, state, ready.manifest(), proof, null, null, Map.of(),
        AT, "usr_author", null, null, AT, null, ready.aliases(), ready.liveIn(), ready.openDeployments());
  }

  private static Stored<Check> check(String name, Check.Status status, Map<String, Double> metrics) {
    return new Stored<>(new Check(World.MODEL, 1, name, "payments", status, metrics, null, null, AT, "svc_ci"), 3, "");
  }
}
