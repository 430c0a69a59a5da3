package dev.modelops.store.dynamodb;

import dev.modelops.domain.Ref;
import dev.modelops.domain.metrics.SeriesCatalog;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** The series of a month: pages of one partition. They lie beside the blocks, since intake writes nothing else. */
final class DynamoSeriesCatalog implements SeriesCatalog {

  static final String PREFIX = "c#";
  /** Beyond the longest that a point of the month can still arrive. */
  private static final Duration KEPT = Duration.ofDays(45);

  private final Dynamo dynamo;
  private final Cells cells;
  private final Tables tables;

  DynamoSeriesCatalog(Dynamo dynamo, Tables tables) {
    this.dynamo = dynamo;
    this.tables = tables;
    this.cells = new Cells(dynamo, tables::metrics);
  }

  private static String partition(String model, String environment, YearMonth month) {
    return PREFIX + Ref.fold(model) + "#" + environment + "#" + month;
  }

  static Map<String, AttributeValue> key(String model, String environment, YearMonth month, int page) {
    return Items.key(partition(model, environment, month), sort(page));
  }

  private static String sort(int page) {
    return Items.padded(page, 4);
  }

  @Override
  public List<Page> pages(String model, String environment, YearMonth month, int from) {
    List<Page> pages = new ArrayList<>();
    @Nullable Map<String, AttributeValue> start = null;
    do {
      QueryRequest.Builder query = QueryRequest.builder().tableName(tables.metrics()).consistentRead(true)
          .keyConditionExpression("pk = :pk AND sk >= :from")
          .expressionAttributeValues(Map.of(":pk", Items.s(partition(model, environment, month)), ":from",
              Items.s(sort(from))));
      if (start != null) {
        query.exclusiveStartKey(start);
      }
      QueryResponse found = Reads.query(dynamo, query.build());
      found.items().forEach(item -> pages.add(new Page(Integer.parseInt(Items.text(item, Items.SK)),
          Items.number(item, Items.REV), Items.bytes(item, Cells.DATA))));
      start = found.hasLastEvaluatedKey() ? found.lastEvaluatedKey() : null;
    } while (start != null);
    return pages;
  }

  @Override
  public boolean write(String model, String environment, YearMonth month, Page page) {
    Instant until = month.plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant().plus(KEPT);
    return cells.put(partition(model, environment, month), sort(page.number()), page.rev(), page.data(), until);
  }
}
