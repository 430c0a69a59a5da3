package dev.modelops.local.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.access.Permission;
import dev.modelops.embedded.Template;
import dev.modelops.local.gateway.Route;
import dev.modelops.local.gateway.SampleEvents;
import dev.modelops.testkit.Operations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Contract, routes, template and events say the same. */
final class OneSourceTest {
  private static final Path ROOT = Path.of(System.getProperty("modelops.root", "../.."));
  private static final Template TEMPLATE = Template.read(ROOT.resolve("template.yaml"));
  private static final List<Route> ROUTES = EventFiles.routes(TEMPLATE);
  private static final SampleEvents SAMPLES = new SampleEvents(ROUTES);
  private static final EventFiles FILES = new EventFiles(TEMPLATE);

  @TestFactory
  Stream<DynamicTest> everyOperationIsRoutedToTheFunctionThatBindsIt() {
    return Operations.all().stream().map(operation -> DynamicTest.dynamicTest(operation.id(), () -> {
      Route route = SAMPLES.route(operation.method(), operation.path()).orElseThrow();
      assertThat(route.function().name().toLowerCase(Locale.ROOT)).isEqualTo(operation.function() + "function");
      assertThat(route.authorized()).as("behind the authorizer").isEqualTo(operation.permission() != Permission.PUBLIC);
    }));
  }

  @Test
  void everyRouteLeadsToAnOperation() {
    Set<String> used = Operations.all().stream()
        .map(operation -> SAMPLES.route(operation.method(), operation.path()).orElseThrow().key())
        .collect(Collectors.toCollection(TreeSet::new));
    Set<String> idle = ROUTES.stream().filter(route -> !route.method().equals("OPTIONS")).map(Route::key)
        .collect(Collectors.toCollection(TreeSet::new));
    idle.removeAll(used);

    assertThat(idle).isEmpty();
  }

  @Test
  void everyPathBehindTheAuthorizerLetsPreflightsThrough() {
    Set<String> options = paths(route -> route.method().equals("OPTIONS") && !route.authorized());

    assertThat(options).isEqualTo(paths(Route::authorized));
  }

  @Test
  void theEventsAreThoseOfTheContractAndTheTemplate() throws IOException {
    Map<String, String> expected = FILES.all();
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> files = Files.list(ROOT.resolve("events"))) {
      for (Path file : files.toList()) {
        found.put(file.getFileName().toString(), Files.readString(file));
      }
    }

    assertThat(found.keySet()).as("mvn -q -Pevents writes the events anew; those of streams are kept by hand")
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(expected.keySet().stream(), FILES.streams().stream()).toList());
    found.keySet().removeAll(FILES.streams());
    assertThat(found).as("mvn -q -Pevents writes the events anew").isEqualTo(expected);
  }

  private static Set<String> paths(Predicate<Route> which) {
    return ROUTES.stream().filter(which).map(Route::path).collect(Collectors.toCollection(TreeSet::new));
  }
}
