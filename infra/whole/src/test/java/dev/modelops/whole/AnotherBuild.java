package dev.modelops.whole;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.modelops.domain.audit.AuditEntry;
import dev.modelops.json.Digests;
import dev.modelops.json.Json;
import dev.modelops.json.Seal;
import dev.modelops.store.dynamodb.Layout;
import dev.modelops.store.dynamodb.Layout.Table;
import dev.modelops.store.dynamodb.Row;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes a function write as another build of it would: every entity has a field that this build does not know, and
 * lacks the lists and maps that are empty, as if that build knew none of them. Its audit entries and their hashes are
 * those of what it wrote. What is remembered of requests, and every item that is written by itself (manifests, metric
 * blocks, roll-ups, …), has an attribute more. Terms have not: one is found by being just what its entity says.
 */
public final class AnotherBuild implements ExecutionInterceptor {

  /** What this build knows nothing of. */
  static final String ADDED = "addedLater";

  /** Of the threads that a function starts, too. */
  private static final InheritableThreadLocal<Boolean> ACTIVE = new InheritableThreadLocal<>();

  /** The function as the other build. */
  static RequestStreamHandler of(RequestStreamHandler function) {
    return (input, output, context) -> {
      ACTIVE.set(true);
      try {
        function.handleRequest(input, output, context);
      } finally {
        ACTIVE.remove();
      }
    };
  }

  @Override
  public SdkRequest modifyRequest(Context.ModifyRequest context, ExecutionAttributes attributes) {
    if (ACTIVE.get() == null) {
      return context.request();
    }
    return switch (context.request()) {
      case TransactWriteItemsRequest write -> write.toBuilder().transactItems(rewritten(write.transactItems())).build();
      case PutItemRequest put -> put.toBuilder().item(added(put.item())).build();
      default -> context.request();
    };
  }

  private static Map<String, AttributeValue> added(Map<String, AttributeValue> item) {
    Map<String, AttributeValue> more = new HashMap<>(item);
    more.put(ADDED, AttributeValue.fromS("by another build"));
    return more;
  }

  private static List<TransactWriteItem> rewritten(List<TransactWriteItem> items) {
    Map<Map<String, AttributeValue>, Map<String, AttributeValue>> changed = new HashMap<>();
    for (TransactWriteItem each : items) {
      switch (row(each)) {
        case Row.State state -> rewrite(each.put().item(), state, items, changed);
        case Row.Remembered remembered -> changed.put(each.put().item(), added(each.put().item()));
        case null, default -> {
        }
      }
    }
    return items.stream().map(each -> each.put() == null || !changed.containsKey(each.put().item()) ? each
        : each.toBuilder().put(each.put().toBuilder().item(changed.get(each.put().item())).build()).build()).toList();
  }

  /** Changes an entity's item, and with it the item of its audit entry. */
  private static void rewrite(Map<String, AttributeValue> item, Row.State state, List<TransactWriteItem> items,
      Map<Map<String, AttributeValue>, Map<String, AttributeValue>> changed) {
    ObjectNode body = (ObjectNode) Json.node(state.stored().entity());
    body.properties().stream().filter(field -> field.getValue().isContainer() && field.getValue().isEmpty())
        .map(Map.Entry::getKey).toList().forEach(body::remove);
    body.putObject(ADDED).put("by", "another build");
    TransactWriteItem record = items.stream()
        .filter(each -> row(each) instanceof Row.Entry of && of.entry().entity().equals(state.stored().entity().ref()))
        .findFirst().orElseThrow();
    AuditEntry sealed = sealed(((Row.Entry) Objects.requireNonNull(row(record))).entry(), body);
    Map<String, AttributeValue> entity = new HashMap<>(item);
    entity.put("body", AttributeValue.fromS(Json.text(body)));
    entity.put("head", AttributeValue.fromS(sealed.hash()));
    changed.put(item, entity);
    Map<String, AttributeValue> entry = new HashMap<>(record.put().item());
    entry.put("body", AttributeValue.fromB(SdkBytes.fromByteArray(deflated(Json.write(sealed)))));
    changed.put(record.put().item(), entry);
  }

  private static AuditEntry sealed(AuditEntry entry, JsonNode body) {
    return Seal.seal(new AuditEntry(entry.entity(), entry.rev(), entry.department(), entry.action(), entry.at(),
        entry.actor(), entry.onBehalfOf(), entry.requestId(), entry.source(), entry.reason(), entry.changes(),
        entry.more(), entry.before(), Digests.of(body), entry.previous(), ""));
  }

  private static @Nullable Row row(TransactWriteItem item) {
    return item.put() == null || !item.put().tableName().endsWith("records") ? null
        : Layout.read(Table.RECORDS, item.put().item());
  }

  private static byte[] deflated(byte[] plain) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    deflater.setInput(plain);
    deflater.finish();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[4096];
    while (!deflater.finished()) {
      out.write(buffer, 0, deflater.deflate(buffer));
    }
    deflater.end();
    return out.toByteArray();
  }
}
