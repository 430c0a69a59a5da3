package dev.modelops.local.history;

import dev.modelops.local.history.World.Place;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** One thing that a client does, and the names it uses for it. */
final class Step {

  private final World world;
  private final String client;
  private final Random random;
  private int number;
  private @Nullable String chosen;

  Step(World world, String client, Random random) {
    this.world = world;
    this.client = client;
    this.random = random;
  }

  void next() {
    number++;
    chosen = null;
  }

  /** One about this model. */
  void next(String model) {
    next();
    chosen = model;
  }

  /** Counts from 1. */
  int number() {
    return number;
  }

  /** Chosen at its first use, and the same for the whole step. */
  String model() {
    if (chosen == null) {
      chosen = world.models.get(random.nextInt(world.models.size()));
    }
    return chosen;
  }

  String version() {
    return "version:" + model() + ":" + world.version(model(), random);
  }

  String alias() {
    return "alias:" + model() + ":" + World.ALIASES.get(random.nextInt(World.ALIASES.size()));
  }

  Place place() {
    return World.PLACES.get(random.nextInt(World.PLACES.size()));
  }

  /** A text that no other step uses. */
  String title() {
    return client + "." + number;
  }
}
