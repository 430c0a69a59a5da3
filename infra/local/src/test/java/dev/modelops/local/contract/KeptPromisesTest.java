package dev.modelops.local.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contract against that of the last release, as git knows it; without one there is nothing to keep yet. */
class KeptPromisesTest {
  private static final Path ROOT = Path.of(System.getProperty("modelops.root", "../.."));
  private static final String CONTRACT = "functions/contract/openapi.yaml";

  @TempDir private Path folder = Path.of("");

  @Test
  void nothingBreaksTheCallersOfTheLastRelease() throws Exception {
    assertThat(broken(ROOT)).isEmpty();
  }

  @Test
  void aBreakSinceTheLastReleaseIsFound() throws Exception {
    String contract = "paths: {/v1/things: {get: {operationId: listThings, responses: {}}}}";
    Path file = folder.resolve(CONTRACT);
    Files.createDirectories(file.getParent());
    Files.writeString(file, contract);
    git(folder, "init", "--quiet");
    assertThat(broken(folder)).as("no release yet").isEmpty();
    git(folder, "add", ".");
    git(folder, "-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false", "commit",
        "--quiet",
        "--message", "release");
    git(folder, "tag", "v0.9.0");
    git(folder, "tag", "v0.10.0");
    assertThat(broken(folder)).as("nothing has changed").isEmpty();
    Files.writeString(file, contract.replace("things", "stuff"));
    assertThat(broken(folder)).containsExactly("listThings: removed since v0.10.0");
  }

  private static List<String> broken(Path root) throws IOException {
    Optional<String> tag = git(root, "tag", "--list", "v*", "--merged", "HEAD", "--sort=-v:refname")
        .flatMap(tags -> tags.lines().findFirst());
    Optional<String> released = tag.flatMap(name -> git(root, "show", name + ":" + CONTRACT));
    if (released.isEmpty()) {
      System.out.println(tag.map(name -> "The contract of " + name + " is not in this checkout: it was not compared.")
          .orElse("No release is known to this checkout: the contract was compared with none."));
      return List.of();
    }
    return BreakingChanges
        .between(Documents.read(released.get()), Documents.read(Files.readString(root.resolve(CONTRACT))))
        .stream().map(broken -> broken + " since " + tag.orElseThrow()).toList();
  }

  /** What git prints; nothing where there is no git, no repository or no such thing in it. */
  private static Optional<String> git(Path folder, String... arguments) {
    try {
      Process git = new ProcessBuilder(command(arguments)).directory(folder.toFile())
          .redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String out = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return git.waitFor() == 0 ? Optional.of(out) : Optional.empty();
    } catch (IOException noGit) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static List<String> command(String... arguments) {
    return Stream.concat(Stream.of("git"), Arrays.stream(arguments)).toList();
  }
}
