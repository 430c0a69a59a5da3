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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Runs what a first request would run: every body schema on its example, and some reads through router, JSON and store.
 * Only reads that leave no trace; the answers do not matter.
 */
final class Priming implements Runnable {
  private static final int MOST_READS = 3;
  private static final Set<Permission> HARMLESS =
      Set.of(Permission.PUBLIC, Permission.SELF, Permission.READ, Permission.READ_AUDIT);
  private static final String NOBODY = "priming";

  private final Router router;

  Priming(Router router) {
    this.router = router;
  }

  @Override
  public void run() {
    Router quiet = router.quiet();
    List<Operation> operations = router.contract().servedBy(router.function());
    for (Operation operation : operations) {
      Operation.Body body = operation.consumes();
      if (body != null && body.example() != null) {
        router.contract().schemas().check(body.schema(),
            Json.tree(body.example().getBytes(StandardCharsets.UTF_8)));
      }
    }
    operations.stream()
        .filter(operation -> operation.method().equals("GET") && HARMLESS.contains(operation.permission()))
        .limit(MOST_READS)
        .forEach(operation -> read(quiet, operation));
  }

  private static void read(Router quiet, Operation operation) {
    String path = operation.path().segments().stream()
        .map(segment -> segment.startsWith("{") ? example(operation, segment.substring(1, segment.length() - 1))
            : segment)
        .collect(Collectors.joining("/", "/", ""));
    String query = operation.parameters().stream()
        .filter(parameter -> parameter.in() == Operation.In.QUERY && parameter.required())
        .map(parameter -> parameter.name() + "=" + QueryString.encode(String.valueOf(parameter.example())))
        .collect(Collectors.joining("&"));
    Caller caller = new Caller("system:" + NOBODY, SubjectType.SERVICE, null, null,
        List.of(new Grant(Role.AUDITOR, Entity.ORGANISATION, null, null, "system:" + NOBODY)), null, NOBODY);
    HttpEvent event = new HttpEvent(path, query, Map.of("accept", "application/json"),
        new HttpEvent.Context(new HttpEvent.Http("GET", null), NOBODY,
            new HttpEvent.Authorizer(Map.of("principal", Json.text(caller)))),
        null, false);
    byte[] sent = Json.write(event);
    Json.write(quiet.answer(Json.read(sent, HttpEvent.class), new PrimingContext()));
  }

  /** As the contract says, but for names that callers choose: nothing real is to be read. */
  private static String example(Operation operation, String name) {
    return operation.parameter(Operation.In.PATH, name)
        .filter(parameter -> !name.equals("model"))
        .map(Operation.Parameter::example)
        .orElse(NOBODY);
  }

  /** Stands in for Lambda while there is no invocation. */
  private static final class PrimingContext implements Context {
    @Override
    public String getAwsRequestId() {
      return NOBODY;
    }

    @Override
    public String getLogGroupName() {
      return NOBODY;
    }

    @Override
    public String getLogStreamName() {
      return NOBODY;
    }

    @Override
    public String getFunctionName() {
      return NOBODY;
    }

    @Override
    public String getFunctionVersion() {
      return NOBODY;
    }

    @Override
    public String getInvokedFunctionArn() {
      return NOBODY;
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
