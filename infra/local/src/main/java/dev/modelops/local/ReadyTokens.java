package dev.modelops.local;

import dev.modelops.domain.access.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * One ready-made token per role, in a file each that is named after the role and that only its owner may read. Made at the
 * first start, and anew before they expire.
 */
final class ReadyTokens {
  /** Well below the life of a token. */
  private static final Duration ANEW_AFTER = Duration.ofDays(60);

  private ReadyTokens() {}

  /**
   * @param make tokens by role
   */
  static Map<String, String> in(Path folder, Supplier<Map<String, String>> make) {
    List<String> roles = Arrays.stream(Role.values()).map(Role::wire).toList();
    try {
      if (!roles.stream().allMatch(role -> isFresh(folder.resolve(role)))) {
        Secrets.folder(folder);
        make.get().forEach((role, token) -> Secrets.write(folder.resolve(role), token));
      }
      Map<String, String> tokens = new LinkedHashMap<>();
      for (String role : roles) {
        tokens.put(role, Files.readString(folder.resolve(role)).strip());
      }
      return tokens;
    } catch (IOException e) {
      throw new CannotStart("The tokens in " + folder + " cannot be read: remove that folder to have new ones made.",
          e);
    }
  }

  private static boolean isFresh(Path file) {
    try {
      return Files.exists(file)
          && Files.getLastModifiedTime(file).toInstant().plus(ANEW_AFTER).isAfter(Instant.now());
    } catch (IOException e) {
      return false;
    }
  }
}
