package dev.modelops.front;

import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.edge.Contract;
import dev.modelops.edge.Reply;
import dev.modelops.edge.Request;
import java.util.Arrays;
import java.util.Map;

/** What can be said without a store. */
final class FrontResource {
  private static final String BRIEFLY = "public, max-age=300";
  private static final String HTML = "text/html";

  private final Contract contract;
  private final byte[] json;
  private final String digest;

  FrontResource(Contract contract) {
    this.contract = contract;
    this.json = contract.bytes();
    this.digest = contract.digest().substring(0, 32);
  }

  record Front(String name, String version, Map<String, String> links) {}

  record Health(String status, String version) {}

  record ProblemPage(String type, String title, int status, String description) {}

  Reply front(Request request) {
    if (request.mediaType().equals(HTML)) {
      return html(Pages.front(contract.version()));
    }
    return chosen(Reply.ok(new Front("ModelOps API", contract.version(),
        Map.of("contract", "/openapi.json", "health", "/health", "whoami", "/v1/whoami", "models", "/v1/models"))));
  }

  Reply health(Request request) {
    return Reply.ok(new Health("ok", contract.version()));
  }

  Reply contract(Request request) {
    return Reply.raw("application/json", json).etag(digest).header("Cache-Control", BRIEFLY);
  }

  Reply problem(Request request) {
    String name = request.path("problem");
    Problem problem = Arrays.stream(Problem.values())
        .filter(each -> each.wire().equals(name))
        .findFirst()
        .orElseThrow(() -> Refused.notFound("there is no problem of this name"));
    String description = contract.document().path("x-problems").path(name).asString("");
    ProblemPage page = new ProblemPage("/problems/" + name, problem.title(), problem.status(), description);
    return request.mediaType().equals(HTML) ? html(Pages.problem(page)) : chosen(Reply.ok(page));
  }

  private static Reply html(byte[] page) {
    return chosen(Reply.raw("text/html; charset=utf-8", page))
        .header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
  }

  /** Of two forms, by what the caller accepts: a cache that keeps it must not give it to others. */
  private static Reply chosen(Reply reply) {
    return reply.header("Cache-Control", BRIEFLY).header("Vary", "Accept");
  }
}
