package dev.modelops.whole;

import dev.modelops.embedded.TestAws;
import dev.modelops.json.Json;
import dev.modelops.store.dynamodb.Layout;
import dev.modelops.store.dynamodb.Layout.Table;
import dev.modelops.store.dynamodb.Row;
import dev.modelops.whole.CallTrace.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What a request left, or said, but for what is different each time: names, times, ids, digests. */
final class Leavings {

  private Leavings() {}

  /** What lies in all places that were written to, as lines. */
  static List<String> of(TestAws aws, String name, Set<Place> places) {
    List<String> lines = new ArrayList<>();
    for (Place place : places) {
      Map<String, AttributeValue> item =
          aws.dynamo().getItem(get -> get.tableName(place.table()).key(place.key()).consistentRead(true)).item();
      if (!item.isEmpty()) {
        line(table(place.table()), item).map(line -> masked(name, line)).ifPresent(lines::add);
      }
    }
    return lines.stream().sorted().toList();
  }

  private static Table table(String physical) {
    return Table.valueOf(physical.substring(physical.lastIndexOf('-') + 1).toUpperCase(Locale.ROOT));
  }

  private static Optional<String> line(Table table, Map<String, AttributeValue> item) {
    @Nullable String line = switch (Layout.read(table, item)) {
      case Row.State state -> "state " + state.stored().rev() + " " + Json.text(state.stored().entity());
      case Row.Entry entry ->
        "entry " + entry.entry().entity() + " " + entry.entry().rev() + " " + entry.entry().action();
      case Row.Claimed claimed -> "claimed " + claimed.claim();
      case Row.Counter counter -> "head " + counter.head().state();
      case Row.Remembered remembered ->
        "remembered " + remembered.first().status() + " " + remembered.first().entity() + " " + remembered.rev();
      case Row.TermOf term -> "term " + item.get("pk") + " " + term.entity();
      case Row.Points points -> "points of " + points.model();
      case Row.Catalog catalog -> "catalog of " + catalog.model() + " " + catalog.rev();
      // Audited reads tell of every attempt; names and manifests are written before what they are for.
      default -> null;
    };
    return Optional.ofNullable(line);
  }

  static String masked(String name, String text) {
    // A number is lost with a call that dies between the counter and the version.
    String numbered = text.contains("version:" + name) || text.contains("\"externalId\"")
        ? text.replaceAll(name + ":\\d+", name + ":N").replaceAll("\"version\":\\d+", "\"version\":N")
        : text;
    return numbered.replace(name, "NAME").replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "TIME")
        .replaceAll("\\d{8}T\\d{6}Z", "TIME").replaceAll("\"next\":\"[^\"]+\"", "NEXT")
        .replaceAll("[0-9a-f]{64}", "DIGEST")
        .replaceAll("\\b([a-z]{3})_[0-9a-z]{20,}", "$1_ID").replaceAll("#\\d#", "#SHARD#");
  }
}
