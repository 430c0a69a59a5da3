package dev.modelops.local.history;

import dev.modelops.local.history.Trail.Entry;
import dev.modelops.local.history.World.Place;
import dev.modelops.local.history.World.Trait;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * The model of the gate: a deployment goes on only at a moment at which everything is so that its environment asks for,
 * and is given up for its time only when that is over. What was so at that moment is told by the chains of the version,
 * its check and its model; which moment it was, by {@link Moments}.
 */
final class Gates {

  /** Revisions of a deployment for which the gate is asked; all others end it. */
  private static final Set<String> ASKED =
      Set.of("deployment.awaiting-approval", "deployment.approved", "deployment.deploying", "deployment.live");

  /** Clocks are set now and then, and time limits count whole milliseconds. */
  private static final Duration SET = Duration.ofMillis(100);

  private final Trail trail;
  private final Map<String, Op> ops;
  private final Map<String, List<String>> states;
  private final Moments moments;
  private final Duration patience;
  private final List<String> findings;

  Gates(Trail trail, Map<String, Op> ops, Map<String, List<String>> states, Moments moments, Duration patience,
      List<String> findings) {
    this.trail = trail;
    this.ops = ops;
    this.states = states;
    this.moments = moments;
    this.patience = patience;
    this.findings = findings;
  }

  void judge() {
    trail.chains().forEach((entity, chain) -> {
      if (entity.startsWith("deployment:")) {
        deployment(chain);
      } else if (entity.startsWith("version:")) {
        chain.stream().filter(entry -> entry.action().equals("version.expired"))
            .forEach(expired -> inTime(chain.getFirst(), expired));
      }
    });
  }

  private void deployment(List<Entry> chain) {
    JsonNode stored = trail.deployments().get(chain.getFirst().name());
    if (stored == null) {
      return; // told by the slot
    }
    Place place = World.place(stored.path("environment").asString());
    String model = stored.path("model").asString();
    String version = "version:" + model + ":" + stored.path("version").asInt();
    Op asked = ops.get(chain.getFirst().op());
    boolean rollback = asked != null && asked.operation().equals("rollbackDeployment");
    for (int i = 0; i < chain.size(); i++) {
      Entry entry = chain.get(i);
      if (ASKED.contains(entry.action())) {
        require(entry, version, "ready");
        if (!rollback) {
          require(entry, "model:" + model, "active");
        }
        if (place.is(Trait.CHECKED)) {
          require(entry, version.replace("version:", "check:") + ":" + World.CHECK, "passed");
        }
        if (place.is(Trait.PROVED) && !hasFiles(version)) {
          findings.add(entry + " let " + version + " through, of which nothing is proved");
        }
      }
      if (entry.op().startsWith("deadline ")) {
        if (!place.is(Trait.TIMED)) {
          findings.add(entry + " was given up in " + place + ", which has all the time");
        }
        inTime(chain.get(Math.max(0, i - 1)), entry);
      }
    }
  }

  private void require(Entry entry, String entity, String word) {
    List<String> known = states.getOrDefault(entity, List.of(Shown.ABSENT));
    if (!moments.during(entry, entity, known, state -> Shown.word(state).equals(word))) {
      findings.add(entry + " was let through when " + entity + " was not " + word + ": " + known);
    }
  }

  /** What has files waits for them first. */
  private boolean hasFiles(String version) {
    List<String> known = states.getOrDefault(version, List.of());
    return known.size() > 1 && Shown.word(known.get(1)).equals("pending");
  }

  private void inTime(Entry began, Entry givenUp) {
    if (moments.latest(givenUp) < moments.earliest(began) + patience.minus(SET).toNanos()) {
      findings.add(givenUp + " came before the time of " + began + " was over");
    }
  }
}
