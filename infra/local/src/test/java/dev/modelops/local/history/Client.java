package dev.modelops.local.history;

import dev.modelops.domain.access.Role;
import dev.modelops.json.Digests;
import dev.modelops.local.history.Api.Call;
import dev.modelops.local.history.Op.Outcome;
import dev.modelops.local.history.World.Place;
import dev.modelops.testkit.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A client that does whatever comes to its mind, one thing after the other, and repeats what got no answer as the
 * contract says: the same request with the same {@code Idempotency-Key} and {@code If-Match}. The seed decides what it
 * tries; how it meets the others is left to the threads.
 */
final class Client {

  /** How often something is tried, of all its operations: the weights of {@link #step}. */
  private record Habit(int weight, Runnable act) {}

  private static final HttpClient STORE = HttpClient.newHttpClient();
  private static final Executor TWINS = Thread::startVirtualThread;
  private static final int UPLOADS = 10;
  private static final String KEY = "Idempotency-Key";
  private static final String MATCH = "If-Match";

  private final World world;
  private final Api api;
  private final String name;
  private final Random random;
  private final int patience;
  private final List<Habit> habits;
  private final int weights;
  /** The last revision it saw of an entity. */
  private final Map<String, Long> known = new HashMap<>();
  private int count;
  private @Nullable String chosen;

  /** @param patience how often a request without an answer is repeated; pauses grow to a second */
  Client(World world, Api api, int number, long seed, int patience) {
    this.world = world;
    this.api = api;
    this.name = "c" + number;
    this.random = new Random(seed * 31 + number);
    this.patience = patience;
    this.habits = List.of(new Habit(8, this::getModel), new Habit(8, this::patchModel), new Habit(3, this::putModel),
        new Habit(2, this::archiveOrRestore), new Habit(11, this::createVersion), new Habit(2, this::createWithFile),
        new Habit(5, this::getVersion), new Habit(4, this::patchVersion), new Habit(2, this::endVersion),
        new Habit(5, this::postCheck), new Habit(3, this::getCheck), new Habit(7, this::putAlias),
        new Habit(5, this::getAlias), new Habit(2, this::deleteAlias), new Habit(2, this::putEnvironment),
        new Habit(2, this::getEnvironment), new Habit(9, this::requestDeployment), new Habit(16, this::moveDeployment),
        new Habit(4, this::getDeployment), new Habit(8, this::getLive), new Habit(4, this::list),
        new Habit(5, this::postMetrics), new Habit(3, this::audit));
    this.weights = habits.stream().mapToInt(Habit::weight).sum();
  }

  /** Does so many operations. */
  void run(int operations) {
    while (count < operations) {
      step();
    }
  }

  private void step() {
    count++;
    chosen = null;
    int at = random.nextInt(weights);
    for (Habit habit : habits) {
      at -= habit.weight();
      if (at < 0) {
        habit.act().run();
        return;
      }
    }
  }

  // What there is before anything begins.

  /** Makes the department, the environments and the models. */
  void prepare() {
    repeat(new Call(Role.ADMIN, "putDepartment", "PUT", "/v1/departments/" + World.DEPARTMENT,
        Map.of("If-None-Match", "*"), Map.of()), name + ".");
    for (String model : world.models) {
      count++;
      ask(Role.ML_ENGINEER, "putModel", "PUT", "/v1/models/" + model, "model:" + model, title(), true, Map.of(),
          modelContent());
    }
    for (Place place : World.PLACES) {
      count++;
      ask(Role.ADMIN, "putEnvironment", "PUT", "/v1/environments/" + place.name(), "environment:" + place.name(),
          title(), true, Map.of(), environmentContent(place));
    }
  }

  // Models.

  private void getModel() {
    read(Role.VIEWER, "getModel", "/v1/models/" + model(), "model:" + model());
  }

  private void patchModel() {
    String entity = "model:" + model();
    ask(Role.ML_ENGINEER, "patchModel", "PATCH", "/v1/models/" + model(), entity, title(), true,
        match("getModel", "/v1/models/" + model(), entity), Map.of("title", title()));
  }

