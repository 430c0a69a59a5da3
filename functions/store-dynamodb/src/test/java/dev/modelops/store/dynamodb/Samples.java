package dev.modelops.store.dynamodb;

import dev.modelops.domain.change.Origin;
import dev.modelops.domain.registry.Manifest;
import dev.modelops.domain.registry.Model;
import dev.modelops.domain.registry.ModelKind;
import dev.modelops.domain.registry.Version;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Entities to store. */
final class Samples {

  static final Instant NOW = Instant.parse("2026-03-01T10:00:00.123Z");

  private Samples() {}

  static Model model(String name, String department, Map<String, String> tags) {
    return new Model(name, ModelKind.ML, Model.State.ACTIVE, department, "Scores of " + name, null, "usr_owner",
        Map.of(),
        null, null, tags, Map.of(), null, NOW, "usr_a", NOW, "usr_a");
  }

  static Version version(String model, int number, String commit, Version.State state) {
    return new Version(model, number, "risk", null, state, "0".repeat(64), Manifest.Proof.PROVED, commit, null,
        Map.of(),
        NOW, "usr_a", null, NOW.plusSeconds(number), null, null, Set.of(), Set.of(), Set.of());
  }

  static Manifest manifest(String commit) {
    return new Manifest(List.of(), List.of(), null, null, Map.of("depth", 3), Map.of("auc", 0.91), null, commit,
        List.of(),
        List.of());
  }

  static Origin origin(String request) {
    return new Origin("usr_a", "usr_b", request, "src_1", "because", NOW);
  }
}
