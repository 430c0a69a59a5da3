package dev.modelops.metrics;

import dev.modelops.json.Times;
import dev.modelops.domain.metrics.BatchRules;
import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import dev.modelops.domain.problem.Violation;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/**
 * A batch as it is posted. Read by hand from the tree that has passed its schema: binding a thousand points to records
 * takes three times as long as all the rest of intake.
 */
record PostedBatch(String model, String environment, List<BatchRules.Posted> series) {

  /** @throws Refused when a time looks right to the schema and is none all the same, such as a leap second */
  static PostedBatch of(JsonNode tree) {
    List<Violation> wrong = new ArrayList<>();
    List<BatchRules.Posted> series = new ArrayList<>();
    int index = 0;
    for (JsonNode one : tree.path("series")) {
      Map<String, String> labels = new TreeMap<>();
      one.path("labels").properties().forEach(label -> labels.put(label.getKey(), label.getValue().asString("")));
      series.add(new BatchRules.Posted(one.path("version").asInt(0), one.path("metric").asString(""), labels,
          points(one.path("points"), "/series/" + index++, wrong)));
    }
    if (!wrong.isEmpty()) {
      throw Refused.invalid(Problem.INVALID_REQUEST, wrong);
    }
    return new PostedBatch(tree.path("model").asString(""), tree.path("environment").asString(""), series);
  }

  private static List<BatchRules.PostedPoint> points(JsonNode list, String at, List<Violation> wrong) {
    List<BatchRules.PostedPoint> points = new ArrayList<>(list.size());
    for (JsonNode point : list) {
      Instant time = Times.parse(point.path("time").asString("")).orElse(Instant.MIN);
      if (time.equals(Instant.MIN)) {
        wrong.add(new Violation(at + "/points/" + points.size() + "/time", "format", "this is no time",
            "an RFC 3339 date and time"));
      }
      points.add(new BatchRules.PostedPoint(time, point.path("value").asDouble(0)));
    }
    return points;
  }
}
