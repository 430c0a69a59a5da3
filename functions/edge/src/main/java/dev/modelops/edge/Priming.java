package dev.modelops.edge;

import com.amazonaws.services.lambda.runtime.Context;
import dev.modelops.domain.Entity;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Grant;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.Role;
import dev.modelops.domain.access.SubjectType;
import dev.modelops.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs what first requests would run, from event to answer: changes under a name that nobody has, then every read. The
 * store only lets changes rehearse by then, and the answers do not matter.
 */
final class Priming implements Runnable {
  private static final int MANY = 30;
  /** In place of the contract's examples: nothing real is to be read, or held for written. */
  private static final Map<String, String> NAMES = Map.of("model", Snapshot.NOBODY, "department", Snapshot.NOBODY,
      "version", "1", "entity", "model:" + Snapshot.NOBODY);
  /** The entity tag of what was just made. */
  private static final String FIRST = "\"1\"";
  private static final List<String> WRITES = List.of("PUT", "POST", "PATCH");

  private final Router router;

  Priming(Router router) {
    this.router = router;
  }

  @Override
  public void run() {
    router.commits().prime();
    Router quiet = router.quiet();
    List<Operation> operations = router.contract().servedBy(router.function());
    operations.forEach(this::check);
    for (String method : WRITES) {
      operations.stream().filter(operation -> operation.method().equals(method) && changes(operation))
          .forEach(operation -> {
            send(quiet, operation, Map.of());
            if (operation.parameter(Operation.In.HEADER, Headers.IF_MATCH).isPresent()) {
              send(quiet, operation, Map.of("if-match", FIRST));
            }
          });
    }
    operations.stream().filter(operation -> operation.method().equals("GET") && !leavesATrace(operation))
        .forEach(operation -> send(quiet, operation, Map.of()));
  }

  /** So often that a body of many parts meets compiled code. */
  private void check(Operation operation) {
    Operation.Body body = operation.consumes();
    if (body != null && body.example() != null) {
      JsonNode example = Json.tree(body.example().getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < MANY; i++) {
        router.contract().schemas().check(body.schema(), example);
      }
    }
  }

  /** What issues secrets is left out: they would be in the snapshot. */
  private static boolean changes(Operation operation) {
    return operation.consumes() != null && operation.permission() != Permission.SELF;
  }

  private static boolean leavesATrace(Operation operation) {
    return !Set.of(Permission.PUBLIC, Permission.SELF, Permission.READ, Permission.READ_AUDIT)
        .contains(operation.permission());
  }

  private static void send(Router quiet, Operation operation, Map<String, String> more) {
    String path = operation.path().segments().stream()
        .map(segment -> segment.startsWith("{") ? example(operation, segment.substring(1, segment.length() - 1))
            : segment)
        .collect(Collectors.joining("/", "/", ""));
    String query = operation.parameters().stream()
        .filter(parameter -> parameter.in() == Operation.In.QUERY
            && (parameter.required() || NAMES.containsKey(parameter.name())))
        .map(parameter -> parameter.name() + "="
            + QueryString.encode(NAMES.getOrDefault(parameter.name(), String.valueOf(parameter.example()))))
        .collect(Collectors.joining("&"));
    List<Grant> grants = Stream.of(Role.values())
        .map(role -> new Grant(role, Entity.ORGANISATION, null, null, "system:priming")).toList();
    Caller caller =
        new Caller("system:priming", SubjectType.SERVICE, null, null, grants, null, "priming");
    Map<String, String> headers = new HashMap<>(more);
    headers.put("accept", "application/json");
    Operation.Body declared = operation.consumes();
    if (declared != null) {
      headers.put("content-type", declared.mediaTypes().iterator().next());
    }
    HttpEvent event = new HttpEvent(path, query, headers,
        new HttpEvent.Context(new HttpEvent.Http(operation.method(), null), "priming",
            new HttpEvent.Authorizer(Map.of("principal", Json.text(caller)))),
        body(operation), false);
    byte[] sent = Json.write(event);
    Json.write(quiet.answer(Json.read(sent, HttpEvent.class), new PrimingContext()));
  }

  /** Of a parameter of the path. */
  private static String example(Operation operation, String name) {
    return NAMES.containsKey(name) ? NAMES.get(name)
        : operation.parameter(Operation.In.PATH, name).map(Operation.Parameter::example).orElse(Snapshot.NOBODY);
  }

  private static @Nullable String body(Operation operation) {
    Operation.Body body = operation.consumes();
    if (body == null || body.example() == null) {
      return null;
    }
    JsonNode example = Json.tree(body.example().getBytes(StandardCharsets.UTF_8));
    if (example instanceof ObjectNode object) {
      NAMES.forEach((name, value) -> {
        if (object.path(name).isString()) {
          object.put(name, value);
        } else if (object.path(name).isInt()) {
          object.put(name, Integer.parseInt(value));
        }
      });
    }
    return Json.text(example);
  }

  /** Stands in for Lambda while there is no invocation. */
  private static final class PrimingContext implements Context {
    @Override
    public String getAwsRequestId() {
      return "priming";
    }

    @Override
    public String getLogGroupName() {
      return "priming";
    }

    @Override
    public String getLogStreamName() {
      return "priming";
    }

    @Override
    public String getFunctionName() {
      return "priming";
    }

    @Override
    public String getFunctionVersion() {
      return "priming";
    }

    @Override
    public String getInvokedFunctionArn() {
      return "priming";
    }

    @Override
    @SuppressWarnings("NullAway") // no identity: Lambda itself answers null here
    public com.amazonaws.services.lambda.runtime.CognitoIdentity getIdentity() {
      return null;
    }

    @Override
    @SuppressWarnings("NullAway") // likewise
    public com.amazonaws.services.lambda.runtime.ClientContext getClientContext() {
      return null;
    }

    @Override
    public int getRemainingTimeInMillis() {
      return 5_000;
    }

    @Override
    public int getMemoryLimitInMB() {
      return 0;
    }

    @Override
    public com.amazonaws.services.lambda.runtime.LambdaLogger getLogger() {
      throw new IllegalStateException("priming logs nothing");
    }
  }
}
