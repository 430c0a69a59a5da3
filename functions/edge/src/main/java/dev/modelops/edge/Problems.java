package dev.modelops.edge;

import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Reason;
import dev.modelops.domain.problem.Refused;
import dev.modelops.domain.problem.Violation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Problems as answers (RFC 9457). */
final class Problems {
  private static final Map<Problem, String> RETRY_AFTER =
      Map.of(Problem.UNAVAILABLE, "2", Problem.TOO_MANY_REQUESTS, "1");

  private Problems() {}

  record Body(String type, String title, int status, String detail, String instance, @Nullable List<Violation> errors,
      @Nullable List<Reason> reasons, @Nullable List<String> allowedMoves) {}

  static Reply reply(Refused refused, String requestId) {
    Problem problem = refused.problem();
    Body body = new Body("/problems/" + problem.wire(), problem.title(), problem.status(), refused.detail(), requestId,
        orNull(refused.violations()), orNull(refused.reasons()), orNull(refused.allowedMoves()));
    Map<String, String> headers = new LinkedHashMap<>(refused.headers());
    headers.put("Content-Type", "application/problem+json");
    String wait = RETRY_AFTER.get(problem);
    if (wait != null) {
      headers.putIfAbsent("Retry-After", wait);
    }
    return new Reply(problem.status(), headers, body);
  }

  private static <T> @Nullable List<T> orNull(List<T> list) {
    return list.isEmpty() ? null : list;
  }
}
