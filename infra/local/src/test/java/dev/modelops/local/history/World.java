package dev.modelops.local.history;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** What the clients share: names, what they have heard of, and the log of what they did. */
final class World {

  /**
   * An environment as it stays throughout, but for its title.
   *
   * @param automatic whether new versions go there by themselves, until somebody switches it off
   */
  record Place(String name, boolean reported, boolean approved, boolean automatic) {}

  static final String DEPARTMENT = "demo";
  static final List<Place> PLACES = List.of(new Place("h-open", false, false, false),
      new Place("h-gated", false, true, false), new Place("h-reported", true, false, false),
      new Place("h-strict", true, true, false), new Place("h-auto", false, false, true),
      new Place("h-auto-gated", false, true, true));
  static final List<Place> AUTOMATIC = PLACES.stream().filter(Place::automatic).toList();
  static final List<String> ALIASES = List.of("champion", "challenger");
  private static final int REMEMBERED = 12;

  final List<String> models;
  final Queue<Op> log = new ConcurrentLinkedQueue<>();
  /** What a client found wrong by itself. */
  final Queue<String> findings = new ConcurrentLinkedQueue<>();
  private final Map<String, AtomicInteger> latest = new ConcurrentHashMap<>();
  private final Map<String, Deque<String>> deployments = new ConcurrentHashMap<>();

  World(String run, int models) {
    this.models = IntStream.range(0, models).mapToObj(i -> "h-" + run + "-" + i).toList();
  }

  static Place place(String name) {
    return PLACES.stream().filter(place -> place.name().equals(name)).findFirst().orElseThrow();
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

  void deploymentMade(String slot, String id) {
    Deque<String> known = deployments.computeIfAbsent(slot, each -> new ArrayDeque<>());
    synchronized (known) {
      known.remove(id);
      known.addFirst(id);
      while (known.size() > REMEMBERED) {
        known.removeLast();
      }
    }
  }

  /** One of the last deployments of a model in an environment; empty while there is none. */
  String deployment(String slot, Random random) {
    Deque<String> known = deployments.getOrDefault(slot, new ArrayDeque<>());
    synchronized (known) {
      return known.isEmpty() ? "" : known.stream().skip(random.nextInt(known.size())).findFirst().orElse("");
    }
  }
}
