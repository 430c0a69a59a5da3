package dev.modelops.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** {@code mvn -Pbench -Dmodelops.bench=<what>}: one of the benchmarks, see README.md. */
public final class Main {
  private Main() {}

  /** @param args what to measure, then its options in one text */
  public static void main(String[] args) throws Exception {
    List<String> options = Arrays.stream(args).skip(1).flatMap(text -> Arrays.stream(text.split(" ")))
        .filter(option -> !option.isBlank()).toList();
    switch (args.length == 0 ? "" : args[0]) {
      case "cold" -> new ColdStart(options).run();
      case "work" -> org.openjdk.jmh.Main.main(options.toArray(String[]::new));
      case "load" -> new Load(options).run();
      default -> System.out.println("Built. Now say -Dmodelops.bench=cold, work or load, or run infra/bench/peers.py");
    }
    System.exit(0); // whatever threads are left
  }

  static Path root() {
    return Path.of(System.getProperty("modelops.root", "")).toAbsolutePath().normalize();
  }
}
