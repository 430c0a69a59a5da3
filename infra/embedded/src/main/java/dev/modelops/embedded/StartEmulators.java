package dev.modelops.embedded;

import java.nio.file.Path;

/**
 * Starts what a build's tests run on before the first of them, and says in one sentence why that cannot be: else every
 * test class would, each with a stack trace.
 *
 * <p>Arguments: the source tree, the backend.
 */
final class StartEmulators {

  private StartEmulators() {}

  public static void main(String[] args) {
    try {
      BuildEmulators.find(Path.of(args[0]), args[1]);
    } catch (StartException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }
}
