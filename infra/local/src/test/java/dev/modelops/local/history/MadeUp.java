package dev.modelops.local.history;

import dev.modelops.json.Json;
import dev.modelops.local.history.Op.Outcome;
import dev.modelops.local.history.Trail.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A history that was made up, of a model and its versions. */
abstract class MadeUp {

  static final String MODEL = "model:m";
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  final World world = new World("t", 1, PATIENCE);
  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, JsonNode> deployments = new HashMap<>();
  private long clock;

  /** When the next operation begins. */
  final long now() {
    return clock;
  }

  /** Lets pass what deployments and uploads are waited for. */
  final void waitInVain() {
    clock += PATIENCE.toNanos();
  }

  /** An operation from now until a moment later. */
  final Op did(String id, String operation, String entity, String value, Outcome outcome, long rev,
      @Nullable String seen) {
    return did(id, operation, entity, value, clock, clock + 1, outcome, rev, seen);
  }

  final Op did(String id, String operation, String entity, String value, long began, long ended, Outcome outcome,
      long rev, @Nullable String seen) {
    clock = Math.max(clock, ended + 1);
    Op op = new Op(id, operation, entity, value, operation.startsWith("put") || operation.startsWith("patch"), began,
        ended, outcome, 200, rev, seen, false, false);
    world.log.add(op);
    return op;
  }

  final void made(String request, String entity, String action) {
    long rev = 1 + entries.stream().filter(entry -> entry.entity().equals(entity)).count();
    entries.add(new Entry(entity, rev, action, request));
  }

  final List<String> violations() {
    return Rules.violations(world, Trail.of(entries, deployments));
  }

  private boolean missing(String entity) {
    return entries.stream().noneMatch(entry -> entry.entity().equals(entity));
  }

  /** A version that may go, if it is not there yet. */
  final void ready(int version) {
    if (missing(MODEL)) {
      did("m", "putModel", MODEL, "title", Outcome.DONE, 1, "active title");
      made("m.0", MODEL, "model.created");
    }
    if (missing("version:m:" + version)) {
      created(version, "ready");
    }
  }

  final void created(int version, String state) {
    String id = "v" + version;
    did(id, "createVersion", "version:m:" + version, state + " " + id, Outcome.DONE, 1, state + " " + id);
    made(id + ".0", "version:m:" + version, "version.created");
  }

  /** Asks for a deployment of a version that may go. */
  final void asked(String op, String deployment, String environment, int version, String state) {
    ready(version);
    did(op, "createDeployment", "deployment:" + deployment, environment, Outcome.DONE, 1, state);
    made(op + ".0", "deployment:" + deployment, "deployment." + state);
    made(op + ".0", "slot:" + environment + ":m", "slot.changed");
    stored(deployment, environment, version, state, false);
  }

  final void moved(String op, String operation, String value, String deployment, String state) {
    did(op, operation, "deployment:" + deployment, value, Outcome.DONE, 0, null);
    moved(op + ".0", deployment, state);
  }

  /** By a request of an operation, or of nobody. */
  final void moved(String request, String deployment, String state) {
    made(request, "deployment:" + deployment, "deployment." + state);
    made(request, "slot:" + deployment(deployment).path("environment").asString() + ":m", "slot.live-changed");
    ended(deployment, state);
  }

  /** It ended up so. */
  final void ended(String deployment, String state) {
    JsonNode before = deployment(deployment);
    stored(deployment, before.path("environment").asString(), before.path("version").asInt(), state,
        before.path("automatic").asBoolean());
  }

  final void stored(String deployment, String environment, int version, String state, boolean automatic) {
    deployments.put(deployment, Json.read("""
        {"state": "%s", "version": %d, "automatic": %b, "environment": "%s", "model": "m"}
        """.formatted(state, version, automatic, environment), JsonNode.class));
  }

  private JsonNode deployment(String id) {
    return Objects.requireNonNull(deployments.get(id));
  }
}
