package dev.modelops.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's tour, line by line as printed, against the running system. */
final class TourTest {
  private static final Pattern TOUR = Pattern.compile("<!-- tour -->\\s*```sh\\n(.*?)```", Pattern.DOTALL);

  @TempDir private Path folder = Path.of("");

  @Test
  void everyLineOfTheTourWorksAsPrinted() throws Exception {
    List<String> tour = tour();
    Path data = folder.resolve(".modelops");
    try (RunningRuntime runtime = RunningRuntime.ready(data)) {
      String output = run(tour, runtime.url());

      assertThat(output).as("who").contains("\"ml-engineer\"");
      assertThat(output).as("finalised").contains("\"state\":\"ready\"");
      assertThat(output).as("live").contains("\"state\":\"live\"");
      assertThat(output).as("metrics").contains("\"p99\":12.5");
      assertThat(output).as("audit").contains("\"reason\":\"quarterly review\"");
    }
    assertThat(RunningRuntime.checked(data)).contains("nothing is wrong");
  }

  private static List<String> tour() throws IOException {
    Matcher block = TOUR.matcher(Files.readString(RunningRuntime.ROOT.resolve("README.md")));
    assertThat(block.find()).as("README.md has a block of shell lines behind <!-- tour -->").isTrue();
    return block.group(1).lines().toList();
  }

  /** One shell for all lines, because they share variables; it stops at the first that fails and names it. */
  private String run(List<String> tour, String url) throws Exception {
    Files.createDirectories(folder.resolve("infra"));
    Files.createSymbolicLink(folder.resolve("infra/demo"), RunningRuntime.ROOT.resolve("infra/demo"));
    Path script = folder.resolve("tour.sh");
    Files.write(script, tour.stream().map(line -> line.replace("http://localhost:8080", url)).toList());
    Process bash = new ProcessBuilder("bash", "-euo", "pipefail", "-c",
        "trap 'echo; echo \"FAILED: $BASH_COMMAND\"' ERR; set -E; source ./tour.sh")
        .directory(folder.toFile()).redirectErrorStream(true).start();
    bash.getOutputStream().close();
    String output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(output).isZero();
    return output;
  }
}
