package dev.modelops.local.history;

import dev.modelops.local.history.Trail.Entry;
import dev.modelops.local.history.World.Place;
import dev.modelops.local.history.World.Trait;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * The model of deployments: what each move does to all deployments of a model in an environment, written down once more
 * and independently. The chain of the slot gives the order of the moves; each is made here, too, and must have left
 * exactly the states that the chains of the deployments name.
 */
final class Slots {

  private static final String AWAITING = "awaiting-approval";
  private static final String DEPLOYING = "deploying";
  private static final String LIVE = "live";
  private static final String SUPERSEDED = "superseded";

  private final String slot;
  private final Place place;
  private final Trail trail;
  private final Map<String, JsonNode> stored;
  private final List<String> findings;
  /** Its deployments in the order in which they were asked for. */
  private final Map<String, String> now = new LinkedHashMap<>();
  /** What a rollback undoes. */
  private final Map<String, String> undoing = new HashMap<>();
  private final Set<String> automatic = new HashSet<>();
  private boolean switchedOn;
  /** The highest version that was ever asked for. */
  private int reached;

  private Slots(String slot, Trail trail, List<String> findings) {
    this.slot = slot;
    this.place = World.place(slot.split(":")[1]);
    this.trail = trail;
    this.stored = trail.deployments();
    this.findings = findings;
  }

  /** The states of slots (what is live) and deployments after each of their revisions. */
  static Map<String, List<String>> states(Trail trail, Map<String, Op> ops, List<String> findings) {
    Map<String, List<String>> states = new TreeMap<>();
    Map<String, List<Entry>> made = trail.byOp();
    Map<String, List<Entry>> chains = trail.chains();
    chains.forEach((entity, chain) -> {
      if (entity.startsWith("slot:")) {
        Slots model = new Slots(entity, trail, findings);
        List<String> live = new ArrayList<>(List.of(Shown.ABSENT));
        for (Entry entry : chain) {
          Op op = ops.get(entry.op());
          if (op == null) {
            findings.add(entry + " was made by nobody");
          } else {
            model.move(op, model.own(op, made.getOrDefault(op.id(), List.of())));
          }
          live.add(model.holder(LIVE));
        }
        states.put(entity, live);
        model.intervals();
      } else if (entity.startsWith("deployment:")) {
        List<String> steps = new ArrayList<>(List.of(Shown.ABSENT));
        // An approval of what is deploying already moves nothing.
        chain.forEach(entry -> steps.add(entry.action().equals("deployment.approved") ? steps.getLast()
            : entry.action().substring("deployment.".length())));
        states.put(entity, steps);
      }
    });
    return states;
  }

  /** One run of what the system does by itself looks at many slots. */
  private List<Entry> own(Op op, List<Entry> entries) {
    return op.isBySystem() ? entries.stream().filter(entry -> trail.slot(entry).equals(slot)).toList() : entries;
  }

  private void move(Op op, List<Entry> entries) {
    Map<String, String> before = new HashMap<>(now);
    String id = entries.stream().filter(entry -> entry.entity().startsWith("deployment:")).map(Entry::name)
        .filter(each -> switch (op.operation()) {
          case "createDeployment", "rollbackDeployment", "auto-deploy" -> !before.containsKey(each);
          case "deadline" -> true;
          default -> op.entity().endsWith(each);
        }).findFirst().orElse("");
    switch (op.operation()) {
      case "putAutoDeploy" -> switchedOn = op.value().equals("on");
      case "createDeployment" -> ask(id);
      case "auto-deploy" -> goByItself(op, id);
      case "decideDeployment" -> {
        if (op.value().equals("approved")) {
          require(op, id, AWAITING);
          goOn(id);
        } else {
          require(op, id, AWAITING, DEPLOYING);
          now.put(id, "rejected");
        }
      }
      case "reportDeployment" -> {
        require(op, id, DEPLOYING);
        if (op.value().equals(LIVE)) {
          live(id);
        } else {
          now.put(id, "failed");
        }
      }
      case "deadline" -> {
        require(op, id, DEPLOYING);
        now.put(id, "failed");
      }
      case "cancelDeployment" -> {
        require(op, id, AWAITING, DEPLOYING);
        now.put(id, "cancelled");
      }
      case "retireDeployment" -> {
        require(op, id, LIVE);
        now.put(id, "retired");
      }
      case "rollbackDeployment" -> rollBack(op, id);
      default -> findings.add(op + " moved " + slot);
    }
    hold(op, before, entries);
  }

  private void ask(String id) {
    reached = Math.max(reached, version(id));
    if (place.is(Trait.APPROVED)) {
      now.put(id, AWAITING);
    } else {
      goOn(id);
    }
  }

  /** Only what is newer than everything before it, which takes the place of older ones of its kind that still wait. */
  private void goByItself(Op op, String id) {
    if (!switchedOn) {
      findings.add(op + " asked for " + id + " in " + slot + " where auto-deploy is off");
    }
    if (version(id) <= reached) {
      findings.add(op + " asked for version " + version(id) + " in " + slot + ", which had come to " + reached);
    }
    for (String older : automatic) {
      now.replace(older, AWAITING, SUPERSEDED);
    }
    automatic.add(id);
    ask(id);
  }

