package dev.modelops.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelops.embedded.TestAws;
import dev.modelops.testkit.Budget.Spent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** What writes cost by the developer guide of DynamoDB, rule by rule, on the template's own tables. */
class BudgetTest {

  private static final TestAws AWS = TestAws.fresh();
  private static final DynamoDbClient DYNAMO = AWS.dynamo();
  /** Its indexes hold whole items. */
  private static final String RECORDS = AWS.physicalName("RecordsTable");
  /** Its index holds nothing but keys. */
  private static final String TERMS = AWS.physicalName("TermsTable");
  private static int names;

  private final String name = "item-" + ++names;
  private final Map<String, AttributeValue> key = Map.of("pk", text(name), "sk", text("-"));

  @AfterAll
  static void close() {
    AWS.close();
  }

  private static AttributeValue text(String text) {
    return AttributeValue.fromS(text);
  }

  private Map<String, AttributeValue> item(int kilobytes, String... attributes) {
    Map<String, AttributeValue> item = new HashMap<>(key);
    item.put("body", text("x".repeat(kilobytes * 1024 - 200)));
    for (int i = 0; i < attributes.length; i += 2) {
      item.put(attributes[i], text(attributes[i + 1]));
    }
    return item;
  }

  private Map<String, AttributeValue> indexed(int kilobytes) {
    return item(kilobytes, "g1pk", "by-" + name, "g1sk", "1");
  }

  private static Spent put(String table, Map<String, AttributeValue> item) {
    return Budget.of(() -> DYNAMO.putItem(put -> put.tableName(table).item(item)));
  }

  private Spent updated(String table, String expression, Map<String, AttributeValue> values) {
    return Budget.of(() -> DYNAMO.updateItem(update -> update.tableName(table).key(key).updateExpression(expression)
        .expressionAttributeValues(values.isEmpty() ? null : values)));
  }

  private Spent deleted() {
    return Budget.of(() -> DYNAMO.deleteItem(delete -> delete.tableName(RECORDS).key(key)));
  }

  private static Spent committed(TransactWriteItem... items) {
    return Budget.of(() -> DYNAMO.transactWriteItems(all -> all.transactItems(items)));
  }

  @Test
  void a_new_item_costs_its_kilobytes_in_the_table_and_in_each_index_that_has_it() {
    assertThat(put(RECORDS, item(3)).writeUnits()).isEqualTo(3);
    assertThat(put(RECORDS, item(3, "pk", name + "b", "g1pk", "a", "g1sk", "1", "g2pk", "b", "g2sk", "1"))
        .writeUnits()).isEqualTo(9);
  }

  @Test
  void an_item_with_half_of_an_indexs_key_is_not_in_the_index() {
    assertThat(put(RECORDS, item(1, "g1pk", "a")).writeUnits()).isEqualTo(1);
  }

  @Test
  void an_index_of_keys_costs_the_size_of_keys() {
    assertThat(put(TERMS, item(3, "apk", "a")).writeUnits()).isEqualTo(4);
  }

  @Test
  void what_is_replaced_costs_the_larger_of_before_and_after() {
    put(RECORDS, item(3));
    assertThat(put(RECORDS, item(1)).writeUnits()).isEqualTo(3);
    assertThat(put(RECORDS, item(2)).writeUnits()).isEqualTo(2);
  }

  @Test
  void an_update_costs_the_whole_item() {
    put(RECORDS, item(3));
    assertThat(updated(RECORDS, "ADD n :one", Map.of(":one", AttributeValue.fromN("1"))).writeUnits()).isEqualTo(3);
  }

  @Test
  void an_update_of_what_an_index_holds_costs_one_write_of_it() {
    put(RECORDS, indexed(2));
    Spent spent = updated(RECORDS, "SET v = :v", Map.of(":v", text("1")));
    assertThat(spent.writeUnits()).isEqualTo(2 + 2);
    assertThat(spent.calls().getFirst().writtenKeys()).containsExactly(RECORDS + " pk:" + name,
        RECORDS + " g1pk:by-" + name);
  }

  @Test
  void an_update_of_what_an_index_does_not_hold_costs_nothing_there() {
    put(TERMS, item(1, "apk", "a"));
    assertThat(updated(TERMS, "SET v = :v", Map.of(":v", text("1"))).writeUnits()).isEqualTo(1);
  }

  @Test
  void the_same_item_again_costs_nothing_in_its_indexes() {
    put(RECORDS, indexed(2));
    assertThat(put(RECORDS, indexed(2)).writeUnits()).isEqualTo(2);
  }

  @Test
  void an_entry_that_moves_in_an_index_is_deleted_and_put() {
    put(RECORDS, indexed(2));
    Spent moved = updated(RECORDS, "SET g1pk = :k", Map.of(":k", text("elsewhere")));
    assertThat(moved.writeUnits()).isEqualTo(2 + 2 + 2);
    assertThat(moved.calls().getFirst().writtenKeys()).contains(RECORDS + " g1pk:by-" + name,
        RECORDS + " g1pk:elsewhere");
    assertThat(updated(RECORDS, "SET g1sk = :k", Map.of(":k", text("2"))).writeUnits()).isEqualTo(2 + 2 + 2);
  }

