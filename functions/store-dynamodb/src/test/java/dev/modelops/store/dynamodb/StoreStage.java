package dev.modelops.store.dynamodb;

import static dev.modelops.store.dynamodb.Samples.model;
import static dev.modelops.store.dynamodb.Samples.origin;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.Entity;
import dev.modelops.domain.Listing;
import dev.modelops.domain.Page;
import dev.modelops.domain.Stored;
import dev.modelops.domain.change.Change;
import dev.modelops.domain.change.Changes.Committed;
import dev.modelops.domain.change.Lost;
import dev.modelops.domain.registry.Model;
import dev.modelops.embedded.TestAws;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A store of governed entities on tables of its own. */
final class StoreStage {

  private final TestAws aws = TestAws.fresh();
  final Dynamo dynamo = new Dynamo(env());
  final Tables tables = new Tables(env());
  final DynamoEntities entities = new DynamoEntities(dynamo, tables);
  final DynamoChanges changes = new DynamoChanges(dynamo, tables, Clock.systemUTC());
  final DynamoHeads heads = new DynamoHeads(dynamo, tables);
  final DynamoAuditLog audit = new DynamoAuditLog(dynamo, tables, entities);

  private Map<String, String> env() {
    Map<String, String> env = new HashMap<>(aws.env("RegistryFunction"));
    for (String table : List.of("Records", "Terms", "Metrics", "Rollups")) {
      env.put(table.toUpperCase(Locale.ROOT) + "_TABLE", aws.physicalName(table + "Table"));
    }
    return env;
  }

  Committed commit(Change change) throws Lost {
    return commit(change, "req");
  }

  Committed commit(Change change, String request) throws Lost {
    return changes.commit(change, origin(request), null, Instant.now().plusSeconds(10));
  }

  Stored<Model> create(Model model) throws Lost {
    return commit(Change.create("model.created", model)).of(model);
  }

  /** The union of the pages, none of which may be longer than asked for. */
  <E extends Entity> List<E> all(Class<E> type, Listing.Walk walk, int limit) {
    List<E> found = new ArrayList<>();
    @Nullable String position = null;
    do {
      Page<Stored<E>> page = entities.list(new Listing<>(type, walk, entity -> true, limit, position));
      page.items().forEach(stored -> found.add(stored.entity()));
      assertThat(page.items()).hasSizeLessThanOrEqualTo(limit);
      position = page.position();
    } while (position != null);
    return found;
  }

  List<String> names(Listing.Walk walk, int limit) {
    return all(Model.class, walk, limit).stream().map(Model::name).toList();
  }
}
