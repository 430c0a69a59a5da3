package dev.modelops.edge;

import dev.modelops.domain.Page;
import dev.modelops.domain.access.Caller;
import dev.modelops.domain.access.Permission;
import dev.modelops.domain.access.Subjects;
import dev.modelops.domain.change.Origin;
import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.domain.problem.Violation;
import dev.modelops.edge.Operation.In;
import dev.modelops.edge.Operation.Parameter;
import dev.modelops.json.Digests;
import dev.modelops.json.Json;
import dev.modelops.json.Times;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A request that has passed the contract: route, caller, parameters and body. */
public final class Request {
  private final Operation operation;
  private final HttpEvent event;
  private final Map<String, String> path;
  private final Checks.Passed passed;
  private final @Nullable Caller caller;
  private final Invocation invocation;
  private final Cursors cursors;
  private final @Nullable Subjects subjects;
  private @Nullable Origin origin;

  Request(Operation operation, HttpEvent event, Map<String, String> path, Checks.Passed passed, @Nullable Caller caller,
      Invocation invocation, Cursors cursors, @Nullable Subjects subjects) {
    this.operation = operation;
    this.event = event;
    this.path = path;
    this.passed = passed;
    this.caller = caller;
    this.invocation = invocation;
    this.cursors = cursors;
    this.subjects = subjects;
  }

  /** Who is asking. Public operations have no caller. */
  public Caller caller() {
    if (caller == null) {
      throw new IllegalStateException(operation.id() + " is public and has no caller");
    }
    return caller;
  }

  public String requestId() {
    return invocation.requestId();
  }

  /** When the request came. */
  public Instant now() {
    return invocation.now();
  }

  /** Until when it must be answered. */
  public Instant deadline() {
    return invocation.deadline();
  }

  public String method() {
    return operation.method();
  }

  /** A parameter of the path. */
  public String path(String parameter) {
    String value = path.get(parameter);
    if (value == null) {
      throw new IllegalStateException(operation.id() + " has no path parameter " + parameter);
    }
    return value;
  }

  /** A parameter of the query, or the value that the contract presets. */
  public Optional<String> query(String parameter) {
    Parameter declared = declared(parameter);
    List<String> values = passed.query().getOrDefault(parameter, List.of());
    return values.isEmpty() ? Optional.ofNullable(declared.preset()) : Optional.of(values.getFirst());
  }

  /** A parameter of the query that is an RFC 3339 time; one outside 1970 to 9999 is moved to that end. */
  public Optional<Instant> queryTime(String parameter) {
    return query(parameter).map(text -> within(Times.parse(text).orElseThrow()));
  }

  private static Instant within(Instant time) {
    return time.isBefore(Instant.EPOCH) ? Instant.EPOCH : time.isAfter(Times.LATEST) ? Times.LATEST : time;
  }

  /** All values of a list parameter of the query. */
  public List<String> queryAll(String parameter) {
    return Checks.split(declared(parameter), passed.query().getOrDefault(parameter, List.of()));
  }

  private Parameter declared(String parameter) {
    return operation.parameter(In.QUERY, parameter).orElseThrow(
        () -> new IllegalStateException(operation.id() + " has no query parameter " + parameter));
  }

  /** The body as a record; an absent body that may be absent is read as an empty object. */
  public <T> T body(Class<T> shape) {
    JsonNode tree = passed.tree();
    return Json.bind(tree == null ? Json.jackson().createObjectNode() : tree, shape);
  }

  /** The body as it came. */
  public byte[] rawBody() {
    return passed.body().clone();
  }

  public Optional<String> header(String name) {
    return event.header(name);
  }

  /** The media type to answer with: the one that {@code Accept} likes best among those of the contract. */
  public String mediaType() {
    return passed.mediaType() == null ? Reply.JSON : passed.mediaType();
  }

  /**
   * The revision that {@code If-Match} names; -1 for a tag that no entity can have.
   *
   * @throws Refused 428 when it is missing, 400 when it is {@code *}, weak or names several
   */
  public long ifMatch() {
    List<Long> revisions = revisions();
    if (revisions.size() > 1) {
      throw Refused.unprocessable("header:" + Headers.IF_MATCH, "count", "name one ETag", "one ETag");
    }
    return revisions.getFirst();
  }

  /** Like {@link #ifMatch}; empty when it is missing. */
  public OptionalLong ifMatchOptional() {
    return header(Headers.IF_MATCH).isEmpty() ? OptionalLong.empty() : OptionalLong.of(ifMatch());
  }

