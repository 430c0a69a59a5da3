package dev.modelops.local.events;

import dev.modelops.domain.Entity;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Grant;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.SubjectType;
import dev.modelops.embedded.Template;
import dev.modelops.json.Json;
import dev.modelops.local.function.MountedFunction;
import dev.modelops.local.gateway.Route;
import dev.modelops.local.gateway.SampleEvents;
import dev.modelops.local.schedule.ScheduleDriver;
import dev.modelops.testkit.Operations;
import dev.modelops.testkit.Operations.Operation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The files of {@code events/} that follow from contract and template: {@code <operationId>.json} per operation,
 * {@code <Function>.<Schedule>.json} per schedule and {@code AuthorizerFunction.json}. Those of streams are kept by hand:
 * {@code <Function>.<Stream>.json} holds records as DynamoDB sent them.
 */
public final class EventFiles {
  private static final JsonMapper PRETTY = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
  private static final Instant TICK = Instant.parse("2026-01-01T12:00:00Z");
  private static final String CREDENTIAL = "Bearer example";

  private final Template template;
  private final SampleEvents samples;

  public EventFiles(Template template) {
    this.template = template;
    this.samples = new SampleEvents(routes(template));
  }

  /** The template's routes, with functions that cannot be called. */
  public static List<Route> routes(Template template) {
    return template.functions().values().stream().flatMap(function -> {
      MountedFunction name = new MountedFunction(function.id(), (in, out, context) -> {
        throw new UnsupportedOperationException(function.id() + " is not mounted: only its routes are known here");
      }, function.timeout(), function.memory());
      return function.routes().stream()
          .map(route -> new Route(route.method(), route.path(), name, route.authorizer().isPresent()));
    }).toList();
  }

  /** All files that follow from contract and template, by name. */
  public Map<String, String> all() {
    Map<String, String> files = new TreeMap<>();
    Operations.all().forEach(operation -> files.put(operation.id() + ".json", pretty(request(operation))));
    template.functions().values().forEach(function -> function.schedules().forEach(schedule -> files.put(
        function.id() + "." + schedule.name() + ".json",
        pretty(Json.read(schedule.input().orElseGet(EventFiles::tick), JsonNode.class)))));
    template.api().flatMap(Template.Api::authorizer).ifPresent(authorizer -> files.put(
        authorizer.function() + ".json", pretty(samples.authorizer("GET", "/v1/models", CREDENTIAL))));
    return files;
  }

  /** The names of the files that are kept by hand. */
  public List<String> streams() {
    return template.functions().values().stream().flatMap(function -> function.streams().stream()
        .map(stream -> function.id() + "." + stream.name() + ".json")).toList();
  }

  private JsonNode request(Operation operation) {
    Map<String, String> headers = new TreeMap<>();
    for (JsonNode header : required(operation, "header")) {
      headers.put(header.get("name").asString().toLowerCase(Locale.ROOT), Operations.example(header).asString());
    }
    String query = required(operation, "query").stream()
        .flatMap(parameter -> each(Operations.example(parameter))
            .map(value -> parameter.get("name").asString() + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8)))
        .collect(Collectors.joining("&"));
    Map.@Nullable Entry<String, JsonNode> body = operation.body().orElse(null);
    if (body != null) {
      headers.put("content-type", body.getKey());
    }
    boolean open = operation.permission() == Permission.PUBLIC;
    if (!open) {
      headers.put("authorization", CREDENTIAL);
    }
    return samples.request(operation.method(), operation.path(), query, headers,
        body == null ? null : body.getValue().toString().getBytes(StandardCharsets.UTF_8),
        open ? null : principal(operation));
  }

  private static List<JsonNode> required(Operation operation, String in) {
    return operation.parameters(in).stream().filter(parameter -> parameter.path("required").asBoolean(false)).toList();
  }

  /** The values of a parameter that may be repeated. */
  private static Stream<String> each(JsonNode example) {
    return example.isArray() ? example.valueStream().map(JsonNode::asString) : Stream.of(example.asString());
  }

  /** Somebody who may do what the operation does. */
  private static JsonNode principal(Operation operation) {
    Caller caller = new Caller("usr_example", SubjectType.PERSON, "Example", null,
        List.of(new Grant(operation.role(), Entity.ORGANISATION, null, null, "usr_admin")), null, "tok_example");
    ObjectNode context = PRETTY.createObjectNode();
    context.put("principal", Json.text(caller));
    return context;
  }

  private static String tick() {
    return new String(ScheduleDriver.event(TICK, "00000000-0000-0000-0000-000000000000"), StandardCharsets.UTF_8);
  }

  private static String pretty(JsonNode json) {
    return PRETTY.writeValueAsString(json) + "\n";
  }
}
