package dev.modelops.store.dynamodb;

import dev.modelops.domain.registry.Manifest;
import dev.modelops.domain.registry.Manifests;
import dev.modelops.json.Digests;
import dev.modelops.json.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Manifests as deflated JSON, one item per digest. */
final class DynamoManifests implements Manifests {

  static final String PREFIX = "m#";

  private final Dynamo dynamo;
  private final Tables tables;

  DynamoManifests(Dynamo dynamo, Tables tables) {
    this.dynamo = dynamo;
    this.tables = tables;
  }

  static Map<String, AttributeValue> key(String digest) {
    return Items.key(PREFIX + digest, Items.SINGLE);
  }

  @Override
  public String put(Manifest manifest) {
    String digest = Digests.of(Json.node(manifest));
    Map<String, AttributeValue> item = new HashMap<>(key(digest));
    item.put(Items.BODY, Items.b(Packed.pack(Json.write(manifest))));
    Writes.put(dynamo, p -> p.tableName(tables.records()).item(item));
    return digest;
  }

  @Override
  public Optional<Manifest> get(String digest) {
    Map<String, AttributeValue> item = Reads.item(dynamo, tables.records(), key(digest));
    return item.isEmpty() ? Optional.empty()
        : Optional.of(Json.read(Packed.unpack(Items.bytes(item, Items.BODY)), Manifest.class));
  }
}
