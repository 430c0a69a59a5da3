package dev.modelops.local.history;

import dev.modelops.local.history.Op.Outcome;
import dev.modelops.local.history.Trail.Entry;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * The model of the API that histories are checked against. An entity is a register: its chain tells in which order its
 * revisions were made, and by which operations; what those operations asked for tells which state each revision has. From
 * there everything follows without a search:
 *
 * <ul>
 * <li>an operation that was acknowledged is in the chains once, one that was refused is not, and none is there twice
 * <li>an answer shows the state that its revision has
 * <li>an answer shows nothing older than what any client knew before it asked, and nothing that was asked for later
 * </ul>
 *
 * <p>As in Elle (Kingsbury and Alvaro, VLDB 2020) the version order is recovered from the store instead of guessed.
 * {@link Slots} adds what a deployment may do, {@link Gates} when.
 */
final class Rules {

  static final Instant METRICS_FROM = Instant.now().truncatedTo(ChronoUnit.MINUTES).minus(20, ChronoUnit.MINUTES);
  static final int METRIC_MINUTES = 5;

  private final List<Op> log;
  private final Map<String, List<Entry>> chains;
  private final Map<String, Op> ops;
  private final Map<String, List<Entry>> made;
  private final List<String> findings = new ArrayList<>();
  /** The state of every entity after each of its revisions; index 0 is before the first. */
  private final Map<String, List<String>> states = new TreeMap<>();

  private Rules(World world, Trail trail) {
    this.log = List.copyOf(world.log);
    this.chains = trail.chains();
    this.ops = log.stream().collect(Collectors.toMap(Op::id, op -> op));
    this.made = trail.byOp();
    made.keySet().stream().filter(Op::isBySystem).forEach(id -> ops.put(id, Op.bySystem(id)));
    findings.addAll(world.findings);
    findings.addAll(trail.findings);
  }

  /** Everything that the model cannot explain; empty when it explains all. */
  static List<String> violations(World world, Trail trail) {
    Rules rules = new Rules(world, trail);
    rules.states.putAll(Slots.states(trail, rules.ops, rules.findings));
    rules.chains.forEach((entity, chain) -> rules.states.computeIfAbsent(entity, each -> rules.fold(chain)));
    rules.log.forEach(rules::effect);
    rules.numbers();
    Map<String, List<Observation>> observations = rules.observations();
    observations.forEach(rules::inTime);
    Moments moments = new Moments(trail, rules.ops);
    observations.values().forEach(each -> each.forEach(
        observation -> moments.seen(observation.op(), observation.entity(), observation.rev())));
    moments.settle();
    new Gates(trail, rules.ops, rules.states, moments, world.patience, rules.findings).judge();
    return rules.findings;
  }

  // The register.

  private List<String> fold(List<Entry> chain) {
    List<String> folded = new ArrayList<>(List.of(Shown.ABSENT));
    for (Entry entry : chain) {
      String before = folded.getLast();
      Op op = ops.get(entry.op());
      if (entry.rev() != folded.size()) {
        findings.add(entry + " stands where revision " + folded.size() + " should");
      }
      if (op == null) {
        findings.add(entry + " was made by nobody");
        folded.add(before);
      } else {
        folded.add(after(before, op, entry));
      }
    }
    return folded;
  }

  /** The state that an operation leaves behind; what it may not do there is a finding. */
  private String after(String before, Op op, Entry entry) {
    return switch (op.operation()) {
      case "putModel" -> Shown.state(before.equals(Shown.ABSENT) ? "active" : Shown.word(before), op.value());
      case "patchModel", "patchVersion" -> Shown.state(Shown.word(before), op.value());
      case "archiveModel" -> Shown.state("archived", Shown.text(before));
      case "restoreModel" -> Shown.state("active", Shown.text(before));
      case "setRiskTier" -> before;
      case "createVersion", "putEnvironment", "postCheck", "putDepartment" -> op.value();
      case "finalizeVersion" -> moved(before, "pending", "ready", entry);
      case "expiry" -> moved(before, "pending", "expired", entry);
      case "archiveVersion" -> moved(before, "ready", "archived", entry);
      case "withdrawVersion" -> moved(before, "ready", "withdrawn", entry);
      case "putAlias", "deleteAlias", "createDeployment", "decideDeployment", "reportDeployment", "cancelDeployment",
          "retireDeployment", "rollbackDeployment", "auto-deploy", "deadline" -> {
        if (entry.entity().startsWith("alias:")) {
          yield op.operation().equals("putAlias") ? op.value() : Shown.ABSENT;
        }
        // The version that it takes hold of, or lets go.
        boolean holds = List.of("version.aliased", "version.deployed", "version.deployment-opened")
            .contains(entry.action());
        yield holds ? moved(before, "ready", "ready", entry) : before;
      }
      case "createToken", "rotateToken", "revokeToken" -> token(before, op, entry);
      default -> {
        findings.add(entry + " was made by " + op);
        yield before;
      }
    };
  }

  /** A rotation makes a token of one that is in use; what was revoked stays so. */
  private String token(String before, Op op, Entry entry) {
    String after = switch (entry.action()) {
      case "token.created" -> "active";
      case "token.rotated" -> "rotated";
      default -> "revoked";
    };
    boolean legal = switch (after) {
      case "active" -> before.equals(Shown.ABSENT);
      case "rotated" -> before.equals("active");
      default -> op.operation().equals("revokeToken") && !before.equals("revoked");
    };
    if (!legal) {
      findings.add(entry + " came upon what was " + before);
    }
    return after;
  }

