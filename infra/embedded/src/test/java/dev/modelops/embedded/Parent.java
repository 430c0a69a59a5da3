package dev.modelops.embedded;

import java.nio.file.Path;

/** A process that starts emulators in the folder of its argument, prints two lines when they answer, and waits. */
final class Parent {

  private Parent() {}

  public static void main(String[] args) throws InterruptedException {
    Emulators emulators = Emulators.start(Emulators.Settings.in(Path.of(args[0])), sentence -> {});
    System.out.println(emulators.endpoints().dynamo() + " " + emulators.endpoints().s3());
    System.out.println(emulators.dynamoPid() + " " + emulators.s3Pid());
    Thread.currentThread().join();
  }
}
