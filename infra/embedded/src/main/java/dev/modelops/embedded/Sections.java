package dev.modelops.embedded;

import dev.modelops.embedded.Template.Api;
import dev.modelops.embedded.Template.Authorizer;
import dev.modelops.embedded.Template.Bucket;
import dev.modelops.embedded.Template.Cors;
import dev.modelops.embedded.Template.Function;
import dev.modelops.embedded.Template.Index;
import dev.modelops.embedded.Template.Key;
import dev.modelops.embedded.Template.Route;
import dev.modelops.embedded.Template.Schedule;
import dev.modelops.embedded.Template.StreamSource;
import dev.modelops.embedded.Template.Table;
import dev.modelops.embedded.Template.Throttle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The template's sections, one method each; the defaults are those of AWS. */
final class Sections {

  private Sections() {}

  static Table table(String id, Tree properties) {
    List<Index> indexes = properties.trees("GlobalSecondaryIndexes").stream()
        .map(index -> new Index(index.required("IndexName"), key(index, properties, "HASH").orElseThrow(),
            key(index, properties, "RANGE"), index.map("Projection").required("ProjectionType")))
        .toList();
    Tree ttl = properties.map("TimeToLiveSpecification");
    return new Table(id, key(properties, properties, "HASH").orElseThrow(), key(properties, properties, "RANGE"),
        indexes, properties.map("StreamSpecification").text("StreamViewType"),
        ttl.flag("Enabled") ? ttl.text("AttributeName") : Optional.empty());
  }

  private static Optional<Key> key(Tree schema, Tree table, String keyType) {
    return schema.trees("KeySchema").stream()
        .filter(key -> key.required("KeyType").equals(keyType))
        .map(key -> key.required("AttributeName"))
        .map(name -> new Key(name, attributeType(table, name)))
        .findFirst();
  }

  private static String attributeType(Tree table, String name) {
    return table.trees("AttributeDefinitions").stream()
        .filter(attribute -> attribute.required("AttributeName").equals(name))
        .map(attribute -> attribute.required("AttributeType"))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("the key attribute " + name + " has no definition"));
  }

  static Bucket bucket(String id, Tree properties) {
    return new Bucket(id, properties.map("VersioningConfiguration").text("Status").equals(Optional.of("Enabled")));
  }

  static Api api(String id, Tree properties) {
    Tree auth = properties.map("Auth");
    Optional<Authorizer> authorizer = auth.text("DefaultAuthorizer").map(name -> {
      Tree own = auth.map("Authorizers").map(name);
      Tree identity = own.map("Identity");
      return new Authorizer(name, resource(own.required("FunctionArn")), identity.texts("Headers"),
          Duration.ofSeconds(identity.number("ReauthorizeEvery", 0)));
    });
    Tree cors = properties.map("CorsConfiguration");
    Optional<Cors> allowed = cors.values().isEmpty() ? Optional.empty()
        : Optional.of(new Cors(cors.texts("AllowOrigins"), cors.texts("AllowMethods"), cors.texts("AllowHeaders"),
            cors.texts("ExposeHeaders"), Duration.ofSeconds(cors.number("MaxAge", 0))));
    Tree limits = properties.map("DefaultRouteSettings");
    Optional<Throttle> throttle = limits.text("ThrottlingRateLimit").map(rate -> new Throttle(
        Double.parseDouble(rate), Double.parseDouble(limits.required("ThrottlingBurstLimit"))));
    return new Api(id, authorizer, allowed, throttle);
  }

  static Function function(String id, Tree own, Tree defaults, Optional<String> defaultAuthorizer) {
    Tree properties = defaults.with(own);
    List<Route> routes = new ArrayList<>();
    List<StreamSource> streams = new ArrayList<>();
    List<Schedule> schedules = new ArrayList<>();
    properties.map("Events").each((name, event) -> {
      Tree source = event.map("Properties");
      switch (event.required("Type")) {
        case "HttpApi" -> routes.add(route(source, defaultAuthorizer));
        case "DynamoDB" -> streams.add(stream(name, source));
        case "ScheduleV2", "Schedule" -> schedules.add(schedule(name, source));
        default -> throw new IllegalArgumentException(
            "the event " + name + " of " + id + " has a type that is not understood here: " + event.required("Type"));
      }
    });
    return new Function(id, properties.required("Handler"), properties.required("CodeUri"),
        Duration.ofSeconds(properties.number("Timeout", 3)), properties.number("MemorySize", 128),
        List.copyOf(routes), List.copyOf(streams), List.copyOf(schedules));
  }

  private static Route route(Tree event, Optional<String> defaultAuthorizer) {
    Optional<String> said = event.map("Auth").text("Authorizer");
    return new Route(event.text("Method").orElse("ANY").toUpperCase(Locale.ROOT),
        event.text("Path").orElse("$default"),
        said.isPresent() ? said.filter(name -> !name.equals("NONE")) : defaultAuthorizer);
  }

  private static StreamSource stream(String name, Tree event) {
    int age = event.number("MaximumRecordAgeInSeconds", -1);
    return new StreamSource(name, resource(event.required("Stream")),
        event.map("FilterCriteria").trees("Filters").stream().map(filter -> filter.required("Pattern")).toList(),
        event.number("BatchSize", 100), Duration.ofSeconds(event.number("MaximumBatchingWindowInSeconds", 0)),
        event.flag("BisectBatchOnFunctionError"), event.number("MaximumRetryAttempts", -1),
        age < 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(age)),
        event.texts("FunctionResponseTypes").contains("ReportBatchItemFailures"),
        event.map("DestinationConfig").map("OnFailure").text("Destination").map(Sections::resource));
  }

  private static Schedule schedule(String name, Tree event) {
    return new Schedule(name, event.text("ScheduleExpression").or(() -> event.text("Schedule")).orElseThrow(),
        event.text("Input"), event.map("RetryPolicy").number("MaximumRetryAttempts", 185));
  }

  /** The resource behind an attribute: RecordsTable.StreamArn is RecordsTable. */
  private static String resource(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }
}
