package dev.modelops.edge;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.modelops.domain.Page;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Department;
import dev.modelops.domain.access.Grant;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.Role;
import dev.modelops.domain.access.SubjectType;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A small function over a small contract, and a client that sends it anything. */
final class Things {
  static final Contract CONTRACT = Contract.of(read());
  static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

  final Memory memory = new Memory();
  /** Happens once between the look at what is remembered and the look at what is there. */
  Runnable meanwhile = () -> {};
  final List<String> log = new ArrayList<>();
  final List<String> keys = new ArrayList<>(List.of("k".repeat(40)));
  @Nullable RuntimeException failure;
  private final RequestStreamHandler function = new Function(router());
  private Map<String, Object> authorizer = Map.of("principal", Json.text(caller("usr_1", Role.ML_ENGINEER)));

  record ThingBody(String name, @Nullable Integer size, List<String> list) {}

  private static final class Function extends ApiFunction {
    Function(Router router) {
      super(router);
    }
  }

  Router router() {
    return router(new Routes()
        .bind("open", request -> Reply.ok(Map.of("type", request.mediaType())))
        .bind("listThings", this::list)
        .bind("getThing", this::get)
        .bind("createThing", this::create,
            (request, status, entity) -> new Reply(status, Map.of(), Map.of("name", "again " + entity)))
        .bind("putThing", this::put)
        .bind("deleteThing", request -> Reply.noContent()));
  }

  Router router(Routes routes) {
    // Time goes by in pauses alone.
    AtomicLong passed = new AtomicLong();
    Clock clock = new Clock() {
      @Override
      public Instant instant() {
        return NOW.plusMillis(passed.get());
      }

      @Override
      public ZoneId getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(ZoneId zone) {
        return this;
      }
    };
    return new Router(CONTRACT, "things", routes,
        new Commits(Optional.of(memory), clock, passed::addAndGet),
        new Cursors(new CursorKeys(() -> List.copyOf(keys), clock)), Optional.empty(), clock, new RequestLog(log::add));
  }

  private Outcome list(Request request) {
    String filter = request.query("kind").orElse("");
    String position = request.position(filter);
    return position == null ? request.page(new Page<>(List.of("first"), "p#1"), filter)
        : request.page(new Page<>(List.of(position), null), filter);
  }

  private Outcome get(Request request) {
    if (failure != null) {
      throw failure;
    }
    request.require(Permission.READ, "d", request.path("thing"));
    Stored<Department> found = find(request.path("thing"));
    if (found == null) {
      throw Refused.notFound("there is no such thing");
    }
    if (found.entity().name().equals("large")) {
      return Reply.ok(Map.of("text", "\"".repeat(1_600_000)));
    }
    return Reply.ok(found.entity()).rev(found.rev());
  }

  private Outcome create(Request request) {
    ThingBody body = request.body(ThingBody.class);
    Runnable other = meanwhile;
    meanwhile = () -> {};
    other.run();
    Stored<Department> found = find(body.name());
    if (found != null && body.name().equals("kept")) {
      return Reply.ok(found.entity()).rev(found.rev());
    }
    if (found != null) {
      throw Refused.of(Problem.ALREADY_EXISTS, "taken");
    }
    Department department = new Department(body.name(), null, NOW, "x");
    return Write.of(Change.create("thing.created", department),
        committed -> Reply.created("/things/" + body.name(), department).rev(committed.of(department).rev()));
  }

  private Outcome put(Request request) {
    Ref ref = Ref.department(request.path("thing"));
    Stored<Department> found = find(request.path("thing"));
    Department department = new Department(request.path("thing"), request.body(ThingBody.class).name(), NOW, "x");
    if (found == null) {
      return Write.of(Change.create("thing.created", department), committed -> Reply.ok(department).rev(1));
    }
    return Write.of(Change.replace("thing.changed", found, department),
        committed -> Reply.ok(department).rev(committed.of(department).rev())).guardedBy(ref);
  }

  @SuppressWarnings("unchecked")
  @Nullable
  Stored<Department> find(String name) {
    return (Stored<Department>) memory.states.get(Ref.department(name));
  }

  void have(String name, long rev) {
    memory.states.put(Ref.department(name), new Stored<>(new Department(name, "t" + rev, NOW, "x"), rev, "h"));
  }

  static Caller caller(String subject, Role role) {
    return new Caller(subject, SubjectType.PERSON, "N", null, List.of(new Grant(role, "d", null, null, "usr_0")), null,
        "tok_1");
  }

  Things as(String subject, Role role) {
    return principal(Map.of("principal", Json.text(caller(subject, role))));
  }

  Things principal(Map<String, Object> context) {
    authorizer = context;
    return this;
  }

  record Sent(int status, Map<String, String> headers, String body) {
    JsonNode json() {
      return Json.read(body, JsonNode.class);
    }

    String at(String pointer) {
      return json().at(pointer).asString("");
    }

    String problem() {
      return at("/type").replace("/problems/", "");
    }

    List<String> violations() {
      List<String> found = new ArrayList<>();
      json().path("errors").forEach(
          each -> found.add(each.path("pointer").asString() + " " + each.path("code").asString()));
      return found;
    }
  }

  Sent get(String target, String... headers) {
    return send("GET", target, null, headers);
  }

  Sent post(String target, String body, String... headers) {
    return send("POST", target, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  Sent put(String target, String body, String... headers) {
    return send("PUT", target, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  /** Headers as name, value, name, value; a path is sent as it is, as the gateway leaves it after decoding. */
  Sent send(String method, String target, byte @Nullable [] body, String... headers) {
    Map<String, String> sent = new LinkedHashMap<>();
    sent.put("content-type", "application/json");
    for (int i = 0; i < headers.length; i += 2) {
      sent.put(headers[i].toLowerCase(java.util.Locale.ROOT), headers[i + 1]);
    }
    int mark = target.indexOf('?');
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("version", "2.0");
    event.put("rawPath", mark < 0 ? target : target.substring(0, mark));
    event.put("rawQueryString", mark < 0 ? "" : target.substring(mark + 1));
    event.put("headers", sent);
    // Unused, and yet read: names of parameters are names of fields here.
    event.put("queryStringParameters",
        mark < 0 ? Map.of() : Map.of(target.substring(mark + 1).split("=", 2)[0], "x"));
    event.put("requestContext", Map.of("http", Map.of("method", method, "sourceIp", "192.0.2.1"), "requestId", "gw-1",
        "authorizer", Map.of("lambda", authorizer)));
    if (body != null) {
      event.put("body", Base64.getEncoder().encodeToString(body));
      event.put("isBase64Encoded", true);
    }
    return raw(Json.write(event));
  }

  Sent raw(byte[] event) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      function.handleRequest(new ByteArrayInputStream(event), out, new FixedContext());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    JsonNode json = Json.read(out.toByteArray(), JsonNode.class);
    Map<String, String> headers = new java.util.TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    json.path("headers").properties().forEach(each -> headers.put(each.getKey(), each.getValue().asString()));
    return new Sent(json.path("statusCode").asInt(), headers, json.path("body").asString(""));
  }

  private static String read() {
    try (var in = Things.class.getResourceAsStream("things.json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
