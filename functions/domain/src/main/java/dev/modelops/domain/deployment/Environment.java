package dev.modelops.domain.deployment;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A place where versions are live. {@code dev}, {@code staging} and {@code production} exist from the start, as
 * {@link #initial} says; whoever replaces them finds revision 0.
 *
 * @param mode who says that a deployment is live
 * @param protection whether a deployment needs an approval
 * @param requiredChecks judged by the metrics that were posted, at every move
 * @param requireProved whether versions that only name references are refused
 * @param timeLimit how long a deployment may stay {@code deploying} before it fails; for {@link Mode#REPORTED}
 */
public record Environment(String name, @Nullable String title, Mode mode, boolean protection,
    List<RequiredCheck> requiredChecks, boolean requireProved, Duration timeLimit, @Nullable Instant createdAt,
    @Nullable String createdBy, @Nullable Instant updatedAt, @Nullable String updatedBy) implements Entity {

  /** Most required checks; each is a condition in the transaction of a move. */
  public static final int MOST_CHECKS = 20;

  /** Recorded: an allowed deployment is live in the same transaction. Reported: when its deployer says so. */
  public enum Mode {
    RECORDED,
    REPORTED
  }

  /**
   * A check that a version must have passed.
   *
   * @param metric which metric of the check is compared; null when its status alone counts
   */
  public record RequiredCheck(String name, @Nullable String metric, @Nullable Comparison comparison,
      @Nullable Double threshold) {

    /** As a sentence: {@code accuracy: auc at-least 0.9}. */
    String text() {
      return metric == null || comparison == null
          ? name + ": passed"
          : name + ": " + metric + " " + comparison.wire() + " " + threshold;
    }
  }

  /** How a metric is compared with its threshold. */
  public enum Comparison {
    LESS_THAN,
    AT_MOST,
    EQUAL_TO,
    AT_LEAST,
    GREATER_THAN;

    String wire() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public boolean holds(double found, double threshold) {
      return switch (this) {
        case LESS_THAN -> found < threshold;
        case AT_MOST -> found <= threshold;
        case EQUAL_TO -> found == threshold;
        case AT_LEAST -> found >= threshold;
        case GREATER_THAN -> found > threshold;
      };
    }
  }

  public Environment {
    requiredChecks = List.copyOf(requiredChecks);
  }

  /** The environments that exist before anybody made one: all recorded, production protected. */
  public static List<Environment> initial() {
    return List.of(initial("dev", false), initial("production", true), initial("staging", false));
  }

  private static Environment initial(String name, boolean protection) {
    return new Environment(name, null, Mode.RECORDED, protection, List.of(), false, Duration.ofHours(1), null, null,
        null, null);
  }

  /** The same as of another change. */
  public Environment updated(@Nullable Instant at, @Nullable String by) {
    return new Environment(name, title, mode, protection, requiredChecks, requireProved, timeLimit, createdAt,
        createdBy, at, by);
  }

  @Override
  public Ref ref() {
    return Ref.environment(name);
  }

  @Override
  public String department() {
    return ORGANISATION;
  }
}
