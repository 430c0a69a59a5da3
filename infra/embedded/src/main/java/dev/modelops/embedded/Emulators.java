package dev.modelops.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * DynamoDB Local and S3Mock, each in a process of its own that listens on 127.0.0.1 only and ends with this one, however
 * this one ends. One instance per folder: a file lock in it refuses a second.
 *
 * <p>Durability: what S3Mock acknowledged survives kill -9 of any process; what DynamoDB Local acknowledged does for
 * clients that use {@link ReadBack}.
 */
public final class Emulators implements AutoCloseable {

  /**
   * Where and how.
   *
   * @param folder     data, locks and logs; made if absent
   * @param inMemory   tables are not kept
   * @param dynamoPort port of DynamoDB Local, 0 for any free one
   * @param s3Port     port of S3Mock, 0 for any free one
   */
  public record Settings(Path folder, boolean inMemory, int dynamoPort, int s3Port) {
    /** Keeps everything in a folder, on free ports. */
    public static Settings in(Path folder) {
      return new Settings(folder, false, 0, 0);
    }

    /** Keeps tables in memory; a folder is needed for objects and logs. */
    public static Settings inMemory(Path folder) {
      return new Settings(folder, true, 0, 0);
    }

    /** The same with free ports for those that were left open. */
    public Settings portsChosen() {
      return ports(port(dynamoPort), port(s3Port));
    }

    /** Where they will answer, if both ports are chosen. */
    public Endpoints endpoints() {
      return new Endpoints(Emulator.endpoint(dynamoPort), Emulator.endpoint(s3Port));
    }

    /** The same on these ports. */
    public Settings ports(int dynamo, int s3) {
      return new Settings(folder, inMemory, dynamo, s3);
    }
  }

  private final Settings settings;
  private final FileLock lock;
  private Emulator dynamo;
  private Emulator s3;

  private Emulators(Settings settings, FileLock lock, Emulator dynamo, Emulator s3) {
    this.settings = settings;
    this.lock = lock;
    this.dynamo = dynamo;
    this.s3 = s3;
  }

  /**
   * Starts both side by side and returns when both answer.
   *
   * @param progress is told one sentence per step
   * @throws StartException if a port is taken, the folder cannot be written or is in use, or one of them dies
   */
  public static Emulators start(Settings settings, Consumer<String> progress) {
    Path folder = Emulator.create(settings.folder().toAbsolutePath().normalize());
    FileLock lock = lock(folder);
    Emulator dynamo = null;
    Emulator s3 = null;
    try {
      dynamo = Emulator.dynamo(folder, settings.inMemory(), port(settings.dynamoPort()));
      mend(folder, progress);
      s3 = Emulator.s3(folder, port(settings.s3Port()));
      Emulators emulators = new Emulators(new Settings(folder, settings.inMemory(), 0, 0), lock, dynamo, s3);
      ready(dynamo, progress);
      ready(s3, progress);
      return emulators;
    } catch (RuntimeException e) {
      close(dynamo);
      close(s3);
      release(lock);
      throw e;
    }
  }

  /**
   * Starts again what ended, on its data and its port; {@link #death} then speaks of the new processes.
   *
   * @throws StartException as {@link #start}
   */
  public synchronized void revive(Consumer<String> progress) {
    if (!dynamo.isAlive()) {
      dynamo = Emulator.dynamo(settings.folder(), settings.inMemory(), dynamo.endpoint().getPort());
      ready(dynamo, progress);
    }
    if (!s3.isAlive()) {
      mend(settings.folder(), progress);
      s3 = Emulator.s3(settings.folder(), s3.endpoint().getPort());
      ready(s3, progress);
    }
  }

  /** Not before a predecessor whose parent was killed has ended too. */
  private static void mend(Path folder, Consumer<String> progress) {
    try (FileChannel channel = FileChannel.open(folder.resolve("s3.lock"), StandardOpenOption.CREATE,
        StandardOpenOption.WRITE); FileLock predecessor = channel.lock()) {
      assert predecessor.isValid();
      S3Folder.mend(folder.resolve("s3"), progress);
    } catch (IOException e) {
      throw new StartException("The folder " + folder + " cannot be written: make it writable or choose another one.",
          e);
    }
  }

  private static void ready(Emulator emulator, Consumer<String> progress) {
    Duration time = emulator.awaitReady();
    progress.accept(String.format(Locale.ROOT, "%s answers at %s (%.1f s)", emulator.name(), emulator.endpoint(),
        time.toMillis() / 1000.0));
  }

  private static int port(int wanted) {
    return wanted == 0 ? Emulator.freePort() : wanted;
  }

  private static FileLock lock(Path folder) {
    Path file = folder.resolve("lock");
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return lock;
      }
      channel.close();
    } catch (OverlappingFileLockException e) {
      // Held within this JVM.
    } catch (IOException e) {
      throw new StartException("The folder " + folder + " cannot be written: make it writable or choose another one.",
          e);
    }
    throw new StartException("The data in " + folder
        + " is in use by another running instance: end that instance or choose another folder.");
  }

  /** Where they answer. */
  public synchronized Endpoints endpoints() {
    return new Endpoints(dynamo.endpoint(), s3.endpoint());
  }

  /** Completes with one sentence if one of them ends before {@link #close}. */
  public synchronized CompletableFuture<String> death() {
    return dynamo.death().applyToEither(s3.death(), sentence -> sentence);
  }

  synchronized long dynamoPid() {
    return dynamo.pid();
  }

  synchronized long s3Pid() {
    return s3.pid();
  }

  /** Ends both and waits until they are gone; data of a folder stays. */
  @Override
  public synchronized void close() {
    dynamo.close();
    s3.close();
    release(lock);
  }

  private static void close(@Nullable Emulator emulator) {
    if (emulator != null) {
      emulator.close();
    }
  }

  private static void release(FileLock lock) {
    try {
      lock.acquiredBy().close();
    } catch (IOException e) {
      // The lock goes with the process at the latest.
    }
  }
}
