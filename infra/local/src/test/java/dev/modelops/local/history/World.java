package dev.modelops.local.history;

import static dev.modelops.local.history.World.Trait.APPROVED;
import static dev.modelops.local.history.World.Trait.AUTOMATIC;
import static dev.modelops.local.history.World.Trait.CHECKED;
import static dev.modelops.local.history.World.Trait.PROVED;
import static dev.modelops.local.history.World.Trait.REPORTED;
import static dev.modelops.local.history.World.Trait.TIMED;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** What the clients share: names, what they have heard of, and the log of what they did. */
final class World {

  /** What an environment asks for. */
  enum Trait {
    /** That deployers report. */
    REPORTED,
    /** An approval. */
    APPROVED,
    /** A check that is passed. */
    CHECKED,
    /** Files that were proved. */
    PROVED,
    /** A report in time. */
    TIMED,
    /** Nothing: new versions go there by themselves, until somebody switches it off. */
    AUTOMATIC
  }

  /** An environment as it stays throughout, but for its title. */
  record Place(String name, Set<Trait> traits) {
    Place(String name, Trait... traits) {
      this(name, Set.of(traits));
    }

    boolean is(Trait trait) {
      return traits.contains(trait);
    }
  }

  static final String DEPARTMENT = "demo";
  /** The check that checked environments require. */
  static final String CHECK = "ci";
  static final List<Place> PLACES = List.of(new Place("h-open"), new Place("h-gated", APPROVED),
      new Place("h-reported", REPORTED), new Place("h-strict", REPORTED, APPROVED), new Place("h-auto", AUTOMATIC),
      new Place("h-auto-gated", AUTOMATIC, APPROVED), new Place("h-checked", REPORTED, APPROVED, CHECKED),
      new Place("h-auto-checked", AUTOMATIC, CHECKED), new Place("h-proved", PROVED),
      new Place("h-timed", REPORTED, TIMED));
  static final List<String> ALIASES = List.of("champion", "challenger");
  private static final int REMEMBERED = 12;

  final List<String> models;
  /** How long deployments and uploads are waited for. */
  final Duration patience;
  final Queue<Op> log = new ConcurrentLinkedQueue<>();
  /** What a client found wrong by itself. */
  final Queue<String> findings = new ConcurrentLinkedQueue<>();
  private final Map<String, AtomicInteger> latest = new ConcurrentHashMap<>();
  private final Map<String, Deque<String>> remembered = new ConcurrentHashMap<>();

  World(String run, int models, Duration patience) {
    this.patience = patience;
    this.models = IntStream.range(0, models).mapToObj(i -> "h-" + run + "-" + i).toList();
  }

  static Place place(String name) {
    return PLACES.stream().filter(place -> place.name().equals(name)).findFirst().orElseThrow();
  }

  static List<Place> places(Trait trait) {
    return PLACES.stream().filter(place -> place.is(trait)).toList();
  }

  /** A version number that was given, more often a late one; 1 while there is none. */
  int version(String model, Random random) {
    int most = Math.max(1, latest(model).get());
    return random.nextInt(4) == 0 ? 1 + random.nextInt(most) : Math.max(1, most - random.nextInt(3));
  }

  void versionMade(String model, int number) {
    latest(model).accumulateAndGet(number, Math::max);
  }

  private AtomicInteger latest(String model) {
    return latest.computeIfAbsent(model, each -> new AtomicInteger());
  }

  /** @param kind what it is one of, such as the deployments of a slot */
  void made(String kind, String id) {
    Deque<String> known = remembered.computeIfAbsent(kind, each -> new ArrayDeque<>());
    synchronized (known) {
      known.remove(id);
      known.addFirst(id);
      while (known.size() > REMEMBERED) {
        known.removeLast();
      }
    }
  }

  /** One of the last of a kind that were made; empty while there is none. */
  String any(String kind, Random random) {
    Deque<String> known = remembered.getOrDefault(kind, new ArrayDeque<>());
    synchronized (known) {
      return known.isEmpty() ? "" : known.stream().skip(random.nextInt(known.size())).findFirst().orElse("");
    }
  }
}
