package dev.modelops.edge;

import com.amazonaws.services.lambda.runtime.Context;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.Subjects;
import dev.modelops.domain.change.Unavailable;
import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * From an event to an answer: route, caller, permission, contract, action, commit. Denies by default: an operation
 * without a permission does not exist, and a function whose operations and actions do not agree does not start.
 */
public final class Router {
  private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern TRACEPARENT = Pattern.compile("[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");

  private final Contract contract;
  private final String function;
  private final Routes bound;
  private final Map<String, Routes.Route> routes;
  private final Checks checks;
  private final Commits commits;
  private final Cursors cursors;
  private final @Nullable Subjects subjects;
  private final Clock clock;
  private final RequestLog log;

  Router(Contract contract, String function, Routes routes, Commits commits, Cursors cursors,
      Optional<Subjects> subjects, Clock clock, RequestLog log) {
    this.contract = contract;
    this.function = function;
    this.bound = routes;
    this.routes = routes.all();
    this.checks = new Checks(contract.schemas());
    this.commits = commits;
    this.cursors = cursors;
    this.subjects = subjects.orElse(null);
    this.clock = clock;
    this.log = log;
    agree();
  }

  private void agree() {
    Set<String> declared = new TreeSet<>();
    for (Operation operation : contract.servedBy(function)) {
      declared.add(operation.id());
      Routes.Route route = routes.get(operation.id());
      if (route != null && operation.remembers() && route.replay() == null) {
        throw new IllegalStateException(operation.id() + " takes an Idempotency-Key: bind it with a Replay");
      }
    }
    if (!declared.equals(routes.keySet())) {
      Set<String> unbound = new TreeSet<>(declared);
      unbound.removeAll(routes.keySet());
      Set<String> unknown = new TreeSet<>(routes.keySet());
      unknown.removeAll(declared);
      throw new IllegalStateException("the function " + function + " and the contract do not agree: unbound " + unbound
          + ", not in the contract " + unknown);
    }
  }

  /** What is known of a request while it is answered; what is logged in the end. */
  private static final class Trace {
    @Nullable Operation operation;
    @Nullable Caller caller;
    @Nullable Problem problem;
  }

  HttpResponse answer(HttpEvent event, Context context) {
    long start = System.nanoTime();
    String requestId = event.header(Headers.REQUEST_ID).filter(id -> REQUEST_ID.matcher(id).matches())
        .orElse(event.gatewayId());
    Trace trace = new Trace();
    Reply reply;
    try {
      Reply full = handle(event, Invocation.of(context, requestId, clock), trace);
      reply = notModified(event, full);
    } catch (Refused refused) {
      reply = refused(refused, requestId, trace);
    } catch (Unavailable unavailable) {
      log.failure(function, requestId, unavailable);
      reply = refused(Refused.of(Problem.UNAVAILABLE,
          "the store did not answer in time: send the identical request again"), requestId, trace);
    } catch (RuntimeException | StackOverflowError failure) {
      log.failure(function, requestId, failure);
      reply = refused(Refused.of(Problem.INTERNAL_ERROR, "it is logged under the request id"), requestId, trace);
    }
    HttpResponse response = HttpResponse.of(reply.header(Headers.REQUEST_ID, requestId));
    if (response.tooLarge()) {
      Refused large = Refused.of(Problem.UNPROCESSABLE, "the answer is larger than 6 MB: ask for less at once");
      response = HttpResponse.of(refused(large, requestId, trace).header(Headers.REQUEST_ID, requestId));
    }
    log(event, requestId, trace, response, System.nanoTime() - start);
    return response;
  }

  private static Reply refused(Refused refused, String requestId, Trace trace) {
    trace.problem = refused.problem();
    return Problems.reply(refused, requestId);
  }

  private Reply handle(HttpEvent event, Invocation invocation, Trace trace) {
    Contract.Match match = contract.match(event.path())
        .orElseThrow(() -> Refused.notFound("no operation has this path"));
    if (event.method().equals("OPTIONS")) {
      return Reply.noContent().header("Allow", match.allow());
    }
    Operation operation = match.operation(event.method());
    if (operation == null) {
      throw Refused.of(Problem.METHOD_NOT_ALLOWED, "use " + match.allow(), Map.of("Allow", match.allow()));
    }
    Routes.Route route = routes.get(operation.id());
    if (route == null) {
      throw Refused.notFound("no operation has this path");
    }
    trace.operation = operation;
    Caller caller = null;
    if (operation.permission() != Permission.PUBLIC) {
      caller = Authentication.caller(event.authorizer(), invocation.now());
      trace.caller = caller;
      if (!caller.may(operation.permission())) {
        throw Request.forbidden(operation.permission());
      }
    }
    Checks.Passed passed = checks.check(operation, event, match.values());
    return commits.run(route,
        new Request(operation, event, match.values(), passed, caller, invocation, cursors, subjects));
  }

  private static Reply notModified(HttpEvent event, Reply reply) {
    String etag = reply.headers().get("ETag");
    Optional<String> known = event.header(Headers.IF_NONE_MATCH);
    if (etag == null || known.isEmpty() || reply.status() != 200 || !event.method().equals("GET")
        || !ETags.knows(known.get(), etag)) {
      return reply;
    }
    Reply same = new Reply(304, Map.of("ETag", etag), null);
    String cache = reply.headers().get("Cache-Control");
    return cache == null ? same : same.header("Cache-Control", cache);
  }

  private void log(HttpEvent event, String requestId, Trace trace, HttpResponse response, long nanos) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("function", function);
    fields.put("operation", trace.operation == null ? null : trace.operation.id());
    fields.put("status", response.statusCode());
    fields.put("requestId", requestId);
    fields.put("gatewayId", event.gatewayId().equals(requestId) ? null : event.gatewayId());
    fields.put("subject", trace.caller == null ? null : trace.caller.subject());
    fields.put("problem", trace.problem == null ? null : trace.problem.wire());
    fields.put("durationMs", nanos / 10_000 / 100.0);
    fields.put("traceparent",
        event.header("traceparent").filter(text -> TRACEPARENT.matcher(text).matches()).orElse(null));
    boolean denied = trace.problem == Problem.UNAUTHENTICATED || trace.problem == Problem.FORBIDDEN;
    if (denied) {
      fields.put("denied", trace.operation == null ? null : trace.operation.route());
      fields.put("principal", trace.caller == null ? "unauthenticated" : trace.caller.subject());
    }
    log.line(response.statusCode() >= 500 ? "error" : denied ? "warn" : "info", fields);
  }

  /** The same router on a log that tells of failures alone, for priming. */
  Router quiet() {
    return new Router(contract, function, bound, commits, cursors, Optional.ofNullable(subjects), clock,
        log.failuresOnly());
  }

  Contract contract() {
    return contract;
  }

  String function() {
    return function;
  }

  Cursors cursors() {
    return cursors;
  }

  Commits commits() {
    return commits;
  }
}
