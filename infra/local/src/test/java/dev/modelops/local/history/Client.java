package dev.modelops.local.history;

import dev.modelops.domain.access.Role;
import dev.modelops.local.history.Api.Call;
import dev.modelops.local.history.World.Place;
import dev.modelops.local.history.World.Trait;
import dev.modelops.testkit.Answer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * A client that does whatever comes to its mind, one thing after the other, and repeats what got no answer as the
 * contract says: the same request with the same {@code Idempotency-Key} and {@code If-Match}. The seed decides what it
 * tries; how it meets the others is left to the threads.
 */
final class Client {

  /** How often something is tried, of all its operations: the weights of {@link #act}. */
  private record Habit(int weight, Runnable act) {}

  private final World world;
  private final String name;
  private final Random random;
  private final Step step;
  private final Asking asking;
  private final Registering registering;
  private final Deploying deploying;
  private final List<Habit> habits;
  private final int weights;

  /** @param patience how often a request without an answer is repeated; pauses grow to a second */
  Client(World world, Api api, int number, long seed, int patience) {
    this.world = world;
    this.name = "c" + number;
    this.random = new Random(seed * 31 + number);
    this.step = new Step(world, name, random);
    this.asking = new Asking(world, api, step, random, patience);
    this.registering = new Registering(world, step, asking, random);
    this.deploying = new Deploying(world, step, asking, registering, random);
    Administering administering = new Administering(world, step, asking, random);
    this.habits = List.of(
        new Habit(8, registering::getModel), new Habit(8, registering::patchModel), new Habit(3, registering::putModel),
        new Habit(2, registering::archiveOrRestore), new Habit(2, registering::setRiskTier),
        new Habit(11, registering::createVersion), new Habit(4, registering::createWithFile),
        new Habit(1, registering::finalizeForgotten),
        new Habit(5, registering::getVersion), new Habit(4, registering::patchVersion),
        new Habit(2, registering::endVersion),
        new Habit(7, registering::postCheck), new Habit(3, registering::getCheck), new Habit(3, deploying::doubt),
        new Habit(7, registering::putAlias), new Habit(5, registering::getAlias),
        new Habit(2, registering::deleteAlias),
        new Habit(2, deploying::putEnvironment), new Habit(2, deploying::getEnvironment),
        new Habit(9, deploying::requestDeployment), new Habit(16, deploying::moveDeployment),
        new Habit(4, deploying::getDeployment), new Habit(8, deploying::getLive),
        new Habit(3, deploying::listDeployments), new Habit(2, deploying::putAutoDeploy),
        new Habit(4, administering::token), new Habit(2, administering::putDepartment),
        new Habit(1, administering::getDepartment), new Habit(4, this::list),
        new Habit(5, this::postMetrics), new Habit(3, this::audit));
    this.weights = habits.stream().mapToInt(Habit::weight).sum();
  }

  /** Does one thing after the other, for as long as it is to go on after so many. */
  void run(IntPredicate on) {
    while (on.test(step.number())) {
      act();
    }
  }

  private void act() {
    step.next();
    int at = random.nextInt(weights);
    for (Habit habit : habits) {
      at -= habit.weight();
      if (at < 0) {
        habit.act().run();
        return;
      }
    }
  }

  /** Makes the department, the environments and the models, and switches auto-deploy on where it may be. */
  void prepare() {
    asking.repeat(new Call(Role.ADMIN, "putDepartment", "PUT", "/v1/departments/" + World.DEPARTMENT,
        Map.of("If-None-Match", "*"), Map.of()), name + ".");
    for (String model : world.models) {
      step.next();
      asking.ask(Role.ML_ENGINEER, "putModel", "PUT", "/v1/models/" + model, "model:" + model, step.title(), true,
          Map.of(), registering.modelContent());
    }
    for (Place place : World.PLACES) {
      step.next();
      asking.ask(Role.ADMIN, "putEnvironment", "PUT", "/v1/environments/" + place.name(), "environment:" + place.name(),
          step.title(), true, Map.of(), deploying.environmentContent(place));
    }
    for (Place place : World.places(Trait.AUTOMATIC)) {
      for (String model : world.models) {
        step.next(model);
        deploying.switchAutoDeploy(place, true);
      }
    }
  }

  private void list() {
    String models = "/v1/models/" + step.model();
    switch (random.nextInt(5)) {
      case 0 -> asking.read(Role.VIEWER, "listModels", "/v1/models?limit=100&department=" + World.DEPARTMENT, "");
      case 1 -> asking.read(Role.VIEWER, "listAliases", models + "/aliases", "");
      case 2 -> asking.read(Role.VIEWER, "listDeployments", "/v1/deployments?limit=50&model=" + step.model(), "");
      case 3 -> asking.read(Role.VIEWER, "listLive", "/v1/environments/" + step.place().name() + "/live", "");
      default -> asking.read(Role.VIEWER, "listVersions", models + "/versions?limit=5", "versions:" + step.model());
    }
  }

  private void postMetrics() {
    String environment = step.place().name();
    int version = world.version(step.model(), random);
    int points = 1 + random.nextInt(5);
    Instant minute = Rules.METRICS_FROM.plusSeconds(60L * random.nextInt(Rules.METRIC_MINUTES));
    List<Map<String, Object>> series = IntStream.range(0, points).<Map<String, Object>>mapToObj(
        i -> Map.of("time", minute.plusMillis(i * 1_000L + random.nextInt(1_000)).toString(), "value",
            random.nextDouble()))
        .toList();
    asking.ask(Role.OPERATOR, "ingestMetrics", "POST", "/v1/metrics",
        "series:" + step.model() + ":" + environment + ":" + version,
        Integer.toString(points), false, Map.of(), Map.of("model", step.model(), "environment", environment, "series",
            List.of(Map.of("metric", "h", "version", version, "points", series))));
  }

  private void audit() {
    String entity = switch (random.nextInt(3)) {
      case 0 -> "model:" + step.model();
      case 1 -> step.version();
      default -> "slot:" + step.place().name() + ":" + step.model();
    };
    String path = "/v1/audit/entities/" + entity;
    if (random.nextBoolean()) {
      asking.read(Role.AUDITOR, "listEntityAudit", path + "?limit=5", entity);
    } else {
      Answer answer =
          asking.ask(Role.AUDITOR, "verifyEntity", "GET", path + "/verify?limit=100", "", "", false, Map.of(),
              null);
      if (answer.status() == 200 && answer.text("/verdict").equals("broken")) {
        world.findings.add(path + " is broken: " + answer.body());
      }
    }
  }
}
