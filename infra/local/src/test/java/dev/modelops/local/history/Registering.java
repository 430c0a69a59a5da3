package dev.modelops.local.history;

import dev.modelops.domain.access.Role;
import dev.modelops.json.Digests;
import dev.modelops.testkit.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.JsonNode;

/** What a client does with models, versions, checks and aliases. */
final class Registering {

  private static final HttpClient STORE = HttpClient.newHttpClient();
  private static final int UPLOADS = 10;

  private final World world;
  private final Step step;
  private final Asking asking;
  private final Random random;

  Registering(World world, Step step, Asking asking, Random random) {
    this.world = world;
    this.step = step;
    this.asking = asking;
    this.random = random;
  }

  void getModel() {
    asking.read(Role.VIEWER, "getModel", "/v1/models/" + step.model(), "model:" + step.model());
  }

  void patchModel() {
    String entity = "model:" + step.model();
    asking.ask(Role.ML_ENGINEER, "patchModel", "PATCH", "/v1/models/" + step.model(), entity, step.title(), true,
        asking.match("getModel", "/v1/models/" + step.model(), entity), Map.of("title", step.title()));
  }

  void putModel() {
    String entity = "model:" + step.model();
    asking.ask(Role.ML_ENGINEER, "putModel", "PUT", "/v1/models/" + step.model(), entity, step.title(), true,
        asking.match("getModel", "/v1/models/" + step.model(), entity), modelContent());
  }

  void setRiskTier() {
    String entity = "model:" + step.model();
    asking.ask(Role.RISK_OFFICER, "setRiskTier", "PUT", "/v1/models/" + step.model() + "/risk-tier", entity, "", true,
        asking.match("getModel", "/v1/models/" + step.model(), entity),
        Map.of("riskTier", random.nextBoolean() ? "high" : "low"));
  }

  void archiveOrRestore() {
    String entity = "model:" + step.model();
    String move = random.nextInt(5) == 0 ? "archive" : "restore";
    asking.ask(Role.ML_ENGINEER, move + "Model", "POST", "/v1/models/" + step.model() + "/" + move, entity, "", false,
        asking.match("getModel", "/v1/models/" + step.model(), entity), null);
  }

  Map<String, Object> modelContent() {
    return Map.of("kind", "ml", "department", World.DEPARTMENT, "title", step.title(), "purpose", "To be fought over");
  }

  void createVersion() {
    String model = step.model();
    Map<String, Object> body =
        new LinkedHashMap<>(Map.of("description", step.title(), "parameters", Map.of("by", step.title())));
    Map<String, String> headers = new LinkedHashMap<>();
    // A client that wants to be safe sends a key, an external id, or both.
    int how = random.nextInt(3);
    if (how != 1) {
      headers.put(Asking.KEY, step.title());
    }
    if (how != 0) {
      body.put("externalId", step.title());
    }
    made(model, asking.ask(Role.ML_ENGINEER, "createVersion", "POST", "/v1/models/" + model + "/versions", "",
        "ready " + step.title(), true, headers, body));
  }

  void createWithFile() {
    String model = step.model();
    byte[] file = ("the file of " + step.title()).getBytes(StandardCharsets.UTF_8);
    Map<String, Object> body = Map.of("externalId", step.title(), "description", step.title(), "artifacts",
        List.of(Map.of("path", "model.bin", "size", file.length, "sha256", Digests.sha256(file), "mediaType",
            "application/octet-stream", "format", "other")));
    Answer answer = asking.ask(Role.ML_ENGINEER, "createVersion", "POST", "/v1/models/" + model + "/versions", "",
        "pending " + step.title(), true, Map.of(), body);
    made(model, answer);
    if (answer.status() / 100 == 2) {
      // Sometimes too early, which must be refused.
      if (random.nextInt(4) > 0) {
        upload(answer.json().at("/uploads/0/grant"), file);
      }
      String version = "version:" + model + ":" + answer.json().path("version").asInt();
      if (random.nextInt(4) > 0) {
        finalizeVersion(version);
      } else {
        world.made("forgotten", version);
      }
    }
  }

  /** Of one that its maker left as it was, perhaps too late. */
  void finalizeForgotten() {
    String version = world.any("forgotten", random);
    if (!version.isEmpty()) {
      finalizeVersion(version);
    }
  }

  private void finalizeVersion(String version) {
    asking.ask(Role.ML_ENGINEER, "finalizeVersion", "POST", path(version) + "/finalize", version, "", false,
        Map.of(Asking.KEY, step.title()), null);
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
      Asking.pause(attempt);
    }
  }

  void getVersion() {
    String version = step.version();
    asking.read(Role.VIEWER, "getVersion", path(version), version);
  }

  void patchVersion() {
    String version = step.version();
    asking.ask(Role.DATA_SCIENTIST, "patchVersion", "PATCH", path(version), version, step.title(), true,
        asking.match("getVersion", path(version), version), Map.of("description", step.title()));
  }

  void endVersion() {
    String version = step.version();
    if (random.nextInt(3) == 0) {
      asking.ask(Role.RISK_OFFICER, "withdrawVersion", "POST", path(version) + "/withdraw", version, "", false,
          Map.of(Asking.KEY, step.title()), Map.of("reason", step.title()));
    } else {
      asking.ask(Role.ML_ENGINEER, "archiveVersion", "POST", path(version) + "/archive", version, "", false,
          asking.match("getVersion", path(version), version), null);
    }
  }

  void postCheck() {
    postCheck(step.version(), random.nextInt(3) > 0 ? "passed" : "failed");
  }

  void postCheck(String version, String status) {
    asking.ask(Role.ML_ENGINEER, "postCheck", "POST", path(version) + "/checks", check(version),
        Shown.state(status, Integer.toString(step.number())), true, Map.of(Asking.KEY, step.title()),
        Map.of("name", World.CHECK, "status", status, "metrics", Map.of("value", step.number()), "url",
            "https://ci.test/" + step.title()));
  }

  private static String check(String version) {
    return version.replace("version:", "check:") + ":" + World.CHECK;
  }

  void getCheck() {
    String version = step.version();
    asking.read(Role.VIEWER, "getCheck", path(version) + "/checks/" + World.CHECK, check(version));
  }

  void putAlias() {
    String alias = step.alias();
    int version = world.version(step.model(), random);
    Map<String, String> headers = asking.knows(alias) || random.nextInt(3) > 0
        ? asking.match("getAlias", path(alias), alias)
        : Map.of("If-None-Match", "*");
    asking.ask(Role.ML_ENGINEER, "putAlias", "PUT", path(alias), alias, Integer.toString(version), false, headers,
        Map.of("version", version));
  }

  void getAlias() {
    String alias = step.alias();
    asking.read(Role.VIEWER, "getAlias", path(alias), alias);
  }

  void deleteAlias() {
    String alias = step.alias();
    asking.ask(Role.ML_ENGINEER, "deleteAlias", "DELETE", path(alias), alias, "", true,
        asking.match("getAlias", path(alias), alias),
        null);
  }

  /** Where a version or an alias is. */
  private static String path(String entity) {
    String[] names = entity.split(":");
    return "/v1/models/" + names[1] + (names[0].equals("alias") ? "/aliases/" : "/versions/") + names[2];
  }
}
