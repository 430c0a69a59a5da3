package dev.modelops.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The one pair of emulators of this build: the first test JVM starts its {@link Keeper}, later ones find it by a file
 * under {@code target/} of the source tree. Builds that run side by side have their own, also in one source tree.
 */
final class BuildEmulators {

  private static final Duration START = Duration.ofMinutes(5);

  private BuildEmulators() {}

  static Endpoints find(Path root, String backend) {
    ProcessHandle build = build();
    if (!backend.equals("embedded") && !backend.equals("localstack")) {
      throw new StartException("modelops.aws is " + backend + ": it must be embedded or localstack.");
    }
    Path folder = root.resolve("target/aws").resolve(backend + "-" + build.pid() + "-"
        + build.info().startInstant().map(Instant::toEpochMilli).orElse(0L));
    try {
      Emulator.create(folder);
      try (FileChannel channel = FileChannel.open(folder.resolve("start.lock"), StandardOpenOption.CREATE,
          StandardOpenOption.WRITE); FileLock lock = channel.lock()) {
        return lock.isValid() ? findOrStart(folder, build, backend) : find(root, backend);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The Maven process above this one; without Maven, as in an editor, this JVM itself. */
  static ProcessHandle build() {
    ProcessHandle self = ProcessHandle.current();
    ProcessHandle found = self;
    for (Optional<ProcessHandle> above = self.parent(); above.isPresent(); above = above.get().parent()) {
      if (above.get().info().commandLine().orElse("").contains("org.codehaus.plexus.classworlds.launcher.Launcher")) {
        found = above.get();
      }
    }
    return found;
  }

  private static Endpoints findOrStart(Path folder, ProcessHandle build, String backend) throws IOException {
    Path state = folder.resolve(Keeper.STATE);
    Path failure = folder.resolve(Keeper.FAILURE);
    if (Files.exists(failure)) { // not tried again in every test class
      throw new StartException(Files.readString(failure));
    }
    if (!Files.exists(state)) {
      Process keeper = start(folder, build, backend);
      Instant deadline = Instant.now().plus(START);
      while (!Files.exists(state)) {
        if (Files.exists(failure)) {
          throw new StartException(Files.readString(failure));
        }
        if (!keeper.isAlive() || Instant.now().isAfter(deadline)) {
          throw new StartException("The emulators for tests did not start: see " + folder.resolve("keeper.log") + ".");
        }
        pause();
      }
    }
    List<String> lines = Files.readAllLines(state);
    return new Endpoints(URI.create(lines.get(0)), URI.create(lines.get(1)));
  }

  private static Process start(Path folder, ProcessHandle build, String backend) throws IOException {
    List<String> command = new ArrayList<>(Emulator.java(Emulator.resource("dynamodb-local.classpath")));
    command.addAll(List.of(Emulator.QUICK_COMPILER, Keeper.class.getName(), folder.toString(),
        String.valueOf(build.pid()), backend, System.getProperty("modelops.localstack.image", "")));
    // Nothing of it may hang on the pipes of the test JVM: the build waits for those to close.
    return new ProcessBuilder(command).redirectErrorStream(true)
        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
        .redirectOutput(folder.resolve("keeper.log").toFile()).start();
  }

  private static void pause() {
    try {
      Thread.sleep(25);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartException("Interrupted while starting.", e);
    }
  }
}
