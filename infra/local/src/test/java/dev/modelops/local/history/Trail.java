package dev.modelops.local.history;

import dev.modelops.domain.access.Role;
import dev.modelops.local.history.Api.Call;
import dev.modelops.testkit.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * What is stored in the end, as the API tells it when all is quiet: the chain of every entity that the clients may have
 * touched, verified, and the entity itself.
 */
final class Trail {

  /** One revision of one entity, and which request made it. */
  record Entry(String entity, long rev, String action, String requestId) {
    /** Its entity without the kind. */
    String name() {
      return entity.substring(entity.indexOf(':') + 1);
    }

    /** The operation that made it. */
    String op() {
      return Op.of(requestId);
    }
  }

  private static final int READERS = 8;
  private static final String SYSTEM = "system:";

  private final Api api;
  private final Map<String, List<Entry>> chains = new ConcurrentHashMap<>();
  private final Map<String, JsonNode> deployments = new ConcurrentHashMap<>();
  final Queue<String> findings = new ConcurrentLinkedQueue<>();

  private Trail(Api api) {
    this.api = api;
  }

  /** Of entries in the order in which they were made. */
  static Trail of(List<Entry> entries, Map<String, JsonNode> deployments) {
    Trail trail = new Trail(call -> {
      throw new IOException("there is nothing to ask");
    });
    entries.forEach(
        entry -> trail.chains.computeIfAbsent(entry.entity(), each -> new ArrayList<>()).add(entry));
    trail.deployments.putAll(deployments);
    return trail;
  }

  /** Reads everything that the world may have touched. */
  static Trail read(Api api, World world) {
    Trail trail = new Trail(api);
    TreeSet<String> entities = new TreeSet<>();
    world.log.stream().map(Op::entity).filter(entity -> !entity.isEmpty() && !entity.startsWith("versions:")
        && !entity.startsWith("series:")).forEach(entities::add);
    for (String model : world.models) {
      // Also what nobody was told of.
      trail.list("listVersions", "/v1/models/" + model + "/versions?limit=100")
          .forEach(version -> entities.add("version:" + model + ":" + version.path("version").asInt()));
      trail.list("listDeployments", "/v1/deployments?limit=100&model=" + model).forEach(deployment -> {
        entities.add("deployment:" + deployment.path("id").asString());
        entities.add("slot:" + deployment.path("environment").asString() + ":" + model);
        trail.deployments.put(deployment.path("id").asString(), deployment);
      });
    }
    try (ExecutorService readers = Executors.newFixedThreadPool(READERS, Thread.ofVirtual().factory())) {
      entities.forEach(entity -> readers.submit(() -> trail.follow(entity)));
    }
    return trail;
  }

  /** Entities with at least one revision, in the order of their revisions from 1. */
  Map<String, List<Entry>> chains() {
    return new TreeMap<>(chains);
  }

  /** The deployments as they ended up, by id. */
  Map<String, JsonNode> deployments() {
    return deployments;
  }

  /** The slot that an entry belongs to by its deployment, or is of; empty if there is none. */
  String slot(Entry entry) {
    JsonNode deployment = deployments.getOrDefault(entry.name(), MissingNode.getInstance());
    return entry.entity().startsWith("slot:") ? entry.entity() : deployment.isMissingNode() ? ""
        : "slot:" + deployment.path("environment").asString("") + ":" + deployment.path("model").asString("");
  }

  /** All entries by the operation that made them. */
  Map<String, List<Entry>> byOp() {
    Map<String, List<Entry>> made = new HashMap<>();
    chains.values().forEach(chain -> chain
        .forEach(entry -> made.computeIfAbsent(entry.op(), each -> new ArrayList<>()).add(entry)));
    return made;
  }

  /** How many deployments and versions the system moved by itself, by what did. */
  Map<String, Long> bySystem() {
    return new TreeMap<>(chains.values().stream().flatMap(List::stream)
        .filter(entry -> Op.isBySystem(entry.op()))
        .filter(entry -> entry.entity().startsWith("deployment:") || entry.action().equals("version.expired"))
        .collect(Collectors.groupingBy(entry -> Op.bySystem(entry.op()).operation(), Collectors.counting())));
  }

  private void follow(String entity) {
    try {
      String path = "/v1/audit/entities/" + entity;
      List<Entry> chain = new ArrayList<>();
      for (JsonNode line : list("listEntityAudit", path + "?limit=100")) {
        if (line.path("type").asString().equals("change")) {
          String actor = line.path("actor").asString();
          chain.addFirst(new Entry(entity, line.path("rev").asLong(), line.path("action").asString(),
              (actor.startsWith(SYSTEM) ? actor.substring(SYSTEM.length()) + " " : "")
                  + line.path("requestId").asString()));
        }
      }
      if (!chain.isEmpty()) {
        chains.put(entity, List.copyOf(chain));
        verify(path);
      }
    } catch (RuntimeException | AssertionError broken) {
      findings.add("the trail of " + entity + " cannot be read: " + broken);
    }
  }

  private void verify(String path) {
    String next = "";
    do {
      Answer page = get("verifyEntity", path + "/verify?limit=100" + (next.isEmpty() ? "" : "&cursor=" + next)).is(200);
      if (page.text("/verdict").equals("broken")) {
        findings.add(path + " is broken: " + page.body());
      }
      next = page.text("/next");
    } while (!next.isEmpty());
  }

  /** All pages of a list; of a trail that does not exist, nothing. */
  private List<JsonNode> list(String operation, String target) {
    List<JsonNode> all = new ArrayList<>();
    String next = "";
    do {
      Answer page = get(operation, target + (next.isEmpty() ? "" : "&cursor=" + next));
      if (page.status() == 404) {
        break;
      }
      page.is(200).json().path("items").forEach(all::add);
      next = page.text("/next");
    } while (!next.isEmpty());
    return all;
  }

  private Answer get(String operation, String target) {
    try {
      return api.send(new Call(Role.AUDITOR, operation, "GET", target, Map.of(), null));
    } catch (IOException gone) {
      throw new UncheckedIOException(gone);
    }
  }
}
