package dev.modelops.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Refusing to start, as seen from outside. */
final class StartTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void aTakenPortIsOneSentence() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertRefused("modelops.port=" + taken.getLocalPort(), "Port " + taken.getLocalPort()
          + " is taken by another process: end that process or choose another port with -Dmodelops.port=<port>.");
    }
  }

  @Test
  void aPortThatIsNoneIsOneSentence() {
    assertRefused("modelops.port=web", "modelops.port is 'web': give a port number, or 0 for any free port.");
  }

  @Test
  void aFolderThatCannotBeWrittenIsOneSentence() throws Exception {
    Path file = Files.createFile(folder.resolve("file"));

    assertRefused("modelops.data=" + file.resolve("data"), "The folder " + file.resolve("data")
        + " cannot be written: make it writable or choose another one with -Dmodelops.data=<folder>.");
  }

  @Test
  void aFolderWithoutTemplateIsOneSentence() {
    assertRefused("modelops.root=" + folder,
        "There is no template.yaml in " + folder + ": start in the source tree.");
  }

  @Test
  void aParameterThatTheTemplateDoesNotHaveIsOneSentence() {
    try (RunningRuntime runtime = new RunningRuntime(RunningRuntime.ROOT, folder, "modelops.parameters=Grant=5")) {
      assertThat(runtime.end()).isEqualTo(1);
      assertThat(runtime.lines().getLast()).contains("it has no parameter Grant: it has").endsWith(".");
    }
  }

  private void assertRefused(String setting, String sentence) {
    try (RunningRuntime runtime = new RunningRuntime(RunningRuntime.ROOT, folder, setting)) {
      assertThat(runtime.end()).isEqualTo(1);
      assertThat(runtime.lines()).last().isEqualTo("[modelops] " + sentence);
      assertThat(runtime.lines()).noneMatch(line -> line.startsWith("\tat "));
    }
  }
}
