package dev.modelops.store.dynamodb;

import dev.modelops.domain.Entity;
import dev.modelops.domain.EntityKind;
import dev.modelops.domain.Ref;
import dev.modelops.json.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Entities in records of the table's stream. */
public final class Images {

  private static final Map<String, Kind<?>> KINDS = kinds();

  private Images() {}

  /**
   * The entity that an image of a stream record shows, in DynamoDB's own JSON; empty when the image is absent, or is
   * that of another item: an audit entry, a head, an idempotency record.
   */
  public static Optional<Entity> entity(@Nullable JsonNode image) {
    if (image == null) {
      return Optional.empty();
    }
    String body = image.path(Items.BODY).path("S").asString("");
    return kind(image.path(Items.PK).path("S").asString("")).filter(kind -> !body.isEmpty())
        .map(kind -> Json.read(body, kind.type()));
  }

  /** An entity as a stream shows it: its key and its body. */
  public static JsonNode image(Entity entity) {
    Kind.Key key = Kinds.of(entity.ref().kind()).key(entity.ref());
    return Json.node(Map.of(Items.PK, Map.of("S", key.pk()), Items.SK, Map.of("S", key.sk()), Items.BODY,
        Map.of("S", Json.text(entity))));
  }

  /** The kind of the entities that lie under such a key; empty when it is another item's. */
  static Optional<Kind<?>> kind(String pk) {
    return Optional.ofNullable(KINDS.get(prefix(pk)));
  }

  private static Map<String, Kind<?>> kinds() {
    Map<String, Kind<?>> kinds = new HashMap<>();
    for (EntityKind kind : EntityKind.values()) {
      // What a key begins with depends on nothing but the kind.
      kinds.put(prefix(Kinds.of(kind).key(new Ref(kind, "any:1")).pk()), Kinds.of(kind));
    }
    return Map.copyOf(kinds);
  }

  private static String prefix(String pk) {
    int mark = pk.indexOf('#');
    return mark < 0 ? pk : pk.substring(0, mark);
  }
}