  private void putModel() {
    String entity = "model:" + model();
    ask(Role.ML_ENGINEER, "putModel", "PUT", "/v1/models/" + model(), entity, title(), true,
        match("getModel", "/v1/models/" + model(), entity), modelContent());
  }

  private void archiveOrRestore() {
    String entity = "model:" + model();
    String move = random.nextInt(5) == 0 ? "archive" : "restore";
    ask(Role.ML_ENGINEER, move + "Model", "POST", "/v1/models/" + model() + "/" + move, entity, "", false,
        match("getModel", "/v1/models/" + model(), entity), null);
  }

  private Map<String, Object> modelContent() {
    return Map.of("kind", "ml", "department", World.DEPARTMENT, "title", title(), "purpose", "To be fought over");
  }

  // Versions.

  private void createVersion() {
    String model = model();
    Map<String, Object> body = new LinkedHashMap<>(Map.of("description", title(), "parameters", Map.of("by", title())));
    Map<String, String> headers = new LinkedHashMap<>();
    // A client that wants to be safe sends a key, an external id, or both.
    int how = random.nextInt(3);
    if (how != 1) {
      headers.put(KEY, title());
    }
    if (how != 0) {
      body.put("externalId", title());
    }
    made(model, ask(Role.ML_ENGINEER, "createVersion", "POST", "/v1/models/" + model + "/versions", "",
        "ready " + title(), true, headers, body));
  }

  private void createWithFile() {
    String model = model();
    byte[] file = ("the file of " + title()).getBytes(StandardCharsets.UTF_8);
    Map<String, Object> body = Map.of("externalId", title(), "description", title(), "artifacts",
        List.of(Map.of("path", "model.bin", "size", file.length, "sha256", Digests.sha256(file), "mediaType",
            "application/octet-stream", "format", "other")));
    Answer answer = ask(Role.ML_ENGINEER, "createVersion", "POST", "/v1/models/" + model + "/versions", "",
        "pending " + title(), true, Map.of(), body);
    made(model, answer);
    if (answer.status() / 100 == 2) {
      String path = "/v1/models/" + model + "/versions/" + answer.json().path("version").asInt();
      // Sometimes too early, which must be refused.
      if (random.nextInt(4) > 0) {
        upload(answer.json().at("/uploads/0/grant"), file);
      }
      ask(Role.ML_ENGINEER, "finalizeVersion", "POST", path + "/finalize",
          "version:" + model + ":" + answer.json().path("version").asInt(), "", false, Map.of(KEY, title()), null);
    }
  }

  private void made(String model, Answer answer) {
    if (answer.status() / 100 == 2) {
      world.versionMade(model, answer.json().path("version").asInt());
    }
  }

