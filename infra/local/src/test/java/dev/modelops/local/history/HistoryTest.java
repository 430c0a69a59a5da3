package dev.modelops.local.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.checker.Checker;
import dev.modelops.embedded.Template;
import dev.modelops.embedded.TestAws;
import dev.modelops.local.function.MountedFunction;
import dev.modelops.local.stream.StreamDriver;
import dev.modelops.testkit.Functions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Many clients do whatever comes to their minds, at once, while AWS and the network fail at a rate; afterwards the model
 * of the API must explain every answer that anybody got. {@code -Dmodelops.history.seed}, {@code .operations} and
 * {@code .faults} (a rate) say what is tried; {@code mvn -Psoak} does it at length.
 */
@Execution(ExecutionMode.CONCURRENT)
class HistoryTest {

  private static final long SEED = Long.getLong("modelops.history.seed", 4711);
  private static final int OPERATIONS = Integer.getInteger("modelops.history.operations", 800);
  private static final double FAULTS = Double.parseDouble(System.getProperty("modelops.history.faults", "0.01"));
  /** Of one client: who does but two or three things meets nothing of its own. */
  private static final int LEAST = 4;
  private static final int PATIENCE = 40;
  /** With so many faults the pauses of AWS would leave auto-deploy nothing to do but to wait. */
  private static final Duration AFTER_FAULT = Duration.ofMillis(5);

  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @ValueSource(ints = {64, 256})
  void whatManyClientsSeeAtOnceIsExplainedByOneOrder(int clients) throws Exception {
    try (TestAws aws = TestAws.fresh()) {
      Functions functions = new Functions(aws);
      Api api = new Handlers(functions);
      World world = new World(Integer.toString(clients), clients / 16, Ticks.PATIENCE);
      new Client(world, api, 0, SEED, PATIENCE).prepare();
      int struck;
      Lossy lossy = new Lossy(api, FAULTS, SEED);
      List<StreamDriver> streams = streams(aws, functions);
      Ticks ticks = new Ticks(aws);
      try {
        try (Storm storm = new Storm(aws, FAULTS, SEED)) {
          Crowd.run(world, lossy, clients, done -> done < Math.max(LEAST, OPERATIONS / clients), SEED, PATIENCE);
          struck = storm.struck();
        }
        // First, since it waits for the last that the system does by itself.
        List<String> findings = new ArrayList<>(Automatic.violations(api, world));
        findings.addAll(Late.violations(api, world));
        Trail trail = Trail.read(api, world);
        findings.addAll(Rules.violations(world, trail));
        findings.addAll(Counts.violations(api, world));
        Checker.of(aws).findings().forEach(finding -> findings.add("the deep checker says: " + finding));
        System.out.printf(
            "History: seed %d, %d clients, %d operations (%s), by itself %s, %d faults of AWS, %d of the network%n",
            SEED, clients, world.log.size(), outcomes(world), trail.bySystem(), struck, lossy.lost());
        assertThat(findings).as("what the model cannot explain, with -Dmodelops.history.seed=%d", SEED).isEmpty();
      } finally {
        ticks.close();
        streams.forEach(StreamDriver::close);
      }
    }
  }

  /** The streams are read all the while, as on AWS. */
  private List<StreamDriver> streams(TestAws aws, Functions functions) {
    List<StreamDriver> drivers = new ArrayList<>();
    for (Template.Function function : Functions.TEMPLATE.functions().values()) {
      for (Template.StreamSource source : function.streams()) {
        drivers.add(StreamDriver.start(aws.aws(), source, new MountedFunction(function.id(),
            functions.get(function.id()), Duration.ofSeconds(60), function.memory()), folder,
            AFTER_FAULT));
      }
    }
    return drivers;
  }

  private static Map<String, Long> outcomes(World world) {
    return new TreeMap<>(world.log.stream()
        .collect(Collectors.groupingBy(op -> op.outcome().name().toLowerCase(Locale.ROOT),
            Collectors.counting())));
  }
}