  /**
   * Checks {@code If-Match} against the revision that was read; the router does the same for {@link Write#guardedBy}.
   *
   * @throws Refused 428 when it is missing, 412 with the current ETag when it names another one
   */
  public void requireMatch(long rev) {
    if (header(Headers.IF_MATCH).isEmpty()) {
      throw Refused.of(Problem.PRECONDITION_REQUIRED,
          "send the ETag of the revision that you have read as " + Headers.IF_MATCH, etag(rev));
    }
    if (!revisions().contains(rev)) {
      throw moved(rev);
    }
  }

  static Refused moved(long rev) {
    return Refused.of(Problem.PRECONDITION_FAILED,
        rev == 0 ? "it does not exist in the store" : "the current revision is " + rev, etag(rev));
  }

  private static Map<String, String> etag(long rev) {
    return Map.of("ETag", ETags.strong(Long.toString(rev)));
  }

  private List<Long> revisions() {
    String text = header(Headers.IF_MATCH).orElseThrow(() -> Refused.of(Problem.PRECONDITION_REQUIRED,
        "send the ETag of the revision that you have read as " + Headers.IF_MATCH));
    return ETags.revisions(text);
  }

  /** Whether the caller wants to create only: {@code If-None-Match: *}. */
  public boolean ifNoneMatchAny() {
    return header(Headers.IF_NONE_MATCH).map(text -> text.strip().equals("*")).orElse(false);
  }

  /** Most items of a page. */
  public int limit() {
    return Integer.parseInt(query("limit").orElse("20"));
  }

  /**
   * Where the page starts, from the query parameter {@code cursor}; null for the first page.
   *
   * @param filters everything else that decides what is listed, always in the same order
   * @throws Refused when the cursor belongs to another operation, caller or filters
   */
  public @Nullable String position(String... filters) {
    return query("cursor").map(cursor -> cursors.open(cursor, binding(filters))).orElse(null);
  }

  /** A page as the answer: items, the cursor of the next page and the link to it. */
  public <T> Reply page(Page<T> page, String... filters) {
    String position = page.position();
    if (position == null) {
      return Reply.ok(new Items<>(page.items(), null));
    }
    String next = cursor(position, filters);
    return Reply.ok(new Items<>(page.items(), next)).header("Link", link(next));
  }

  /** A cursor for answers that are no plain page. */
  public String cursor(String position, String... filters) {
    return cursors.seal(position, binding(filters));
  }

  /** The {@code Link} to the page that a cursor starts. */
  public String link(String cursor) {
    String others = passed.query().entrySet().stream()
        .filter(each -> !each.getKey().equals("cursor"))
        .flatMap(each -> each.getValue().stream().map(value -> each.getKey() + "=" + QueryString.encode(value) + "&"))
        .collect(Collectors.joining());
    String target = PathTemplate.split(event.path()).stream().map(QueryString::encode)
        .collect(Collectors.joining("/", "/", ""));
    return "<" + target + "?" + others + "cursor=" + cursor + ">; rel=\"next\"";
  }

  private List<String> binding(String... filters) {
    List<String> binding = new ArrayList<>(List.of(operation.id(), caller().subject()));
    binding.addAll(List.of(filters));
    return binding;
  }

  /** A list as the API writes it. */
  record Items<T>(List<T> items, @Nullable String next) {}

  /** The one answer to what is not there and to what the caller may not see: two would tell him which it is. */
  public static Refused absent() {
    return Refused.notFound("there is no such thing, or you may not see it");
  }

  /**
   * Asks for a permission on a model of a department.
   *
   * @throws Refused 404 when the caller cannot even read there, 403 when only the permission is missing
   */
  public void require(Permission permission, String department, String model) {
    if (!caller().may(Permission.READ, department, model)) {
      throw absent();
    }
    if (!caller().may(permission, department, model)) {
      throw forbidden(permission);
    }
  }

  /** Likewise for a department as a whole, or the organisation ({@code *}). */
  public void require(Permission permission, String department) {
    if (!caller().may(Permission.READ, department)) {
      throw absent();
    }
    if (!caller().may(permission, department)) {
      throw forbidden(permission);
    }
  }

  static Refused forbidden(Permission permission) {
    return Refused.of(Problem.FORBIDDEN, "needs the permission " + permission.wire());
  }

  /** Where a change, or an audited read, comes from. */
  public Origin origin() {
    if (origin == null) {
      String source = subjects == null ? null : event.sourceIp().map(subjects::source).orElse(null);
      origin = Origin.of(caller(), requestId(), source, header(Headers.REASON).orElse(null), now());
    }
    return origin;
  }

  Operation operation() {
    return operation;
  }

  /** All that makes a request the same request: its path, query and body. */
  String digest() {
    JsonNode tree = passed.tree();
    return Digests.of(List.of(operation.id(), event.path(),
        new TreeMap<>(passed.query()), tree == null ? Json.jackson().createObjectNode() : tree));
  }
}