  private void upload(JsonNode grant, byte[] file) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(grant.path("url").asString()))
        .timeout(Duration.ofSeconds(10)).PUT(BodyPublishers.ofByteArray(file));
    grant.path("headers").properties().stream().filter(header -> !header.getKey().equals("content-length"))
        .forEach(header -> request.header(header.getKey(), header.getValue().asString()));
    for (int attempt = 0; attempt < UPLOADS; attempt++) {
      try {
        int status = STORE.send(request.build(), BodyHandlers.discarding()).statusCode();
        if (status < 500) {
          return; // 412: it had arrived before
        }
      } catch (IOException unknown) {
        // Write-once: again.
      } catch (InterruptedException stopped) {
        Thread.currentThread().interrupt();
        return;
      }
      pause(attempt);
    }
  }

  private void getVersion() {
    String version = version();
    read(Role.VIEWER, "getVersion", path(version), version);
  }

  private void patchVersion() {
    String version = version();
    ask(Role.DATA_SCIENTIST, "patchVersion", "PATCH", path(version), version, title(), true,
        match("getVersion", path(version), version), Map.of("description", title()));
  }

  private void endVersion() {
    String version = version();
    if (random.nextInt(3) == 0) {
      ask(Role.RISK_OFFICER, "withdrawVersion", "POST", path(version) + "/withdraw", version, "", false,
          Map.of(KEY, title()), Map.of("reason", title()));
    } else {
      ask(Role.ML_ENGINEER, "archiveVersion", "POST", path(version) + "/archive", version, "", false,
          match("getVersion", path(version), version), null);
    }
  }

  private void postCheck() {
    String version = version();
    ask(Role.ML_ENGINEER, "postCheck", "POST", path(version) + "/checks", version.replace("version:", "check:") + ":ci",
        Integer.toString(count), true, Map.of(KEY, title()),
        Map.of("name", "ci", "status", "passed", "metrics", Map.of("value", count), "url",
            "https://ci.test/" + title()));
  }

  private void getCheck() {
    String version = version();
    read(Role.VIEWER, "getCheck", path(version) + "/checks/ci", version.replace("version:", "check:") + ":ci");
  }

  // Aliases.

  private void putAlias() {
    String alias = alias();
    int version = world.version(model(), random);
    Map<String, String> headers = known.containsKey(alias) || random.nextInt(3) > 0
        ? match("getAlias", path(alias), alias)
        : Map.of("If-None-Match", "*");
    ask(Role.ML_ENGINEER, "putAlias", "PUT", path(alias), alias, Integer.toString(version), false, headers,
        Map.of("version", version));
  }

  private void getAlias() {
    String alias = alias();
    read(Role.VIEWER, "getAlias", path(alias), alias);
  }

  private void deleteAlias() {
    String alias = alias();
    ask(Role.ML_ENGINEER, "deleteAlias", "DELETE", path(alias), alias, "", true, match("getAlias", path(alias), alias),
        null);
  }

  // Environments and deployments.

  private void putEnvironment() {
    Place place = place();
    String entity = "environment:" + place.name();
    ask(Role.ADMIN, "putEnvironment", "PUT", "/v1/environments/" + place.name(), entity, title(), true,
        match("getEnvironment", "/v1/environments/" + place.name(), entity), environmentContent(place));
  }

  private void getEnvironment() {
    Place place = place();
    read(Role.VIEWER, "getEnvironment", "/v1/environments/" + place.name(), "environment:" + place.name());
  }

  private Map<String, Object> environmentContent(Place place) {
    return Map.of("title", title(), "mode", place.reported() ? "reported" : "recorded", "protection", place.approved(),
        "requiredChecks", List.of(), "requireProved", false, "timeLimit", "PT24H");
  }

  private void requestDeployment() {
    Place place = place();
    Answer answer = ask(Role.ML_ENGINEER, "createDeployment", "POST", "/v1/deployments", "", place.name(), true,
        Map.of(KEY, title()), Map.of("model", model(), "version", world.version(model(), random), "environment",
            place.name()));
    asked(place, answer);
  }

  private void asked(Place place, Answer answer) {
    if (answer.status() == 201) {
      world.deploymentMade(place.name() + ":" + model(), answer.text("/id"));
    }
  }

  private void moveDeployment() {
    Place place = place();
    String id = world.deployment(place.name() + ":" + model(), random);
    if (id.isEmpty()) {
      return;
    }
    String path = "/v1/deployments/" + id;
    String entity = "deployment:" + id;
    Map<String, String> key = Map.of(KEY, title());
    switch (random.nextInt(9)) {
      case 0, 1, 2 -> ask(Role.RISK_OFFICER, "decideDeployment", "POST", path + "/approvals", entity, "approved", true,
          key, Map.of("decision", "approved", "comment", title()));
      case 3 -> ask(Role.BUSINESS_OWNER, "decideDeployment", "POST", path + "/approvals", entity, "rejected", true, key,
          Map.of("decision", "rejected", "comment", title()));
      case 4, 5 -> ask(Role.OPERATOR, "reportDeployment", "POST", path + "/status", entity, "live", true, key,
          Map.of("state", "live", "message", title()));
      case 6 -> ask(Role.OPERATOR, "reportDeployment", "POST", path + "/status", entity, "failed", true, key,
          Map.of("state", "failed", "message", title()));
      case 7 -> ask(Role.OPERATOR, random.nextInt(3) == 0 ? "retireDeployment" : "cancelDeployment", entity, path, key);
      default -> asked(place, ask(Role.OPERATOR, "rollbackDeployment", "POST", path + "/rollback", "", id, true, key,
          Map.of()));
    }
  }

  private void ask(Role role, String operation, String entity, String path, Map<String, String> key) {
    ask(role, operation, "POST", path + "/" + operation.replace("Deployment", ""), entity, "", true, key, null);
  }

  private void getDeployment() {
    String id = world.deployment(place().name() + ":" + model(), random);
    if (!id.isEmpty()) {
      read(Role.VIEWER, "getDeployment", "/v1/deployments/" + id, "deployment:" + id);
    }
  }

  private void getLive() {
    Place place = place();
    read(Role.VIEWER, "getLive", "/v1/environments/" + place.name() + "/models/" + model() + "/live",
        "slot:" + place.name() + ":" + model());
  }

  // Lists, metrics, the trail.

  private void list() {
    String models = "/v1/models/" + model();
    switch (random.nextInt(5)) {
      case 0 -> read(Role.VIEWER, "listModels", "/v1/models?limit=100&department=" + World.DEPARTMENT, "");
      case 1 -> read(Role.VIEWER, "listAliases", models + "/aliases", "");
      case 2 -> read(Role.VIEWER, "listDeployments", "/v1/deployments?limit=50&model=" + model(), "");
      case 3 -> read(Role.VIEWER, "listLive", "/v1/environments/" + place().name() + "/live", "");
      default -> read(Role.VIEWER, "listVersions", models + "/versions?limit=5", "versions:" + model());
    }
  }

  private void postMetrics() {
    String environment = place().name();
    int version = world.version(model(), random);
    int points = 1 + random.nextInt(5);
    Instant minute = Rules.METRICS_FROM.plusSeconds(60L * random.nextInt(Rules.METRIC_MINUTES));
    List<Map<String, Object>> series = IntStream.range(0, points).<Map<String, Object>>mapToObj(
        i -> Map.of("time", minute.plusMillis(i * 1_000L + random.nextInt(1_000)).toString(), "value",
            random.nextDouble()))
        .toList();
    ask(Role.OPERATOR, "ingestMetrics", "POST", "/v1/metrics", "series:" + model() + ":" + environment + ":" + version,
        Integer.toString(points), false, Map.of(), Map.of("model", model(), "environment", environment, "series",
            List.of(Map.of("metric", "h", "version", version, "points", series))));
  }

  private void audit() {
    String entity = switch (random.nextInt(3)) {
      case 0 -> "model:" + model();
      case 1 -> version();
      default -> "slot:" + place().name() + ":" + model();
    };
    String path = "/v1/audit/entities/" + entity;
    if (random.nextBoolean()) {
      read(Role.AUDITOR, "listEntityAudit", path + "?limit=5", entity);
    } else {
      Answer answer = ask(Role.AUDITOR, "verifyEntity", "GET", path + "/verify?limit=100", "", "", false, Map.of(),
          null);
      if (answer.status() == 200 && answer.text("/verdict").equals("broken")) {
        world.findings.add(path + " is broken: " + answer.body());
      }
    }
  }

  // Names. The model of a step is chosen at its first use.

  private String model() {
    if (chosen == null) {
      chosen = world.models.get(random.nextInt(world.models.size()));
    }
    return chosen;
  }

  private String version() {
    return "version:" + model() + ":" + world.version(model(), random);
  }

  private String alias() {
    return "alias:" + model() + ":" + World.ALIASES.get(random.nextInt(World.ALIASES.size()));
  }

  private Place place() {
    return World.PLACES.get(random.nextInt(World.PLACES.size()));
  }

  /** Where a version or an alias is. */
  private static String path(String entity) {
    String[] names = entity.split(":");
    return "/v1/models/" + names[1] + (names[0].equals("alias") ? "/aliases/" : "/versions/") + names[2];
  }

  /** A text that no other step uses. */
  private String title() {
    return name + "." + count;
  }

  // Asking.

  /** The revision it has seen last; more often than not it looks again first. */
  private Map<String, String> match(String operation, String target, String entity) {
    if (!known.containsKey(entity) || random.nextInt(10) < 6) {
      read(Role.VIEWER, operation, target, entity);
    }
    Long rev = known.get(entity);
    return rev == null ? Map.of() : Map.of(MATCH, "\"" + rev + "\"");
  }

  private void read(Role role, String operation, String target, String entity) {
    ask(role, operation, "GET", target, entity, "", false, Map.of(), null);
  }

  /** Asks until it is answered, and writes down what came of it. */
  private Answer ask(Role role, String operation, String method, String target, String entity, String value,
      boolean certain, Map<String, String> headers, @Nullable Object body) {
    String id = title() + "." + operation;
    Call call = new Call(role, operation, method, target, headers, body);
    long began = System.nanoTime();
    // Now and then somebody presses the button twice.
    @Nullable CompletableFuture<Sent> twin = headers.containsKey(KEY) && random.nextInt(10) == 0
        ? CompletableFuture.supplyAsync(() -> repeat(call, id + ".t"), TWINS) : null;
    Sent sent = repeat(call, id + ".");
    if (twin != null) {
      sent = together(id, certain, sent, twin.join());
    }
    Answer answer = sent.answer();
    Outcome outcome = answer == null ? Outcome.UNKNOWN
        : answer.status() < 300 || answer.status() == 404 && method.equals("GET") ? Outcome.DONE : Outcome.REFUSED;
    Answer given = answer == null ? new Answer(0, Map.of(), "") : answer;
    Op op = new Op(id, operation, outcome == Outcome.DONE ? Rules.entity(operation, entity, given) : entity, value,
        certain, began, System.nanoTime(), outcome, given.status(), Rules.rev(operation, given),
        Rules.seen(operation, given), sent.unsure(), given.headers().containsKey("Idempotent-Replayed"));
    world.log.add(op);
    learn(op, given);
    return given;
  }

  private void learn(Op op, Answer answer) {
    if (answer.status() == 404 || op.operation().equals("deleteAlias")) {
      known.remove(op.entity());
    } else if (!op.entity().isEmpty() && Rules.etag(answer) > 0) {
      known.put(op.entity(), Rules.etag(answer)); // 412 tells the present one, too
    }
  }

  /** @param unsure whether a request before the answer, or all of them, left open whether it was done */
  private record Sent(@Nullable Answer answer, boolean unsure) {
    boolean done() {
      return answer != null && answer.status() < 300;
    }

    boolean replayed() {
      return answer != null && answer.headers().containsKey("Idempotent-Replayed");
    }
  }

  private Sent repeat(Call call, String request) {
    boolean unsure = false;
    for (int attempt = 0; attempt < patience; attempt++) {
      Map<String, String> headers = new LinkedHashMap<>(call.headers());
      headers.put("X-Request-Id", request + attempt);
      try {
        Answer answer = api.send(
            new Call(call.role(), call.operation(), call.method(), call.target(), headers, call.body()));
        if (answer.status() < 500 && answer.status() != 429) {
          return new Sent(answer, unsure);
        }
        unsure |= answer.status() != 429;
        if (answer.body().contains("internal-error")) {
          world.findings.add(request + attempt + " failed: " + call + ": " + answer.body());
        }
      } catch (IOException noAnswer) {
        unsure = true;
      }
      pause(attempt);
    }
    return new Sent(null, unsure);
  }

  /** Of two that send the same with one key at once, one does it and the other is told what it did. */
  private Sent together(String id, boolean certain, Sent one, Sent other) {
    if (one.done() && other.done()) {
      Answer first = Objects.requireNonNull(one.answer());
      Answer second = Objects.requireNonNull(other.answer());
      boolean same = first.status() == second.status() && first.text("/id").equals(second.text("/id"))
          && first.text("/version").equals(second.text("/version"));
      boolean once = !certain || one.unsure() || other.unsure() || one.replayed() != other.replayed();
      if (!same || !once) {
        world.findings.add(id + " was sent twice at once and answered twice: " + first + " and " + second);
      }
    }
    Sent told = one.done() && !one.replayed() || !other.done() ? one : other;
    return new Sent(told.answer() == null ? one.answer() : told.answer(), one.unsure() || other.unsure()
        || one.done() != other.done());
  }

  private void pause(int attempt) {
    try {
      Thread.sleep(ThreadLocalRandom.current().nextInt(1, Math.min(1_000, 20 << Math.min(attempt, 6))));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
