package dev.modelops.local.history;

import dev.modelops.domain.access.Role;
import dev.modelops.local.history.Api.Call;
import dev.modelops.local.history.Op.Outcome;
import dev.modelops.testkit.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Every point that was acknowledged is counted once in the roll-ups, however often its batch was sent. */
final class Counts {

  private Counts() {}

  /** Waits until the roll-ups have come to what was acknowledged. */
  static List<String> violations(Api api, World world) throws IOException, InterruptedException {
    Map<String, Integer> least = new TreeMap<>();
    Map<String, Integer> most = new TreeMap<>();
    for (Op op : world.log) {
      if (op.operation().equals("ingestMetrics")) {
        int points = Integer.parseInt(op.value());
        // After an unknown one there is no telling.
        boolean maybe = op.outcome() == Outcome.UNKNOWN || op.unsure();
        least.merge(op.entity(), op.done() ? points : 0, Integer::sum);
        most.merge(op.entity(), op.done() || maybe ? points : 0, Integer::sum);
      }
    }
    List<String> findings = new ArrayList<>();
    Eventually eventually = new Eventually();
    for (Map.Entry<String, Integer> series : least.entrySet()) {
      boolean all = eventually.holds(() -> count(api, series.getKey()) >= series.getValue());
      long found = count(api, series.getKey());
      if (!all || found > most.getOrDefault(series.getKey(), 0)) {
        findings.add(series.getKey() + " counts " + found + " points, of which " + series.getValue()
            + " were acknowledged and at most " + most.get(series.getKey()) + " were sent");
      }
    }
    return findings;
  }

  private static long count(Api api, String series) throws IOException {
    String[] names = series.split(":");
    Answer answer = api.send(new Call(Role.VIEWER, "queryMetrics", "GET",
        "/v1/models/" + names[1] + "/metrics?environment=" + names[2] + "&series=h@" + names[3] + "&step=1m&from="
            + Rules.METRICS_FROM + "&to=" + Rules.METRICS_FROM.plusSeconds(60L * Rules.METRIC_MINUTES),
        Map.of(), null));
    return answer.status() != 200 ? 0 : answer.json().at("/items/0/buckets").valueStream()
        .mapToLong(bucket -> bucket.path("count").asLong()).sum();
  }
}
