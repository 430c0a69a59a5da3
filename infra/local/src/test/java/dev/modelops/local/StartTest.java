package dev.modelops.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Starting, refusing to start, dying and starting again, as seen from outside. */
final class StartTest {
  private static final JsonMapper JSON = JsonMapper.shared();

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

  @Test
  void everythingIsKeptAcrossKillsAndNothingIsLeftRunning() throws Exception {
    Path data = folder.resolve("data");
    List<String> tokens = new ArrayList<>();
    List<ProcessHandle> children = new ArrayList<>();
    try (RunningRuntime first = RunningRuntime.ready(data)) {
      children.addAll(first.children());
      tokens.add(first.token("admin"));
      assertThat(children).hasSizeGreaterThanOrEqualTo(2);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("tokens/admin"))))
          .isEqualTo("rw-------");
      assertDistinctSubjects(first);
      assertThat(first.send("ml-engineer", "PUT", "/v1/models/kept", """
          {"kind": "ml", "department": "demo", "title": "Kept", "purpose": "Shows that it is kept"}""").statusCode())
          .isEqualTo(201);
      assertSecondInstanceIsRefused(data);
      first.signal("KILL");
      first.end();
    }
    children.forEach(RunningRuntime::awaitEnd);

    try (RunningRuntime second = RunningRuntime.ready(data)) {
      assertThat(second.token("admin")).isEqualTo(tokens.getFirst());
      assertThat(second.send("viewer", "GET", "/v1/models/kept", "").statusCode()).isEqualTo(200);
      assertDeadEmulatorsComeBack(second);
      children.clear();
      children.addAll(second.children());
      // Ctrl-C and this end it alike; a shell in the background makes its children ignore the former.
      second.signal("TERM");
      second.end();
      assertThat(second.lines().getLast()).isEqualTo("[modelops] Ended.");
    }
    children.forEach(RunningRuntime::awaitEnd);
    assertThat(RunningRuntime.checked(data)).contains("nothing is wrong");
  }

  private static void assertDistinctSubjects(RunningRuntime runtime) throws Exception {
    List<Path> roles;
    try (var files = Files.list(Path.of(runtime.awaitLine(line -> line.startsWith("  Tokens "))
        .replaceFirst(".* kept in ", "")))) {
      roles = files.toList();
    }
    Set<String> subjects = new TreeSet<>();
    for (Path role : roles) {
      HttpResponse<String> who = runtime.send(role.getFileName().toString(), "GET", "/v1/whoami", "");
      assertThat(who.statusCode()).as(who.body()).isEqualTo(200);
      JsonNode json = JSON.readTree(who.body());
      assertThat(json.at("/grants/0/role").asString()).isEqualTo(role.getFileName().toString());
      subjects.add(json.get("subject").asString());
    }
    assertThat(subjects).hasSize(9);
  }

  private static void assertSecondInstanceIsRefused(Path data) {
    try (RunningRuntime other = new RunningRuntime(RunningRuntime.ROOT, data)) {
      assertThat(other.end()).isEqualTo(1);
      assertThat(other.lines().getLast()).isEqualTo("[modelops] The data in " + data
          + " is in use by another running instance: end that instance or choose another folder.");
    }
  }

  private static void assertDeadEmulatorsComeBack(RunningRuntime runtime) throws Exception {
    for (ProcessHandle child : runtime.children()) {
      child.destroyForcibly();
    }
    runtime.awaitLine(line -> line.contains("starting it again on its data"));
    HttpResponse<String> answer = runtime.send("viewer", "GET", "/v1/models/kept", "");
    for (int i = 0; i < 100 && answer.statusCode() != 200; i++) {
      Thread.sleep(500);
      answer = runtime.send("viewer", "GET", "/v1/models/kept", "");
    }
    assertThat(answer.statusCode()).isEqualTo(200);
  }

  private void assertRefused(String setting, String sentence) {
    try (RunningRuntime runtime = new RunningRuntime(RunningRuntime.ROOT, folder, setting)) {
      assertThat(runtime.end()).isEqualTo(1);
      assertThat(runtime.lines()).last().isEqualTo("[modelops] " + sentence);
      assertThat(runtime.lines()).noneMatch(line -> line.startsWith("\tat "));
    }
  }
}
