package dev.modelops.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.lang.reflect.InvocationTargetException;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The main class of every emulator's process: runs another main class and halts as soon as standard input ends. The
 * parent holds the other end of that pipe, so however it dies, kill -9 included, its children die with it.
 *
 * <p>Arguments: a lock file, the main class, its arguments. The lock is held as long as the process lives: a child of a
 * killed parent may outlive it by a moment and must not share its data with its successor.
 */
final class Leash {

  private Leash() {}

  public static void main(String[] args) throws Throwable {
    Thread.ofPlatform().daemon().name("leash").start(Leash::haltAtEndOfInput);
    lock(Path.of(args[0]));
    String[] rest = Arrays.copyOfRange(args, 2, args.length);
    try {
      Class.forName(args[1]).getMethod("main", String[].class).invoke(null, (Object) rest);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static void haltAtEndOfInput() {
    InputStream input = System.in;
    try {
      while (input.read() >= 0) {
        // Nobody writes; only the end matters.
      }
    } catch (IOException e) {
      // A broken pipe is an end too.
    }
    Runtime.getRuntime().halt(0);
  }

  /** Waits for a predecessor; the lock goes with the process. */
  @SuppressWarnings("resource")
  private static void lock(Path file) throws IOException {
    FileLock lock = new RandomAccessFile(file.toFile(), "rw").getChannel().lock();
    if (!lock.isValid()) {
      throw new IOException("No lock on " + file);
    }
  }
}
