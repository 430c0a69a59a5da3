package dev.modelops.testkit;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.modelops.embedded.LocalAws;
import dev.modelops.embedded.Template;
import dev.modelops.embedded.TestAws;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every function of the template with its real handler, on tables and buckets of its own. */
public final class Functions {

  public static final Template TEMPLATE =
      Template.read(Path.of(System.getProperty("modelops.root", "../..")).resolve("template.yaml"));

  private static final List<Served> SERVED = Operations.all().stream().map(Served::new).toList();

  /** An operation and the paths that are its. */
  private record Served(Operations.Operation operation, Pattern paths) {
    Served(Operations.Operation operation) {
      this(operation, Pattern.compile(operation.template().replaceAll("\\{[^}]*}", "[^/]+")));
    }

    int parameters() {
      return operation.template().split("\\{", -1).length;
    }
  }

  private final LocalAws aws;
  private final ClassLoader classes;
  private final Map<String, RequestStreamHandler> mounted = new ConcurrentHashMap<>();

  /** With the handlers on the class path. */
  public Functions(TestAws aws) {
    this(aws.aws());
  }

  /** With the handlers on the class path. */
  public Functions(LocalAws aws) {
    this(aws, Functions.class.getClassLoader());
  }

  /** With handlers of these classes. */
  public Functions(TestAws aws, ClassLoader classes) {
    this(aws.aws(), classes);
  }

  private Functions(LocalAws aws, ClassLoader classes) {
    this.aws = aws;
    this.classes = classes;
  }

  /** The function with this logical id. */
  public RequestStreamHandler get(String id) {
    return mounted.computeIfAbsent(id, this::mount);
  }

  /** All that serve the API behind one handler: an event goes to the function that the contract names for its path. */
  public RequestStreamHandler api() {
    return (in, out, context) -> {
      byte[] event = in.readAllBytes();
      JsonNode http = JsonMapper.shared().readTree(event).at("/requestContext/http");
      get(serving(http.path("method").asString(), http.path("path").asString()))
          .handleRequest(new ByteArrayInputStream(event), out, context);
    };
  }

  /** Of several templates that match, the one with the fewest parameters. */
  private static String serving(String method, String path) {
    return SERVED.stream()
        .filter(each -> each.operation().method().equals(method) && each.paths().matcher(path).matches())
        .min(Comparator.comparingInt(Served::parameters)).orElseThrow().operation().functionId();
  }

  private RequestStreamHandler mount(String id) {
    Template.Function function = TEMPLATE.functions().get(id);
    if (function == null) {
      throw new AssertionError("template.yaml has no function " + id);
    }
    try {
      return Class.forName(function.handler(), true, classes).asSubclass(RequestStreamHandler.class)
          .getConstructor(Map.class)
          .newInstance(aws.env(id));
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("the handler of " + id + " does not start", e);
    }
  }
}
