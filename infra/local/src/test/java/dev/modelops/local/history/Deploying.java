package dev.modelops.local.history;

import dev.modelops.domain.access.Role;
import dev.modelops.local.history.World.Place;
import dev.modelops.local.history.World.Trait;
import dev.modelops.testkit.Answer;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What a client does with environments and deployments. */
final class Deploying {

  private final World world;
  private final Step step;
  private final Asking asking;
  private final Registering registering;
  private final Random random;

  Deploying(World world, Step step, Asking asking, Registering registering, Random random) {
    this.world = world;
    this.step = step;
    this.asking = asking;
    this.registering = registering;
    this.random = random;
  }

  void putEnvironment() {
    Place place = step.place();
    String entity = "environment:" + place.name();
    asking.ask(Role.ADMIN, "putEnvironment", "PUT", "/v1/environments/" + place.name(), entity, step.title(), true,
        asking.match("getEnvironment", "/v1/environments/" + place.name(), entity), environmentContent(place));
  }

  void getEnvironment() {
    Place place = step.place();
    asking.read(Role.VIEWER, "getEnvironment", "/v1/environments/" + place.name(), "environment:" + place.name());
  }

  Map<String, Object> environmentContent(Place place) {
    return Map.of("title", step.title(), "mode", place.is(Trait.REPORTED) ? "reported" : "recorded",
        "protection", place.is(Trait.APPROVED), "requiredChecks",
        place.is(Trait.CHECKED) ? List.of(Map.of("name", World.CHECK)) : List.of(), "requireProved",
        place.is(Trait.PROVED), "timeLimit", place.is(Trait.TIMED) ? Ticks.TIME_LIMIT.toString() : "PT24H");
  }

  void requestDeployment() {
    Place place = step.place();
    Answer answer = asking.ask(Role.ML_ENGINEER, "createDeployment", "POST", "/v1/deployments", "", place.name(), true,
        Map.of(Asking.KEY, step.title()),
        Map.of("model", step.model(), "version", world.version(step.model(), random), "environment",
            place.name()));
    asked(place, answer);
  }

  private void asked(Place place, Answer answer) {
    if (answer.status() == 201) {
      world.made(slot(place), answer.text("/id"));
    }
  }

  void moveDeployment() {
    Place place = step.place();
    String id = world.any(slot(place), random);
    if (id.isEmpty()) {
      return;
    }
    String path = "/v1/deployments/" + id;
    String entity = "deployment:" + id;
    Map<String, String> key = Map.of(Asking.KEY, step.title());
    switch (random.nextInt(9)) {
      case 0, 1, 2 ->
        asking.ask(Role.RISK_OFFICER, "decideDeployment", "POST", path + "/approvals", entity, "approved", true,
            key, Map.of("decision", "approved", "comment", step.title()));
      case 3 ->
        asking.ask(Role.BUSINESS_OWNER, "decideDeployment", "POST", path + "/approvals", entity, "rejected", true, key,
            Map.of("decision", "rejected", "comment", step.title()));
      case 4, 5 -> asking.ask(Role.OPERATOR, "reportDeployment", "POST", path + "/status", entity, "live", true, key,
          Map.of("state", "live", "message", step.title()));
      case 6 -> asking.ask(Role.OPERATOR, "reportDeployment", "POST", path + "/status", entity, "failed", true, key,
          Map.of("state", "failed", "message", step.title()));
      case 7 -> end(random.nextInt(3) == 0 ? "retireDeployment" : "cancelDeployment", entity, path, key);
      default ->
        asked(place, asking.ask(Role.OPERATOR, "rollbackDeployment", "POST", path + "/rollback", "", id, true, key,
            Map.of()));
    }
  }

  private void end(String operation, String entity, String path, Map<String, String> key) {
    asking.ask(Role.OPERATOR, operation, "POST", path + "/" + operation.replace("Deployment", ""), entity, "", true,
        key, null);
  }

  void getDeployment() {
    String id = world.any(slot(step.place()), random);
    if (!id.isEmpty()) {
      look(id);
    }
  }

  private Answer look(String id) {
    return asking.ask(Role.VIEWER, "getDeployment", "GET", "/v1/deployments/" + id, "deployment:" + id, "", false,
        Map.of(), null);
  }

  /**
   * Posts a result for the version of a deployment that is under way where it counts, and looks at it again: what has not
   * gone on by then does so only if the result lets it.
   */
  void doubt() {
    List<Place> checked = World.places(Trait.CHECKED);
    String id = world.any(slot(checked.get(random.nextInt(checked.size()))), random);
    Answer found = id.isEmpty() ? Asking.NONE : look(id);
    if (List.of("awaiting-approval", "deploying").contains(found.text("/state"))) {
      registering.postCheck("version:" + step.model() + ":" + found.json().path("version").asInt(),
          random.nextInt(3) > 0 ? "failed" : "passed");
      step.next(step.model());
      look(id);
    }
  }

  private String slot(Place place) {
    return place.name() + ":" + step.model();
  }

  void getLive() {
    Place place = step.place();
    asking.read(Role.VIEWER, "getLive", target(place) + "/live", "slot:" + place.name() + ":" + step.model());
  }

  private String target(Place place) {
    return "/v1/environments/" + place.name() + "/models/" + step.model();
  }

  /** Hears of what was asked for by others, or by itself. */
  void listDeployments() {
    Place place = step.place();
    Answer answer = asking.ask(Role.VIEWER, "listDeployments", "GET", "/v1/deployments?limit=3&model=" + step.model()
        + "&environment=" + place.name(), "", "", false, Map.of(), null);
    answer.json().path("items").forEach(deployment -> world.made(slot(place), deployment.path("id").asString()));
  }

  void putAutoDeploy() {
    List<Place> automatic = World.places(Trait.AUTOMATIC);
    switchAutoDeploy(automatic.get(random.nextInt(automatic.size())), random.nextInt(3) > 0);
  }

  void switchAutoDeploy(Place place, boolean on) {
    String entity = "slot:" + place.name() + ":" + step.model();
    String path = target(place) + "/auto-deploy";
    Map<String, String> match = asking.match("getAutoDeploy", path, entity);
    asking.ask(Role.OPERATOR, "putAutoDeploy", "PUT", path, entity, on ? "on" : "off", true,
        match.isEmpty() ? Map.of(Asking.MATCH, "\"0\"") : match, Map.of("enabled", on));
  }
}
