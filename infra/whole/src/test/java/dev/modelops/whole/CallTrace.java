package dev.modelops.whole;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;

/** Writes down the calls to AWS that are made while a trace is open, and where they wanted to write. */
public final class CallTrace implements ExecutionInterceptor {

  /** One call, by what it is about and how many such came before it: some calls are made side by side. */
  record Call(SdkRequest request, int before) {

    /** Whether a request is about the same. */
    boolean is(SdkRequest other) {
      return call(other) && about(request).equals(about(other));
    }

    boolean writes() {
      return written(request).findAny().isPresent();
    }

    @Override
    public String toString() {
      return about(request) + " " + (before + 1);
    }
  }

  /** Where something was to be written. */
  record Place(String table, Map<String, AttributeValue> key) {}

  /** The calls of one piece of work. */
  static final class Trace implements AutoCloseable {
    private final List<Call> calls = new ArrayList<>();
    private final Set<Place> places = new LinkedHashSet<>();

    synchronized List<Call> calls() {
      return List.copyOf(calls);
    }

    synchronized Set<Place> places() {
      return Set.copyOf(places);
    }

    private synchronized void add(SdkRequest request) {
      calls.add(new Call(request, (int) calls.stream().filter(call -> call.is(request)).count()));
      written(request).forEach(places::add);
    }

    @Override
    public void close() {
      open = null;
    }
  }

  private static volatile @Nullable Trace open;

  static Trace open() {
    Trace trace = new Trace();
    open = trace;
    return trace;
  }

  @Override
  public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
    Trace trace = open;
    if (trace != null && call(context.request())) {
      trace.add(context.request());
    }
  }

  /** Whether it leaves the machine: what is presigned does not. */
  private static boolean call(SdkRequest request) {
    return request instanceof HeadObjectRequest || request instanceof GetItemRequest || request instanceof QueryRequest
        || request instanceof BatchGetItemRequest || written(request).findAny().isPresent();
  }

  /** The operation, the table, and what kind of key is asked for. */
  private static String about(SdkRequest request) {
    String operation = request.getClass().getSimpleName().replace("Request", "");
    return switch (request) {
      case GetItemRequest get -> operation + " " + kind(get.key());
      case BatchGetItemRequest batch -> operation + " " + batch.requestItems().values().stream()
          .map(table -> kind(table.keys().getFirst())).toList();
      case QueryRequest query ->
        operation + " " + query.indexName() + " " + query.expressionAttributeValues().entrySet().stream()
            .filter(value -> value.getKey().startsWith(":p")).map(value -> kind(value.getValue().s())).toList();
      case PutItemRequest put -> operation + " " + kind(put.item());
      case UpdateItemRequest update -> operation + " " + kind(update.key());
      case DeleteItemRequest delete -> operation + " " + kind(delete.key());
      default -> operation;
    };
  }

  private static String kind(Map<String, AttributeValue> key) {
    return kind(key.getOrDefault("pk", AttributeValue.fromS("")).s());
  }

  private static String kind(String key) {
    return key.replaceAll("#.*", "");
  }

  private static Stream<Place> written(SdkRequest request) {
    return switch (request) {
      case PutItemRequest put -> Stream.of(place(put.tableName(), put.item()));
      case UpdateItemRequest update -> Stream.of(place(update.tableName(), update.key()));
      case DeleteItemRequest delete -> Stream.of(place(delete.tableName(), delete.key()));
      case TransactWriteItemsRequest all -> all.transactItems().stream().flatMap(CallTrace::written);
      default -> Stream.of();
    };
  }

  private static Stream<Place> written(TransactWriteItem item) {
    if (item.put() != null) {
      return Stream.of(place(item.put().tableName(), item.put().item()));
    }
    if (item.update() != null) {
      return Stream.of(place(item.update().tableName(), item.update().key()));
    }
    return item.delete() == null ? Stream.of() : Stream.of(place(item.delete().tableName(), item.delete().key()));
  }

  private static Place place(String table, Map<String, AttributeValue> item) {
    Map<String, AttributeValue> key = new HashMap<>(item);
    key.keySet().retainAll(Set.of("pk", "sk"));
    return new Place(table, key);
  }
}
