package dev.modelops.local.history;

import dev.modelops.domain.access.Role;
import dev.modelops.testkit.Answer;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The whole API as one client sees it: by its handlers, or over HTTP. */
interface Api {

  /**
   * One request.
   *
   * @param operation its {@code operationId}
   * @param body JSON; null for none
   */
  record Call(Role role, String operation, String method, String target, Map<String, String> headers,
      @Nullable Object body) {}

  /**
   * Sends it once.
   *
   * @throws IOException when no answer came: whether the request was done is unknown
   */
  Answer send(Call call) throws IOException;
}
