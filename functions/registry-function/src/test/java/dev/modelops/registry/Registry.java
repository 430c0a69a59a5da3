package dev.modelops.registry;

import dev.modelops.checker.Checker;
import dev.modelops.domain.Entity;
import dev.modelops.domain.Ref;
import dev.modelops.domain.Stored;
import dev.modelops.domain.access.Department;
import dev.modelops.domain.access.Role;
import dev.modelops.domain.audit.AuditEntry;
import dev.modelops.domain.audit.AuditLog;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Lost;
import dev.modelops.domain.change.Origin;
import dev.modelops.domain.registry.Version;
import dev.modelops.embedded.TestAws;
import dev.modelops.json.Digests;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.TestCallers;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import tools.jackson.databind.JsonNode;

/**
 * The registry's function on fresh tables and a fresh bucket, with two departments. Whoever uses it leaves it sound: with
 * {@code @RegisterExtension} it is checked at the end of the class.
 */
final class Registry implements AfterAllCallback {

  static final String CREDIT = "credit";
  static final String RETAIL = "retail";
  /** For tests that keep to models of their own. */
  static final Registry SHARED = new Registry();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  final TestAws aws = TestAws.fresh();
  final StoreComponent store;
  final RegistryFunction function;

  Registry(Map<String, String> overrides) {
    Map<String, String> env = aws.env("RegistryFunction", overrides);
    store = DaggerStoreComponent.factory().create(env);
    function = new RegistryFunction(env);
    for (String name : List.of(CREDIT, RETAIL)) {
      commit(Change.create("department.created", new Department(name, null, now(), "usr_root")));
    }
  }

  Registry() {
    this(Map.of());
  }

  @Override
  public void afterAll(ExtensionContext test) {
    Checker.assertSound(aws);
  }

  static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  void commit(Change change) {
    try {
      store.changes().commit(change, Origin.system("test", "test", "test", now()), null, now().plusSeconds(10));
    } catch (Lost lost) {
      throw new IllegalStateException(lost);
    }
  }

  /** What another function would have done to a version. */
  void change(String model, int version, UnaryOperator<Version> to) {
    Stored<Version> stored = store.entities().get(Version.class, Ref.version(model, version)).orElseThrow();
    commit(Change.replace("version.held", stored, to.apply(stored.entity())));
  }

  ApiClient as(Role role) {
    return ApiClient.of(function, TestCallers.of(role));
  }

  ApiClient as(Role role, String department) {
    return ApiClient.of(function, TestCallers.of(role, department));
  }

  ApiClient engineer() {
    return as(Role.ML_ENGINEER);
  }

  /** A model of the department credit. */
  Answer model(String name) {
    return engineer().put("/v1/models/" + name, Map.of("kind", "ml", "department", CREDIT)).is(201);
  }

  /** A version without files, which is ready at once. */
  int version(String model) {
    return engineer().post("/v1/models/" + model + "/versions", Map.of()).is(201).json().path("version").asInt();
  }

  static Map<String, Object> file(String path, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return Map.of("path", path, "size", bytes.length, "sha256", Digests.sha256(bytes), "mediaType",
        "application/octet-stream", "format", "onnx");
  }

  /** Uploads as a caller does; the status of the store's answer. */
  static int upload(JsonNode grant, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(grant.path("url").asString()))
        .method(grant.path("method").asString(), HttpRequest.BodyPublishers.ofByteArray(bytes));
    grant.path("headers").properties().forEach(header -> {
      // The JDK's client writes this one itself.
      if (!header.getKey().equals("content-length")) {
        request.header(header.getKey(), header.getValue().asString());
      }
    });
    return send(request.build()).statusCode();
  }

  static String download(String url) {
    return send(HttpRequest.newBuilder(URI.create(url)).build()).body();
  }

  private static HttpResponse<String> send(HttpRequest request) {
    try {
      return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  List<AuditEntry> chain(Ref ref) {
    return store.audit().chain(ref, 1, 100).items();
  }

  List<AuditLog.Line> trail(Ref ref) {
    return store.audit().ofEntity(ref, 100, null).items();
  }

  <E extends Entity> long rev(Class<E> type, Ref ref) {
    return store.entities().get(type, ref).orElseThrow().rev();
  }
}
