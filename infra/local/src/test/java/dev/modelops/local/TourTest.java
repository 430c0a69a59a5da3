package dev.modelops.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the README says of the running system: its tour, line by line as printed, and what is around it. */
@Execution(ExecutionMode.CONCURRENT)
final class TourTest {
  private static final Pattern TOUR = Pattern.compile("<!-- tour -->\\s*```sh\\n(.*?)```", Pattern.DOTALL);
  private static final JsonMapper JSON = JsonMapper.shared();

  @TempDir private static Path folder = Path.of("");
  private static Path data = Path.of("");
  @SuppressWarnings("NullAway.Init") private static RunningRuntime runtime;

  @BeforeAll
  static void start() {
    data = folder.resolve(".modelops");
    runtime = RunningRuntime.ready(data);
  }

  /** Ctrl-C and this end it alike; a shell in the background makes its children ignore the former. */
  @AfterAll
  static void endsWithAllItStarted() throws Exception {
    List<ProcessHandle> children = runtime.children();
    assertThat(children).hasSizeGreaterThanOrEqualTo(2);
    runtime.signal("TERM");
    runtime.end();
    assertThat(runtime.lines().getLast()).isEqualTo("[modelops] Ended.");
    children.forEach(RunningRuntime::awaitEnd);
    assertThat(RunningRuntime.checked(data)).contains("nothing is wrong");
  }

  @Test
  void everyLineOfTheTourWorksAsPrinted() throws Exception {
    String output = run(tour(), runtime.url());

    assertThat(output).as("who").contains("\"ml-engineer\"");
    assertThat(output).as("finalised").contains("\"state\":\"ready\"");
    assertThat(output).as("live").contains("\"state\":\"live\"");
    assertThat(output).as("metrics").contains("\"p99\":12.5");
    assertThat(output).as("audit").contains("\"reason\":\"quarterly review\"");
  }

  @Test
  void thereIsATokenPerRoleWithASubjectOfItsOwnThatNobodyElseCanRead() throws Exception {
    List<Path> roles;
    try (var files = Files.list(Path.of(runtime.awaitLine(line -> line.startsWith("  Tokens "))
        .replaceFirst(".* kept in ", "")))) {
      roles = files.toList();
    }
    Set<String> subjects = new TreeSet<>();
    for (Path role : roles) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(role))).isEqualTo("rw-------");
      HttpResponse<String> who = runtime.send(role.getFileName().toString(), "GET", "/v1/whoami", "");
      assertThat(who.statusCode()).as(who.body()).isEqualTo(200);
      JsonNode json = JSON.readTree(who.body());
      assertThat(json.at("/grants/0/role").asString()).isEqualTo(role.getFileName().toString());
      subjects.add(json.get("subject").asString());
    }
    assertThat(subjects).hasSize(9);
  }

  @Test
  void aCredentialThatIsNoneIsRefusedAsTheContractSays() throws Exception {
    for (Map.Entry<String, String> credential : Forgeries.on(runtime).entrySet()) {
      HttpResponse<String> answer =
          runtime.sendBearing(credential.getValue(), "GET", "/v1/whoami", Map.of(), "");
      assertThat(answer.statusCode()).as("%s: %s", credential.getKey(), answer.body()).isEqualTo(401);
      assertThat(answer.headers().firstValue("content-type")).as(credential.getKey())
          .hasValue("application/problem+json");
      assertThat(answer.headers().firstValue("www-authenticate")).as(credential.getKey()).hasValueSatisfying(
          challenge -> assertThat(challenge).startsWith("Bearer").contains("error=\"invalid_token\""));
      assertThat(JSON.readTree(answer.body()).path("type").asString()).as(credential.getKey())
          .isEqualTo("/problems/unauthenticated");
    }
    for (Map.Entry<String, String> credential : Forgeries.unproven().entrySet()) {
      HttpResponse<String> answer =
          runtime.sendBearing(credential.getValue(), "GET", "/v1/whoami", Map.of(), "");
      assertThat(answer.statusCode()).as("%s: %s", credential.getKey(), answer.body()).isEqualTo(503);
      assertThat(answer.headers().firstValue("retry-after")).as(credential.getKey()).isPresent();
    }
  }

  @Test
  void aSecondInstanceOnTheSameDataIsRefused() {
    try (RunningRuntime other = new RunningRuntime(RunningRuntime.ROOT, data)) {
      assertThat(other.end()).isEqualTo(1);
      assertThat(other.lines().getLast()).isEqualTo("[modelops] The data in " + data
          + " is in use by another running instance: end that instance or choose another folder.");
    }
  }

  private static List<String> tour() throws IOException {
    Matcher block = TOUR.matcher(Files.readString(RunningRuntime.ROOT.resolve("README.md")));
    assertThat(block.find()).as("README.md has a block of shell lines behind <!-- tour -->").isTrue();
    return block.group(1).lines().toList();
  }

  /** One shell for all lines, because they share variables; it stops at the first that fails and names it. */
  private static String run(List<String> tour, String url) throws Exception {
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
