package dev.modelops.metrics;

import dev.modelops.domain.access.Permission;
import dev.modelops.domain.metrics.Batch;
import dev.modelops.domain.metrics.BatchRules;
import dev.modelops.domain.metrics.Block;
import dev.modelops.domain.metrics.Labels;
import dev.modelops.domain.metrics.MetricBlocks;
import dev.modelops.domain.metrics.MetricName;
import dev.modelops.domain.metrics.SeriesKey;
import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.domain.problem.Violation;
import dev.modelops.domain.registry.Heads;
import dev.modelops.edge.Outcome;
import dev.modelops.edge.Reply;
import dev.modelops.edge.Request;
import dev.modelops.edge.Snapshot;
import dev.modelops.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Takes in batches: judged as a whole, stored as one block. */
final class IntakeResource {

  /** DynamoDB takes items of 409,600 bytes; the rest is for keys and for who sent it. */
  private static final int HEAVIEST_BLOCK = 400_000;

  private final Heads heads;
  private final Existing existing;
  private final MetricBlocks blocks;
  private final Catalog catalog;
  private final BatchRules rules;

  IntakeResource(Heads heads, Existing existing, MetricBlocks blocks, Catalog catalog, BatchRules rules) {
    this.heads = heads;
    this.existing = existing;
    this.blocks = blocks;
    this.catalog = catalog;
    this.rules = rules;
  }

  /** What was taken in. */
  record Taken(String batch, int series, int points, boolean replayed) {}

  Outcome ingest(Request request) {
    PostedBatch posted = PostedBatch.of(request.body(JsonNode.class));
    Heads.Head head = heads.get(posted.model()).orElseThrow(Request::absent);
    // A monitor may hold this one permission and nothing else: it need not be able to read what it writes.
    if (!request.caller().may(Permission.POST_METRICS, head.department(), head.model())) {
      request.require(Permission.POST_METRICS, head.department(), head.model());
    }
    Batch batch = rules.judge(head.model(), posted.environment(), posted.series(), request.now());
    exist(head.model(), posted);
    String digest = batch.digest();
    MetricBlocks.Outcome outcome =
        put(batch, digest, posted, request.caller().subject(), request.requestId(), request.now());
    Reply reply = new Reply(202, Map.of(), taken(batch, digest, outcome));
    return outcome == MetricBlocks.Outcome.REPLAYED ? reply.header("Idempotent-Replayed", "true") : reply;
  }

  private static Taken taken(Batch batch, String digest, MetricBlocks.Outcome outcome) {
    return new Taken(digest, batch.points().size(), batch.size(), outcome == MetricBlocks.Outcome.REPLAYED);
  }

  private MetricBlocks.Outcome put(Batch batch, String digest, PostedBatch posted, String subject,
      String requestId, Instant now) {
    Map<SeriesKey, Integer> places = catalog.places(batch.model(), batch.environment(),
        Minutes.month(Minutes.of(batch.last())), batch.points().keySet(), series -> index(posted, series));
    byte[] data = BlockCodec.encode(batch, places);
    if (data.length > HEAVIEST_BLOCK) {
      throw Refused.unprocessable("/series", "too-heavy", "The batch weighs " + data.length
          + " bytes when packed, most of it labels: split it.", "at most " + HEAVIEST_BLOCK + " bytes");
    }
    return blocks.put(new Block(batch.model(), batch.environment(), Minutes.of(batch.first()), Minutes.of(batch.last()),
        digest, data, subject, requestId, now));
  }

  /** Before a snapshot: what a batch goes through. */
  void prime() {
    Instant last = Instant.EPOCH.plus(Duration.ofDays(1));
    List<Object> series = new ArrayList<>();
    Priming.batch(last).points().forEach((key, points) -> series.add(Map.of("metric", key.metric().value(), "version",
        key.version(), "labels", key.labels().values(), "points", points.stream()
            .map(point -> Map.of("time", Instant.ofEpochMilli(point.time()), "value", point.value())).toList())));
    PostedBatch posted = PostedBatch.of(Json.node(
        Map.of("model", Priming.NOBODY, "environment", Priming.ENVIRONMENT, "series", series)));
    heads.get(Snapshot.NOBODY);
    existing.prime();
    Batch batch = rules.judge(posted.model(), posted.environment(), posted.series(), last);
    MetricBlocks.Outcome outcome = put(batch, batch.digest(), posted, Priming.NOBODY, Priming.NOBODY, last);
    Json.write(taken(batch, batch.digest(), outcome));
  }

  private void exist(String model, PostedBatch posted) {
    List<Violation> missing = new ArrayList<>();
    existing.environment("/environment", posted.environment()).ifPresent(missing::add);
    Set<Integer> asked = new HashSet<>();
    for (int i = 0; i < posted.series().size(); i++) {
      int version = posted.series().get(i).version();
      if (asked.add(version)) {
        existing.version("/series/" + i + "/version", model, version).ifPresent(missing::add);
      }
    }
    if (!missing.isEmpty()) {
      throw Refused.invalid(Problem.UNPROCESSABLE, missing);
    }
  }

  private static int index(PostedBatch posted, SeriesKey series) {
    for (int i = 0; i < posted.series().size(); i++) {
      BatchRules.Posted one = posted.series().get(i);
      if (new SeriesKey(one.version(), new MetricName(one.metric()), new Labels(one.labels())).equals(series)) {
        return i;
      }
    }
    return 0;
  }
}
