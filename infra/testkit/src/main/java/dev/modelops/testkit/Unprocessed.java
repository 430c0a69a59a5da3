package dev.modelops.testkit;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/** What DynamoDB answers to a batch when it has no room for all of it. */
final class Unprocessed {

  private Unprocessed() {}

  /** @param all whether nothing was processed; otherwise the first key of each table was */
  static BatchGetItemResponse of(BatchGetItemRequest batch, BatchGetItemResponse answer, boolean all) {
    Map<String, List<Map<String, AttributeValue>>> responses = new HashMap<>();
    Map<String, KeysAndAttributes> left = new HashMap<>();
    batch.requestItems().forEach((table, wanted) -> {
      List<Map<String, AttributeValue>> keys = wanted.keys().subList(all ? 0 : 1, wanted.keys().size());
      responses.put(table, answer.responses().getOrDefault(table, List.of()).stream()
          .filter(item -> keys.stream().noneMatch(key -> item.entrySet().containsAll(key.entrySet()))).toList());
      if (!keys.isEmpty()) {
        left.put(table, wanted.toBuilder().keys(keys).build());
      }
    });
    return BatchGetItemResponse.builder().responses(responses).unprocessedKeys(left).build();
  }
}
