package dev.modelops.store.dynamodb;

import dev.modelops.domain.access.TokenUse;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The last days on which tokens were used: an item of its own each, so that a token's revision never moves by use. */
final class DynamoTokenUse implements TokenUse {

  private static final String DAY = "day";
  static final String PREFIX = "use#";
  private static final int MOST_KNOWN = 10_000;

  private final Dynamo dynamo;
  private final Tables tables;
  private final Map<String, LocalDate> known = new ConcurrentHashMap<>();

  DynamoTokenUse(Dynamo dynamo, Tables tables) {
    this.dynamo = dynamo;
    this.tables = tables;
  }

  @Override
  public void used(String token, LocalDate day) {
    LocalDate before = known.get(token);
    if (before != null && !day.isAfter(before)) {
      return;
    }
    if (known.size() >= MOST_KNOWN) {
      known.clear();
    }
    Map<String, AttributeValue> item = new HashMap<>(key(token));
    item.put(DAY, Items.s(day.toString()));
    // When the condition fails, another process has noted this day.
    Writes.put(dynamo, p -> p.tableName(tables.records()).item(item)
        .conditionExpression("attribute_not_exists(pk) OR #day < :day").expressionAttributeNames(Map.of("#day", DAY))
        .expressionAttributeValues(Map.of(":day", Items.s(day.toString()))));
    known.put(token, day);
  }

  @Override
  public Map<String, LocalDate> lastUsed(Collection<String> tokens) {
    Map<String, LocalDate> found = new HashMap<>();
    for (Map<String, AttributeValue> item : Reads.items(dynamo, tables.records(),
        tokens.stream().distinct().map(DynamoTokenUse::key).toList(), false)) {
      found.put(Items.text(item, Items.PK).substring(PREFIX.length()), LocalDate.parse(Items.text(item, DAY)));
    }
    return found;
  }

  static Map<String, AttributeValue> key(String token) {
    return Items.key(PREFIX + token, Items.SINGLE);
  }
}
