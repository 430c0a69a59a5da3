package dev.modelops.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Objects;

/** Files under the data folder that only their owner may read. */
final class Secrets {
  private Secrets() {}

  /** The key that signs cursors, made up at the first start as Secrets Manager does on AWS. */
  static Path cursorKey(Path data) {
    Path file = data.resolve("cursor-key");
    if (!Files.exists(file)) {
      byte[] random = new byte[32];
      new SecureRandom().nextBytes(random);
      write(file, HexFormat.of().formatHex(random));
    }
    return file;
  }

  /** Makes a folder that only its owner may enter. */
  static void folder(Path folder) {
    try {
      Files.createDirectories(folder);
      if (isPosix(folder)) {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      }
    } catch (IOException e) {
      throw new CannotStart("The folder " + folder + " cannot be made: make " + folder.getParent() + " writable.", e);
    }
  }

  private static boolean isPosix(Path path) throws IOException {
    return Files.getFileStore(path).supportsFileAttributeView("posix");
  }

  /** Writes a file whole, readable by its owner alone from its first moment. */
  static void write(Path file, String text) {
    try {
      Path whole = file.resolveSibling(file.getFileName() + ".new");
      Files.deleteIfExists(whole);
      if (isPosix(Objects.requireNonNull(file.toAbsolutePath().getParent()))) {
        Files.createFile(whole, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      }
      Files.writeString(whole, text, StandardCharsets.UTF_8);
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new CannotStart("The file " + file + " cannot be written: make its folder writable.", e);
    }
  }
}
