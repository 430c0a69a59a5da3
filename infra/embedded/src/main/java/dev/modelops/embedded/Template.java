package dev.modelops.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What template.yaml says about the parts that a local runtime stands up: tables, buckets, functions with their
 * environment and events, and the HTTP API. Resources are known by their logical ids; the physical names that functions
 * see are given to {@link #environment}. Immutable.
 */
public final class Template {

  /** An attribute of a key; {@code type} is {@code S}, {@code N} or {@code B}. */
  public record Key(String name, String type) {}

  /** A global secondary index; {@code projection} is {@code ALL} or {@code KEYS_ONLY}. */
  public record Index(String name, Key partition, Optional<Key> sort, String projection) {}

  /** A table; {@code stream} is its stream's view type, {@code ttl} the attribute that holds the time of expiry. */
  public record Table(String id, Key partition, Optional<Key> sort, List<Index> indexes, Optional<String> stream,
      Optional<String> ttl) {}

  /** A bucket. */
  public record Bucket(String id, boolean versioned) {}

  /** The HTTP API: who authorizes its routes unless a route says otherwise, which pages may call it, and how often. */
  public record Api(String id, Optional<Authorizer> authorizer, Optional<Cors> cors, Optional<Throttle> throttle) {}

  /** What one route takes: requests a second over time, and at once. */
  public record Throttle(double rate, double burst) {}

  /** A request authorizer: the function that answers, the headers it is keyed by, how long its answer is kept. */
  public record Authorizer(String name, String function, List<String> headers, Duration cached) {}

  /** Cross-origin settings of the API, answered by the gateway itself. */
  public record Cors(List<String> origins, List<String> methods, List<String> headers, List<String> exposed,
      Duration maxAge) {}

  /** A function: entry class, zip, limits and what calls it. */
  public record Function(String id, String handler, String codeUri, Duration timeout, int memory, List<Route> routes,
      List<StreamSource> streams, List<Schedule> schedules) {}

  /**
   * A route of the HTTP API. {@code method} is an HTTP method or {@code ANY}, {@code path} as API Gateway writes it
   * ({@code /v1/models/{proxy+}}), or {@code $default} for what no other route takes; no authorizer means public.
   */
  public record Route(String method, String path, Optional<String> authorizer) {
    /** Whether this route takes what no other takes. */
    public boolean isDefault() {
      return path.equals("$default");
    }
  }

  /**
   * A table's stream as a function's source.
   *
   * @param table         logical id of the table
   * @param filters       filter patterns as JSON text; a record passes when any matches, or when there is none
   * @param retries       attempts after the first; −1 is without end
   * @param maxRecordAge  older records go to the failure destination; empty is without end
   * @param partial       the function answers with the items that failed
   * @param failureBucket logical id of the bucket that takes what failed for good
   */
  public record StreamSource(String name, String table, List<String> filters, int batchSize, Duration batchingWindow,
      boolean bisect, int retries, Optional<Duration> maxRecordAge, boolean partial, Optional<String> failureBucket) {}

  /** A schedule; {@code expression} is {@code rate(…)} or {@code cron(…)}, {@code input} the event's JSON text. */
  public record Schedule(String name, String expression, Optional<String> input, int retries) {
    /** The time between two ticks of a {@code rate(…)} expression, empty for others. */
    public Optional<Duration> rate() {
      if (!expression.startsWith("rate(")) {
        return Optional.empty();
      }
      String[] words = expression.substring(5, expression.length() - 1).trim().split(" +");
      long amount = Long.parseLong(words[0]);
      return Optional.of(switch (words[1]) {
        case "minute", "minutes" -> Duration.ofMinutes(amount);
        case "hour", "hours" -> Duration.ofHours(amount);
        case "day", "days" -> Duration.ofDays(amount);
        default -> throw new IllegalArgumentException("unknown unit in " + expression);
      });
    }
  }

  private final Map<String, String> parameters;
  private final Map<String, Table> tables = new LinkedHashMap<>();
  private final Map<String, Bucket> buckets = new LinkedHashMap<>();
  private final Map<String, Function> functions = new LinkedHashMap<>();
  private final Map<String, Map<String, @Nullable Object>> variables = new LinkedHashMap<>();
  private @Nullable Api api;

  private Template(Map<?, ?> raw, Map<String, String> overrides) {
    parameters = parameters(Tree.of(raw).map("Parameters"), overrides);
    // For the structure every resource stands for itself: Ref RecordsTable is RecordsTable.
    Intrinsics structure = new Intrinsics(name -> Optional.of(parameters.getOrDefault(name, name)));
    Tree tree = Tree.of(structure.resolve(raw));
    Tree defaults = tree.map("Globals").map("Function");
    tree.map("Resources").each((id, resource) -> {
      Tree properties = resource.map("Properties");
      switch (resource.text("Type").orElse("")) {
        case "AWS::DynamoDB::Table" -> tables.put(id, Sections.table(id, properties));
        case "AWS::S3::Bucket" -> buckets.put(id, Sections.bucket(id, properties));
        case "AWS::Serverless::HttpApi" -> api = Sections.api(id, properties);
        default -> {
        }
      }
    });
    Optional<String> authorizer = Optional.ofNullable(api).flatMap(Api::authorizer).map(Authorizer::name);
    tree.map("Resources").each((id, resource) -> {
      if (resource.text("Type").orElse("").equals("AWS::Serverless::Function")) {
        functions.put(id, Sections.function(id, resource.map("Properties"), defaults, authorizer));
        variables.put(id, variables(Tree.of(raw), id));
      }
    });
  }

  /** Reads a template with the defaults of its parameters. */
  public static Template read(Path file) {
    return read(file, Map.of());
  }

  /**
   * Reads a template.
   *
   * @param parameters values in place of the parameters' defaults
   * @throws IllegalArgumentException if it cannot be understood; the sentence names the file and the reason
   */
  public static Template read(Path file, Map<String, String> parameters) {
    try {
      return new Template(Intrinsics.parse(Files.readString(file)), parameters);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file, e);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException("Cannot understand " + file + ": " + e.getMessage(), e);
    }
  }

  /** The parameters with the values in force. */
  public Map<String, String> parameters() {
    return parameters;
  }

  /** Tables by logical id, in the template's order. */
  public Map<String, Table> tables() {
    return Collections.unmodifiableMap(tables);
  }

  /** Buckets by logical id, in the template's order. */
  public Map<String, Bucket> buckets() {
    return Collections.unmodifiableMap(buckets);
  }

  /** Functions by logical id, in the template's order. */
  public Map<String, Function> functions() {
    return Collections.unmodifiableMap(functions);
  }

  /** The HTTP API, if the template has one. */
  public Optional<Api> api() {
    return Optional.ofNullable(api);
  }

  /**
   * The environment of a function, the globals' variables included.
   *
   * @param names what logical ids ({@code RecordsTable}), attributes ({@code RecordsTable.Arn}) and pseudo parameters
   *              ({@code AWS::Region}) stand for
   * @throws IllegalArgumentException if there is no such function, or nothing stands for a name that it uses
   */
  public Map<String, String> environment(String function, Map<String, String> names) {
    Map<String, @Nullable Object> own = variables.get(function);
    if (own == null) {
      throw new IllegalArgumentException("The template has no function " + function + ": it has " + functions.keySet());
    }
    Intrinsics physical = new Intrinsics(
        name -> Optional.ofNullable(names.get(name)).or(() -> Optional.ofNullable(parameters.get(name))));
    Map<String, String> environment = new LinkedHashMap<>();
    own.forEach((variable, value) -> {
      try {
        environment.put(variable, String.valueOf(physical.resolve(value)));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(variable + " of " + function + ": " + e.getMessage(), e);
      }
    });
    return environment;
  }

  private static Map<String, String> parameters(Tree section, Map<String, String> overrides) {
    Map<String, String> parameters = new LinkedHashMap<>();
    section.each((name, parameter) -> {
      String value = overrides.get(name);
      parameters.put(name, value == null ? parameter.text("Default").orElse("") : value);
    });
    List<String> unknown = new ArrayList<>(overrides.keySet());
    unknown.removeAll(parameters.keySet());
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "it has no parameter " + unknown.getFirst() + ": it has " + parameters.keySet());
    }
    return Collections.unmodifiableMap(parameters);
  }

  private static Map<String, @Nullable Object> variables(Tree raw, String id) {
    Map<String, @Nullable Object> variables = new LinkedHashMap<>();
    for (Tree function : List.of(raw.map("Globals").map("Function"),
        raw.map("Resources").map(id).map("Properties"))) {
      function.map("Environment").map("Variables").values()
          .forEach((name, value) -> variables.put((String) name, value));
    }
    return variables;
  }
}