  private int version(String id) {
    return stored.getOrDefault(id, MissingNode.getInstance()).path("version").asInt(0);
  }

  /** Allowed: live at once where that is only recorded, deploying where it is reported. */
  private void goOn(String id) {
    if (place.is(Trait.REPORTED)) {
      if (!holder(DEPLOYING).equals(Shown.ABSENT)) {
        findings.add(id + " went on in " + slot + " while " + holder(DEPLOYING) + " was deploying");
      }
      now.put(id, DEPLOYING);
    } else {
      live(id);
    }
  }

  /** It takes the place of what is live, and of what was asked for before it and still waits. */
  private void live(String id) {
    for (String other : List.copyOf(now.keySet())) {
      if (other.equals(id)) {
        break;
      }
      if (open(other)) {
        now.put(other, SUPERSEDED);
      }
    }
    String other = holder(LIVE);
    if (!other.equals(Shown.ABSENT)) {
      now.put(other, other.equals(undoing.get(id)) ? "rolled-back" : SUPERSEDED);
    }
    now.put(id, LIVE);
  }

  private void rollBack(Op op, String id) {
    String undone = op.value();
    require(op, undone, LIVE);
    undoing.put(id, undone);
    if (place.is(Trait.REPORTED)) {
      String underWay = holder(DEPLOYING);
      if (!underWay.equals(Shown.ABSENT)) {
        now.put(underWay, SUPERSEDED);
      }
      now.keySet().stream().filter(this::open).skip(9).findAny()
          .ifPresent(full -> now.keySet().stream().filter(this::open).findFirst()
              .ifPresent(oldest -> now.put(oldest, SUPERSEDED)));
      now.put(id, DEPLOYING);
    } else {
      live(id);
    }
  }

  private void hold(Op op, Map<String, String> before, List<Entry> entries) {
    Map<String, String> expected = new TreeMap<>();
    now.forEach((id, state) -> {
      if (!state.equals(before.get(id))) {
        expected.put(id, state);
      }
    });
    Map<String, String> found = new TreeMap<>();
    entries.stream().filter(entry -> entry.entity().startsWith("deployment:")).forEach(entry -> found
        .put(entry.name(), entry.action().substring("deployment.".length())));
    if (!expected.equals(found)) {
      findings.add(op + " left " + found + " in " + slot + " and should have left " + expected);
      // On with what is there, so that one flaw is told once.
      now.putAll(before);
      now.putAll(found);
    }
    for (String state : List.of(LIVE, DEPLOYING)) {
      if (now.values().stream().filter(state::equals).count() > 1) {
        findings.add("after " + op + " more than one is " + state + " in " + slot + ": " + now);
      }
    }
    if (now.keySet().stream().filter(this::open).count() > 10) {
      findings.add("after " + op + " more than 10 are open in " + slot + ": " + now);
    }
  }

  private void require(Op op, String id, String... legal) {
    if (!List.of(legal).contains(now.getOrDefault(id, Shown.ABSENT))) {
      findings.add(op + " moved what was " + now.get(id) + " in " + slot);
    }
  }

  private boolean open(String id) {
    return List.of(AWAITING, DEPLOYING).contains(now.getOrDefault(id, Shown.ABSENT));
  }

  private String holder(String state) {
    return now.entrySet().stream().filter(each -> each.getValue().equals(state)).map(Map.Entry::getKey).findFirst()
        .orElse(Shown.ABSENT);
  }

  /** What is live changes hands without a gap, but for what was retired, and never belongs to two. */
  private void intervals() {
    List<JsonNode> ever =
        now.keySet().stream().map(stored::get).filter(each -> each != null && each.hasNonNull("liveAt"))
            .sorted(Comparator.comparing(each -> Instant.parse(each.path("liveAt").asString()))).toList();
    for (int i = 0; i < ever.size(); i++) {
      JsonNode one = ever.get(i);
      boolean last = i == ever.size() - 1;
      String state = one.path("state").asString();
      boolean ended = one.hasNonNull("endedAt");
      boolean whole = last ? ended != state.equals(LIVE)
          : ended && (state.equals("retired")
              ? !one.path("endedAt").asString().isEmpty() && !Instant.parse(one.path("endedAt").asString())
                  .isAfter(Instant.parse(ever.get(i + 1).path("liveAt").asString()))
              : one.path("endedAt").asString().equals(ever.get(i + 1).path("liveAt").asString()));
      if (!whole) {
        findings.add("in " + slot + " the time in which " + one + " was live does not fit "
            + (last ? "its state" : ever.get(i + 1)));
      }
    }
    now.forEach((id, state) -> {
      JsonNode deployment = stored.get(id);
      if (deployment == null || !deployment.path("state").asString().equals(state)) {
        findings.add(id + " in " + slot + " is stored as " + deployment + " and should be " + state);
      } else if (deployment.path("automatic").asBoolean(false) != automatic.contains(id)) {
        findings.add(deployment + " in " + slot + " does not say by whom it was asked for");
      }
    });
  }
}
