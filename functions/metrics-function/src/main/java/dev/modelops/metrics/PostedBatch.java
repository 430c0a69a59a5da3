package dev.modelops.metrics;

import dev.modelops.json.Times;
import dev.modelops.domain.metrics.BatchRules;
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

  static PostedBatch of(JsonNode tree) {
    List<BatchRules.Posted> series = new ArrayList<>();
    for (JsonNode one : tree.path("series")) {
      Map<String, String> labels = new TreeMap<>();
      one.path("labels").properties().forEach(label -> labels.put(label.getKey(), label.getValue().asString("")));
      series.add(new BatchRules.Posted(one.path("version").asInt(0), one.path("metric").asString(""), labels,
          points(one.path("points"))));
    }
    return new PostedBatch(tree.path("model").asString(""), tree.path("environment").asString(""), series);
  }

  private static List<BatchRules.PostedPoint> points(JsonNode list) {
    List<BatchRules.PostedPoint> points = new ArrayList<>(list.size());
    for (JsonNode point : list) {
      points.add(new BatchRules.PostedPoint(Times.parse(point.path("time").asString("")).orElseThrow(),
          point.path("value").asDouble(0)));
    }
    return points;
  }
}