  private String moved(String before, String from, String to, Entry entry) {
    if (!Shown.word(before).equals(from)) {
      findings.add(entry + " came upon '" + before + "', and needs it " + from);
    }
    return Shown.state(to, Shown.text(before));
  }

  // Once, or not at all.

  private void effect(Op op) {
    List<Entry> entries = made.getOrDefault(op.id(), List.of());
    long requests = entries.stream().map(Entry::requestId).distinct().count();
    long entities = entries.stream().map(Entry::entity).distinct().count();
    if (requests > 1 || entities < entries.size()) {
      findings.add(op + " was done more than once: " + entries);
    }
    if (op.outcome() == Outcome.REFUSED && !op.unsure() && !entries.isEmpty()) {
      findings.add(op + " was refused and done: " + entries);
    }
    if (op.done() && op.certain() && entries.isEmpty()) {
      findings.add(op + " was acknowledged and is lost");
    }
    // A repetition is answered with what the first one made, as it is by now.
    boolean now = !op.replayed() && !op.unsure() && op.rev() > 0;
    if (op.done() && op.certain() && !entries.isEmpty() && entries.stream()
        .noneMatch(entry -> entry.entity().equals(op.entity()) && (!now || entry.rev() == op.rev()))) {
      findings.add(op + " was answered with a revision that another operation made: " + entries);
    }
  }

  /** A version number belongs to one operation, and grows with time. */
  private void numbers() {
    Map<String, Op> owners = new HashMap<>();
    for (Op op : log) {
      if (op.operation().equals("createVersion") && op.done()) {
        Op other = owners.put(op.entity(), op);
        if (other != null) {
          findings.add("a number was given twice: " + op + " and " + other);
        }
      }
    }
  }

  // In time.

  /** That a client knew of a revision: from an answer, or since it was acknowledged what made it. */
  private record Observation(Op op, String entity, long rev, @Nullable String seen) {}

  private Map<String, List<Observation>> observations() {
    Map<String, List<Observation>> all = new TreeMap<>();
    for (Op op : log) {
      if (!op.done()) {
        continue;
      }
      if (op.rev() > 0 || op.seen() != null) {
        observe(all, new Observation(op, op.entity(), op.rev(), op.seen()));
      }
      for (Entry entry : made.getOrDefault(op.id(), List.of())) {
        observe(all, new Observation(op, entry.entity(), entry.rev(), null));
      }
      if (op.operation().equals("createVersion")) {
        String model = op.entity().substring("version:".length(), op.entity().lastIndexOf(':'));
        observe(all, new Observation(op, "versions:" + model, Op.number(op.entity()), null));
      }
    }
    return all;
  }

  private static void observe(Map<String, List<Observation>> all, Observation observation) {
    all.computeIfAbsent(observation.entity(), each -> new ArrayList<>()).add(observation);
  }

  /** Who asks after somebody was answered sees at least what that one saw. */
  private void inTime(String entity, List<Observation> observations) {
    observations.sort(Comparator.comparingLong(observation -> observation.op().began()));
    PriorityQueue<Map.Entry<Observation, Long>> answered =
        new PriorityQueue<>(Comparator.comparingLong(each -> each.getKey().op().ended()));
    long floor = 0;
    @Nullable Op since = null;
    for (Observation observation : observations) {
      while (!answered.isEmpty() && answered.element().getKey().op().ended() < observation.op().began()) {
        Map.Entry<Observation, Long> earlier = answered.remove();
        if (earlier.getValue() > floor) {
          floor = earlier.getValue();
          since = earlier.getKey().op();
        }
      }
      long rev = revision(entity, observation, floor);
      if (rev < floor) {
        findings.add(observation.op() + " of " + entity + " went back in time behind revision " + floor + ", seen by "
            + since);
      }
      answered.add(Map.entry(observation, rev));
    }
  }

  /** Which revision was seen; -1 when none explains what was seen. */
  private long revision(String entity, Observation observation, long floor) {
    if (entity.startsWith("versions:")) {
      return observation.rev();
    }
    List<String> known = states.getOrDefault(entity, List.of(Shown.ABSENT));
    @Nullable String seen = observation.seen();
    if (observation.rev() == 0) {
      return LongStream.range(floor, known.size()).filter(rev -> known.get((int) rev).equals(seen)).findFirst()
          .orElse(-1);
    }
    String is = observation.rev() < known.size() ? known.get((int) observation.rev()) : "nothing";
    if (observation.rev() >= known.size() || seen != null && !seen.equals(is)) {
      findings.add(observation.op() + " saw what was never there: revision " + observation.rev() + " of " + entity
          + " is '" + is + "'");
    } else {
      fromTheFuture(entity, observation);
    }
    return observation.rev();
  }

  private void fromTheFuture(String entity, Observation observation) {
    @Nullable Op maker = ops.get(chains.getOrDefault(entity, List.of()).get((int) observation.rev() - 1).op());
    if (maker != null && maker.began() > observation.op().ended()) {
      findings.add(observation.op() + " saw what was asked for later, by " + maker);
    }
  }
}
