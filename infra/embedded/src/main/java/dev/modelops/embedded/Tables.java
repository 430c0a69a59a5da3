package dev.modelops.embedded;

import dev.modelops.embedded.Template.Index;
import dev.modelops.embedded.Template.Key;
import dev.modelops.embedded.Template.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.StreamViewType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;

/** Makes a table as the template describes it, or sees that one is there. */
final class Tables {

  private Tables() {}

  static void make(DynamoDbClient dynamo, Table table, String name) {
    try {
      TableStatus status = dynamo.createTable(request(table, name)).tableDescription().tableStatus();
      if (status != TableStatus.ACTIVE) {
        dynamo.waiter().waitUntilTableExists(request -> request.tableName(name));
      }
    } catch (ResourceInUseException e) {
      compare(table, dynamo.describeTable(request -> request.tableName(name)).table());
      return; // made whole before, or killed between the two calls: then expired items merely stay
    }
    table.ttl().ifPresent(attribute -> dynamo.updateTimeToLive(request -> request.tableName(name)
        .timeToLiveSpecification(ttl -> ttl.attributeName(attribute).enabled(true))));
  }

  private static CreateTableRequest request(Table table, String name) {
    Map<String, Key> attributes = new TreeMap<>();
    keys(table.partition(), table.sort()).forEach(key -> attributes.put(key.name(), key));
    table.indexes().forEach(
        index -> keys(index.partition(), index.sort()).forEach(key -> attributes.put(key.name(), key)));
    CreateTableRequest.Builder request = CreateTableRequest.builder().tableName(name)
        .billingMode(BillingMode.PAY_PER_REQUEST)
        .keySchema(schema(table.partition(), table.sort()))
        .attributeDefinitions(attributes.values().stream().map(key -> AttributeDefinition.builder()
            .attributeName(key.name()).attributeType(key.type()).build()).toList());
    if (!table.indexes().isEmpty()) {
      request.globalSecondaryIndexes(table.indexes().stream().map(index -> GlobalSecondaryIndex.builder()
          .indexName(index.name()).keySchema(schema(index.partition(), index.sort()))
          .projection(projection -> projection.projectionType(index.projection())).build()).toList());
    }
    table.stream().ifPresent(view -> request.streamSpecification(
        stream -> stream.streamEnabled(true).streamViewType(StreamViewType.fromValue(view))));
    return request.build();
  }

  private static List<Key> keys(Key partition, Optional<Key> sort) {
    List<Key> keys = new ArrayList<>(List.of(partition));
    sort.ifPresent(keys::add);
    return keys;
  }

  private static List<KeySchemaElement> schema(Key partition, Optional<Key> sort) {
    List<KeySchemaElement> schema = new ArrayList<>();
    schema.add(KeySchemaElement.builder().attributeName(partition.name()).keyType(KeyType.HASH).build());
    sort.ifPresent(
        key -> schema.add(KeySchemaElement.builder().attributeName(key.name()).keyType(KeyType.RANGE).build()));
    return schema;
  }

  /** Data of an older template is told from the start rather than by failing queries. */
  private static void compare(Table table, TableDescription there) {
    Map<String, List<KeySchemaElement>> wanted = new TreeMap<>();
    wanted.put("", schema(table.partition(), table.sort()));
    for (Index index : table.indexes()) {
      wanted.put(index.name(), schema(index.partition(), index.sort()));
    }
    Map<String, List<KeySchemaElement>> found = new TreeMap<>();
    found.put("", there.keySchema());
    for (GlobalSecondaryIndexDescription index : there.globalSecondaryIndexes()) {
      found.put(index.indexName(), index.keySchema());
    }
    if (!wanted.equals(found)) {
      throw new StartException("The table " + there.tableName() + " was made from another template (its keys or indexes"
          + " differ): delete the data folder or choose another one.");
    }
  }
}
