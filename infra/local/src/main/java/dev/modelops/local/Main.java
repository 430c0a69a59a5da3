package dev.modelops.local;

import java.time.Instant;
import java.util.Optional;

/** {@code mvn -Plocal}: starts everything on this machine and runs until it is ended. */
public final class Main {
  private Main() {}

  /** Settings are system properties. */
  public static void main(String[] args) {
    // Before the first connection is made: the SDK's client keeps at most this many open per host.
    System.setProperty("http.maxConnections", "64");
    Instant start = ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
    Console console = new Console(System.out, System.err, start);
    try {
      Settings settings = Settings.of(System.getProperties());
      console.say("Starting, data in " + settings.data());
      LocalRuntime runtime = LocalRuntime.start(settings, console);
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("end").unstarted(() -> {
        runtime.close();
        console.say("Ended.");
      }));
      endWithParent();
      console.ready();
    } catch (CannotStart e) {
      console.complain(String.valueOf(e.getMessage()));
      System.exit(1);
    }
  }

  /** However Maven ends, kill -9 included, this ends too. */
  private static void endWithParent() {
    Optional<ProcessHandle> parent = ProcessHandle.current().parent();
    if (Boolean.getBoolean("modelops.leash")) {
      parent.ifPresent(process -> process.onExit().thenRun(() -> System.exit(0)));
    }
  }
}
