package dev.modelops.local.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.access.Role;
import dev.modelops.local.RunningRuntime;
import dev.modelops.local.history.Api.Call;
import dev.modelops.local.history.Killed.Victim;
import dev.modelops.testkit.Answer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * The same histories, over HTTP, while the local runtime, DynamoDB Local and S3Mock are killed in turn. What was
 * acknowledged is there afterwards, and the model explains every answer. {@code -Dmodelops.restart.kills} says how often
 * each dies, {@code -Dmodelops.restart.operations} how much is done between two deaths.
 */
@Execution(ExecutionMode.CONCURRENT)
class RestartTest {

  private static final long SEED = Long.getLong("modelops.history.seed", 4711);
  private static final int KILLS = Integer.getInteger("modelops.restart.kills", 1);
  private static final int BETWEEN = Integer.getInteger("modelops.restart.operations", 40);
  private static final int CLIENTS = 16;
  private static final int PATIENCE = 120;

  @TempDir private Path folder = Path.of("");

  @Test
  void nothingThatWasAcknowledgedIsMissingAfterAnyDeath() throws Exception {
    Path data = folder.resolve("data");
    List<String> findings = new ArrayList<>();
    World world = new World("k", CLIENTS / 4, Ticks.TIME_LIMIT);
    try (Killed api = new Killed(data)) {
      new Client(world, api, 0, SEED, PATIENCE).prepare();
      int deaths = killInTurn(api, world);
      findings.addAll(Automatic.violations(api, world));
      findings.addAll(Rules.violations(world, Trail.read(api, world)));
      findings.addAll(Counts.violations(api, world));
      findings.addAll(missingFiles(api, world));
      System.out.printf("Restart: seed %d, %d clients, %d operations, %d deaths%n", SEED, CLIENTS, world.log.size(),
          deaths);
    }
    assertThat(findings).as("what the model cannot explain, with -Dmodelops.history.seed=%d", SEED).isEmpty();
    assertThat(RunningRuntime.checked(data)).contains("nothing is wrong");
  }

  /** Kills each process so many times while the clients work; returns how many deaths there were. */
  private static int killInTurn(Killed api, World world) throws Exception {
    List<Victim> deaths = Collections.nCopies(KILLS, Victim.values()).stream().flatMap(Arrays::stream).toList();
    AtomicBoolean working = new AtomicBoolean(true);
    CompletableFuture<Void> crowd = CompletableFuture.runAsync(
        () -> Crowd.run(world, api, CLIENTS, done -> working.get(), SEED, PATIENCE), Thread::startVirtualThread);
    awaitWork(world, crowd);
    for (Victim victim : deaths) {
      api.kill(victim);
      awaitWork(world, crowd);
    }
    working.set(false);
    crowd.join();
    return deaths.size();
  }

  /** Death comes in the middle of work, never before the last one has been got over: so much was begun and done since. */
  private static void awaitWork(World world, CompletableFuture<Void> crowd) throws InterruptedException {
    long now = System.nanoTime();
    while (world.log.stream().filter(op -> op.done() && op.began() > now).count() < BETWEEN) {
      assertThat(crowd).as("the crowd, which works until all deaths have been got over").isNotDone();
      Thread.sleep(20);
    }
  }

  /** Every file of a version that was acknowledged as ready can be had, as it was sent. */
  private static List<String> missingFiles(Api api, World world) throws IOException, InterruptedException {
    List<String> findings = new ArrayList<>();
    Map<String, String> files = world.log.stream().filter(op -> op.operation().equals("createVersion") && op.done())
        .collect(Collectors.toMap(Op::entity, op -> "the file of " + Shown.text(op.value()), (one, other) -> other));
    try (HttpClient store = HttpClient.newHttpClient()) {
      for (Op op : world.log) {
        if (op.operation().equals("finalizeVersion") && op.done()) {
          String[] version = op.entity().split(":");
          Answer grant = api.send(new Call(Role.OPERATOR, "downloadArtifact", "GET", "/v1/models/" + version[1]
              + "/versions/" + version[2] + "/artifacts/download?path=model.bin", Map.of(), null));
          String file = grant.status() != 200 ? grant.body()
              : store
                  .send(HttpRequest.newBuilder(URI.create(grant.text("/grant/url"))).build(), BodyHandlers.ofString())
                  .body();
          if (!file.equals(files.get(op.entity()))) {
            findings.add(op + " was acknowledged and its file is: " + file);
          }
        }
      }
    }
    return findings;
  }
}
