package dev.modelops.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** LocalStack where there is none. */
class LocalStackTest {

  @TempDir private Path folder = Path.of("unset");

  @Test
  void without_docker_a_build_is_told_so_in_one_sentence() throws IOException, InterruptedException {
    ProcessBuilder command = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(),
        Emulator.QUICK_COMPILER, "-classpath", System.getProperty("java.class.path"), StartEmulators.class.getName(),
        folder.toString(), "localstack");
    command.environment().put("DOCKER_HOST", "tcp://127.0.0.1:1");
    Process start = command.redirectErrorStream(true).start();
    List<String> said = new String(start.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    assertThat(start.waitFor()).isEqualTo(1);
    assertThat(said).singleElement().asString().isEqualTo(
        "LocalStack runs in Docker, and no Docker answers here: start Docker, or run the tests on the embedded parts"
            + " (-Dmodelops.aws=embedded).");
  }
}
