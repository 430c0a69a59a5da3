package dev.modelops.store.dynamodb;

import dev.modelops.domain.access.SubjectType;
import dev.modelops.domain.access.Subjects;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Names and addresses, apart from the audit trail so that they can be erased. An address has a random reference, not a
 * digest: there are few enough addresses to try them all.
 */
final class DynamoSubjects implements Subjects {

  static final String SUBJECT = "subject#";
  static final String SOURCE = "source#";
  static final String ADDRESS = "address#";
  private static final int MOST_CACHED = 10_000;

  private final Dynamo dynamo;
  private final Tables tables;
  private final Map<String, String> sources = new ConcurrentHashMap<>();

  DynamoSubjects(Dynamo dynamo, Tables tables) {
    this.dynamo = dynamo;
    this.tables = tables;
  }

  @Override
  public void remember(Subject subject) {
    Map<String, AttributeValue> item = new HashMap<>(subjectKey(subject.id()));
    item.put("type", Items.s(subject.type().name()));
    item.put("name", Items.s(subject.displayName()));
    Writes.put(dynamo, p -> p.tableName(tables.records()).item(item));
  }

  @Override
  public Optional<Subject> get(String id) {
    Map<String, AttributeValue> item = Reads.item(dynamo, tables.records(), subjectKey(id));
    return item.containsKey("name") ? Optional.of(subject(item)) : Optional.empty();
  }

  @Override
  public Map<String, Subject> getAll(Collection<String> ids) {
    Map<String, Subject> found = new HashMap<>();
    for (Map<String, AttributeValue> item : Reads.items(dynamo, tables.records(),
        ids.stream().distinct().map(DynamoSubjects::subjectKey).toList(), false)) {
      if (item.containsKey("name")) {
        found.put(subject(item).id(), subject(item));
      }
    }
    return found;
  }

  @Override
  public String source(String address) {
    @Nullable String known = sources.get(address);
    if (known != null) {
      return known;
    }
    if (sources.size() >= MOST_CACHED) {
      sources.clear();
    }
    Map<String, AttributeValue> key = addressKey(sha256(address));
    Map<String, AttributeValue> found = Reads.item(dynamo, tables.records(), key);
    String source = found.isEmpty() ? introduce(address, key) : Items.text(found, "source");
    sources.put(address, source);
    return source;
  }

  private String introduce(String address, Map<String, AttributeValue> key) {
    String source = "src_" + UUID.randomUUID().toString().replace("-", "").substring(0, 20);
    Map<String, AttributeValue> back = new HashMap<>(sourceKey(source));
    back.put("address", Items.s(address));
    Map<String, AttributeValue> item = new HashMap<>(key);
    item.put("source", Items.s(source));
    Writes.put(dynamo, p -> p.tableName(tables.records()).item(back));
    boolean first = Writes.put(dynamo,
        p -> p.tableName(tables.records()).item(item).conditionExpression("attribute_not_exists(pk)"));
    return first ? source : Items.text(Reads.item(dynamo, tables.records(), key), "source");
  }

  @Override
  public Map<String, String> addresses(Collection<String> references) {
    Map<String, String> found = new HashMap<>();
    List<Map<String, AttributeValue>> keys = references.stream().distinct().map(DynamoSubjects::sourceKey).toList();
    for (Map<String, AttributeValue> item : Reads.items(dynamo, tables.records(), keys, false)) {
      found.put(Items.text(item, Items.PK).substring(SOURCE.length()), Items.text(item, "address"));
    }
    return found;
  }

  @Override
  public void erase(String id) {
    // An item without a name takes its place: no function may delete records.
    Writes.put(dynamo, p -> p.tableName(tables.records()).item(subjectKey(id)));
  }

  private static Subject subject(Map<String, AttributeValue> item) {
    return new Subject(Items.text(item, Items.PK).substring(SUBJECT.length()),
        SubjectType.valueOf(Items.text(item, "type")), Items.text(item, "name"));
  }

  static Map<String, AttributeValue> subjectKey(String id) {
    return Items.key(SUBJECT + id, Items.SINGLE);
  }

  static Map<String, AttributeValue> sourceKey(String source) {
    return Items.key(SOURCE + source, Items.SINGLE);
  }

  static Map<String, AttributeValue> addressKey(String digest) {
    return Items.key(ADDRESS + digest, Items.SINGLE);
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
