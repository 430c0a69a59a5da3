package dev.modelops.local.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.modelops.checker.Checker;
import dev.modelops.checker.Rule;
import dev.modelops.embedded.Template;
import dev.modelops.embedded.TestAws;
import dev.modelops.local.function.MountedFunction;
import dev.modelops.local.gateway.SampleEvents;
import dev.modelops.testkit.Operations;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every file of {@code events/} through the handler that the template names. */
final class ReplayTest {
  private static final Path ROOT = Path.of(System.getProperty("modelops.root", "../.."));
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Template TEMPLATE = Template.read(ROOT.resolve("template.yaml"));
  private static final TestAws AWS = TestAws.fresh();
  private static final Map<String, MountedFunction> FUNCTIONS = new TreeMap<>();

  @AfterAll
  static void nothingIsWrongWithWhatIsStored() {
    // The stream's event tells of a block of a model that this store has never seen.
    assertThat(Checker.of(AWS).findings()).filteredOn(finding -> finding.rule() != Rule.METRICS).isEmpty();
    AWS.close();
  }

  @TestFactory
  Stream<DynamicTest> requestsAreAnsweredWithoutAnErrorOfOurs() {
    SampleEvents samples = new SampleEvents(EventFiles.routes(TEMPLATE));
    return Operations.all().stream().map(operation -> DynamicTest.dynamicTest(operation.id(), () -> {
      String function = samples.route(operation.method(), operation.path()).orElseThrow().function().name();
      JsonNode answer = call(function, operation.id() + ".json");
      assertThat(answer.path("statusCode").asInt()).as(answer.toString()).isBetween(200, 499)
          .isNotIn(401, 403, 405, 413, 415);
    }));
  }

  @TestFactory
  Stream<DynamicTest> schedulesStreamsAndTheAuthorizerAreServed() {
    return TEMPLATE.functions().values().stream().flatMap(function -> Stream.of(
        function.schedules().stream().map(schedule -> function.id() + "." + schedule.name() + ".json"),
        function.streams().stream().map(stream -> function.id() + "." + stream.name() + ".json"),
        Stream.of(function.id() + ".json").filter(name -> Files.exists(ROOT.resolve("events").resolve(name))))
        .flatMap(names -> names).map(name -> DynamicTest.dynamicTest(name, () -> {
          JsonNode answer = call(function.id(), name);
          assertThat(answer.path("batchItemFailures")).as(answer.toString()).isEmpty();
        })));
  }

  private static JsonNode call(String function, String file) throws Exception {
    byte[] answer = FUNCTIONS.computeIfAbsent(function, ReplayTest::mount)
        .invoke(Files.readAllBytes(ROOT.resolve("events").resolve(file)));
    return answer.length == 0 ? JSON.missingNode() : JSON.readTree(answer);
  }

  private static MountedFunction mount(String id) {
    Template.Function function = Objects.requireNonNull(TEMPLATE.functions().get(id));
    try {
      RequestStreamHandler handler = Class.forName(function.handler()).asSubclass(RequestStreamHandler.class)
          .getConstructor(Map.class).newInstance(AWS.env(id));
      return new MountedFunction(id, handler, Duration.ofSeconds(60), function.memory());
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }
}