  @Test
  void an_entry_that_comes_or_goes_is_one_write_of_it() {
    put(RECORDS, indexed(2));
    Spent gone = updated(RECORDS, "REMOVE g1pk", Map.of());
    assertThat(gone.writeUnits()).isEqualTo(2 + 2);
    assertThat(gone.calls().getFirst().writtenKeys()).contains(RECORDS + " g1pk:by-" + name);
    assertThat(updated(RECORDS, "SET g1pk = :k", Map.of(":k", text("back"))).writeUnits()).isEqualTo(2 + 2);
    assertThat(put(RECORDS, item(1)).writeUnits()).as("replaced by an item that is not in it").isEqualTo(2 + 2);
  }

  @Test
  void a_deletion_costs_what_the_item_weighed_and_its_entries_and_of_nothing_one_unit() {
    put(RECORDS, indexed(3));
    assertThat(deleted().writeUnits()).isEqualTo(3 + 3);
    assertThat(deleted().writeUnits()).isEqualTo(1);
  }

  @Test
  void a_transaction_costs_double_and_a_check_the_item_that_it_looks_at() {
    put(RECORDS, item(3));
    TransactWriteItem check = TransactWriteItem.builder().conditionCheck(
        c -> c.tableName(RECORDS).key(key).conditionExpression("attribute_exists(pk)")).build();
    TransactWriteItem write = TransactWriteItem.builder()
        .put(p -> p.tableName(RECORDS).item(item(1, "pk", name + "b", "g1pk", "a", "g1sk", "1"))).build();
    Spent spent = committed(check, write);
    assertThat(spent.writeUnits()).isEqualTo(2 * (3 + 1 + 1));
    assertThat(spent.calls().getFirst().writtenKeys()).contains(RECORDS + " pk:" + name);
    TransactWriteItem update = TransactWriteItem.builder().update(u -> u.tableName(RECORDS).key(key)
        .updateExpression("REMOVE v")).build();
    TransactWriteItem delete = TransactWriteItem.builder()
        .delete(d -> d.tableName(RECORDS).key(Map.of("pk", text(name + "b"), "sk", text("-")))).build();
    assertThat(committed(update, delete).writeUnits()).isEqualTo(2 * (3 + 1 + 1));
  }

  @Test
  void a_batch_costs_what_its_writes_cost() {
    put(RECORDS, indexed(2));
    WriteRequest delete = WriteRequest.builder().deleteRequest(d -> d.key(key)).build();
    WriteRequest put = WriteRequest.builder().putRequest(p -> p.item(item(3, "pk", name + "b"))).build();
    assertThat(Budget.of(() -> DYNAMO.batchWriteItem(all -> all.requestItems(Map.of(RECORDS, List.of(delete, put)))))
        .writeUnits()).isEqualTo(2 + 2 + 3);
  }

  @Test
  void a_refused_write_costs_the_larger_item_in_the_table_alone() {
    put(RECORDS, indexed(3));
    Spent spent = Budget.of(() -> assertThatThrownBy(() -> DYNAMO.putItem(put -> put.tableName(RECORDS)
        .item(item(1)).conditionExpression("attribute_not_exists(pk)")))
        .isInstanceOf(ConditionalCheckFailedException.class));
    assertThat(spent.writeUnits()).isEqualTo(3);
    assertThat(spent.failed("PutItem")).isEqualTo(1);
  }

  @Test
  void what_is_never_sent_costs_nothing_and_a_lost_answer_what_was_done() {
    try (Faults.Armed lost = Faults.arm(Faults.Kind.NOT_SENT, PutItemRequest.class::isInstance, 1)) {
      Spent spent = Budget.of(() -> assertThatThrownBy(() -> put(RECORDS, item(1))).isInstanceOf(SdkException.class));
      assertThat(lost.struck()).isEqualTo(1);
      assertThat(spent.writeUnits()).isZero();
    }
    try (Faults.Armed lost = Faults.arm(Faults.Kind.ANSWER_LOST, PutItemRequest.class::isInstance, 1)) {
      Spent spent = Budget.of(
          () -> assertThatThrownBy(() -> DYNAMO.putItem(put -> put.tableName(RECORDS).item(item(2))))
              .isInstanceOf(SdkException.class));
      assertThat(lost.struck()).isEqualTo(1);
      assertThat(spent.writeUnits()).isEqualTo(2);
    }
  }

  @Test
  void its_own_reads_are_neither_counted_nor_struck_by_faults() {
    try (Faults.Armed any = Faults.arm(Faults.Kind.NOT_SENT, request -> !(request instanceof PutItemRequest), 1)) {
      Spent spent = put(RECORDS, item(1));
      assertThat(spent.calls()).hasSize(1);
      assertThat(spent.readUnits()).isZero();
      assertThat(any.struck()).isZero();
    }
  }
}
