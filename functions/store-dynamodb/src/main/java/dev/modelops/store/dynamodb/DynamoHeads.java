package dev.modelops.store.dynamodb;

import dev.modelops.domain.Ref;
import dev.modelops.domain.access.Scope;
import dev.modelops.domain.registry.Heads;
import dev.modelops.domain.registry.Model;
import dev.modelops.domain.registry.ModelKind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Heads of models. They are made and changed with their models ({@link Transaction}); here only the counter moves. */
final class DynamoHeads implements Heads {

  static final String PREFIX = "head#";

  private final Dynamo dynamo;
  private final Tables tables;

  DynamoHeads(Dynamo dynamo, Tables tables) {
    this.dynamo = dynamo;
    this.tables = tables;
  }

  static Map<String, AttributeValue> key(String model) {
    return Items.key(PREFIX + Ref.fold(model), Items.SINGLE);
  }

  @Override
  public Optional<Head> get(String model) {
    Map<String, AttributeValue> item = Reads.item(dynamo, tables.records(), key(model));
    return item.isEmpty() ? Optional.empty() : Optional.of(read(item));
  }

  @Override
  public Optional<Head> next(String model, Scope scope) {
    Map<String, AttributeValue> values = new HashMap<>(
        Map.of(":one", Items.n(1), ":active", Items.s(Model.State.ACTIVE.name())));
    String condition = "#s = :active";
    if (scope instanceof Scope.Departments departments) {
      List<String> names = new ArrayList<>();
      for (String department : departments.names()) {
        names.add(":d" + names.size());
        values.put(names.getLast(), Items.s(department));
      }
      if (names.isEmpty()) {
        return Optional.empty();
      }
      condition += " AND dept IN (" + String.join(", ", names) + ")";
    }
    String allowed = condition;
    return Writes.update(dynamo, u -> u.tableName(tables.records()).key(key(model)).updateExpression("ADD n :one")
        .conditionExpression(allowed).expressionAttributeNames(Map.of("#s", "state"))
        .expressionAttributeValues(values)).map(DynamoHeads::read);
  }

  static Head read(Map<String, AttributeValue> item) {
    return new Head(Items.text(item, "model"), Items.text(item, "dept"), ModelKind.valueOf(Items.text(item, "kind")),
        Model.State.valueOf(Items.text(item, "state")), (int) Items.number(item, "n"));
  }
}
