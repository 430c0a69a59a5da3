package dev.modelops.domain.problem;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A request that is answered with a problem. Carries all that the answer says; has no stack trace, since it is no failure. */
public final class Refused extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final Problem problem;
  private final transient List<Violation> violations;
  private final transient List<Reason> reasons;
  private final transient List<String> allowedMoves;
  private final transient Map<String, String> headers;

  private Refused(Problem problem, String detail, List<Violation> violations, List<Reason> reasons,
      List<String> allowedMoves, Map<String, String> headers) {
    super(detail, null, false, false);
    this.problem = problem;
    this.violations = List.copyOf(violations);
    this.reasons = List.copyOf(reasons);
    this.allowedMoves = List.copyOf(allowedMoves);
    this.headers = Map.copyOf(headers);
  }

  public static Refused of(Problem problem, String detail) {
    return new Refused(problem, detail, List.of(), List.of(), List.of(), Map.of());
  }

  public static Refused of(Problem problem, String detail, Map<String, String> headers) {
    return new Refused(problem, detail, List.of(), List.of(), List.of(), headers);
  }

  public static Refused invalid(Problem problem, List<Violation> violations) {
    return invalid(problem, violations, Map.of());
  }

  public static Refused invalid(Problem problem, List<Violation> violations, Map<String, String> headers) {
    String detail = violations.size() == 1 ? violations.getFirst().message() : violations.size() + " violations";
    return new Refused(problem, detail, violations, List.of(), List.of(), headers);
  }

  /** A single violation of a rule that no schema can say: 422. */
  public static Refused unprocessable(String pointer, String code, String message, @Nullable String allowed) {
    return invalid(Problem.UNPROCESSABLE, List.of(new Violation(pointer, code, message, allowed)));
  }

  public static Refused gateClosed(String detail, List<Reason> reasons) {
    return new Refused(Problem.GATE_CLOSED, detail, List.of(), reasons, List.of(), Map.of());
  }

  public static Refused illegalMove(String detail, List<String> allowedMoves) {
    return new Refused(Problem.ILLEGAL_MOVE, detail, List.of(), List.of(), allowedMoves, Map.of());
  }

  public static Refused notFound(String what) {
    return of(Problem.NOT_FOUND, what);
  }

  public Problem problem() {
    return problem;
  }

  public String detail() {
    String detail = getMessage();
    return detail == null ? problem.title() : detail;
  }

  public List<Violation> violations() {
    return violations;
  }

  public List<Reason> reasons() {
    return reasons;
  }

  public List<String> allowedMoves() {
    return allowedMoves;
  }

  public Map<String, String> headers() {
    return headers;
  }
}
