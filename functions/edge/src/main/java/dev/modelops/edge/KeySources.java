package dev.modelops.edge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where keys are kept: one a line in a file, or the stages of a secret. The current one comes first. */
final class KeySources {
  private KeySources() {}

  static List<String> file(String path) {
    try {
      return Files.readAllLines(Path.of(path)).stream().map(String::strip).filter(line -> !line.isEmpty()).toList();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  static List<String> secret(Secrets secrets, String arn) {
    String current = secrets.value(arn, "AWSCURRENT")
        .orElseThrow(() -> new IllegalStateException("the secret that signs cursors has no value"));
    // A secret that was never rotated has no previous stage.
    return secrets.value(arn, "AWSPREVIOUS").map(previous -> List.of(current, previous)).orElse(List.of(current));
  }
}
