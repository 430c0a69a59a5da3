package dev.modelops.domain.deployment;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What can be done to a deployment that exists. The wire names appear as {@code allowedMoves} in problems. */
public enum Move {
  APPROVE,
  REJECT,
  REPORT_LIVE,
  REPORT_FAILED,
  CANCEL,
  ROLL_BACK,
  RETIRE;

  /** Whether the state of the deployment allows it; who may do it is another question. */
  public boolean legal(Deployment deployment, Environment environment) {
    return switch (deployment.state()) {
      case REQUESTED, AWAITING_APPROVAL -> this == APPROVE || this == REJECT || this == CANCEL;
      case DEPLOYING -> switch (this) {
        case REPORT_LIVE, REPORT_FAILED, CANCEL -> true;
        case APPROVE, REJECT -> decidable(deployment, environment);
        case ROLL_BACK, RETIRE -> false;
      };
      case LIVE -> this == ROLL_BACK || this == RETIRE;
      case SUPERSEDED, ROLLED_BACK, RETIRED, FAILED, REJECTED, CANCELLED -> false;
    };
  }

  /** All legal moves, in a fixed order. */
  public static List<String> legalMoves(Deployment deployment, Environment environment) {
    return Arrays.stream(values()).filter(move -> move.legal(deployment, environment)).map(Move::wire).toList();
  }

  /**
   * While it is deploying an approver can still take an approval back, or give one that the environment has come to ask
   * for. Never to a rollback: whoever is on call does not wait for an approver.
   */
  private static boolean decidable(Deployment deployment, Environment environment) {
    return deployment.rollbackOf() == null && (environment.protection() || deployment.approvedBy() != null);
  }

  public String wire() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
