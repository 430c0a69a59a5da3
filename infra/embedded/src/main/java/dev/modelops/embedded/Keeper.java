package dev.modelops.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Keeps one pair of emulators for all test JVMs of a build and ends with that build. A process of its own, because a
 * build's test JVMs come and go; the emulators hang on its leash, so killing it ends them too.
 *
 * <p>Arguments: the folder, the process id of the build, the backend, the image for LocalStack (blank for ours).
 */
final class Keeper {

  /** Two lines: where DynamoDB and S3 answer. */
  static final String STATE = "endpoints";
  /** One sentence: why they do not. */
  static final String FAILURE = "failure";

  private static final int ATTEMPTS = 3;
  private static final long LOOK_MILLIS = 200;

  private Keeper() {}

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    ProcessHandle build = ProcessHandle.of(Long.parseLong(args[1])).orElseThrow();
    Thread main = Thread.currentThread();
    Thread.ofPlatform().daemon().name("build").start(() -> watch(build, main));
    try {
      sweep(folder);
      if (args[2].equals("localstack")) {
        try (LocalStack localStack = LocalStack.start(args[3].isBlank() ? LocalStack.IMAGE : args[3])) {
          serve(folder, localStack.endpoints());
        }
      } else {
        try (Emulators emulators = emulators(folder)) {
          serve(folder, emulators.endpoints());
        }
      }
      delete(folder);
    } catch (StartException e) {
      write(folder, FAILURE, String.valueOf(e.getMessage()));
    }
  }

  /** A free port may be taken by another build in the moment before it is used. */
  private static Emulators emulators(Path folder) {
    for (int attempt = 1; true; attempt++) {
      try {
        return Emulators.start(Emulators.Settings.inMemory(folder), sentence -> {});
      } catch (StartException e) {
        if (attempt == ATTEMPTS || Thread.currentThread().isInterrupted()) {
          throw e;
        }
      }
    }
  }

  /** Removes what builds left behind whose keeper was killed. */
  private static void sweep(Path folder) {
    try (Stream<Path> siblings = Files.list(folder.resolveSibling(""))) {
      for (Path other : siblings.filter(Files::isDirectory).toList()) {
        String[] parts = other.getFileName().toString().split("-");
        if (parts.length == 3 && ProcessHandle.of(Long.parseLong(parts[1])).isEmpty()) {
          delete(other);
        }
      }
    } catch (IOException | UncheckedIOException e) {
      // Another build sweeps at the same time.
    }
  }

  /** Until the build has ended. */
  private static void serve(Path folder, Endpoints endpoints) throws IOException {
    write(folder, STATE, endpoints.dynamo() + "\n" + endpoints.s3());
    try {
      Thread.currentThread().join();
    } catch (InterruptedException e) {
      // The build has ended.
    }
  }

  /** Interrupts {@code main} when the build has ended, also in the middle of a start. */
  private static void watch(ProcessHandle build, Thread main) {
    try {
      while (isAlive(build)) {
        Thread.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    main.interrupt();
  }

  /** A dead process that nobody has waited for still has an id, but no command. */
  private static boolean isAlive(ProcessHandle process) {
    return process.isAlive() && process.info().command().isPresent();
  }

  /** Whoever reads it sees all of it or nothing. */
  private static void write(Path folder, String name, String text) throws IOException {
    Path whole = folder.resolve(name + ".new");
    Files.writeString(whole, text, StandardCharsets.UTF_8);
    Files.move(whole, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private static void delete(Path folder) throws IOException {
    List<Path> content;
    try (Stream<Path> files = Files.walk(folder)) {
      content = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : content) {
      Files.deleteIfExists(file);
    }
  }
}
