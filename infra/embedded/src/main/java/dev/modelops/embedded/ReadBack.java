package dev.modelops.embedded;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import software.amazon.awssdk.core.SdkRequest;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/**
 * Makes writes to DynamoDB Local durable: it answers before its SQLite commit, so that a kill -9 loses writes that were
 * acknowledged. It does one thing after the other in each database, so whatever is read after a write is read after that
 * write's commit: this interceptor reads the name of a table, which is the least there is to read, before it hands the
 * answer on. It acts on loopback endpoints only.
 *
 * <p>Registered through the class path resource {@code software/amazon/awssdk/global/handlers/execution.interceptors}
 * of the local runtime, so that functions stay unaware of it.
 */
public final class ReadBack implements ExecutionInterceptor {

  private static final byte[] ONE_NAME = "{\"Limit\":1}".getBytes(StandardCharsets.US_ASCII);

  private final SdkHttpClient http = UrlConnectionHttpClient.create();

  /** Called by the SDK. */
  public ReadBack() {}

  @Override
  public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
    if (writes(context.request()) && isLoopback(context.httpRequest().host())) {
      read(context.httpRequest());
    }
  }

  private static boolean writes(SdkRequest request) {
    return switch (request) {
      case TransactWriteItemsRequest transaction -> true;
      case PutItemRequest put -> true;
      case UpdateItemRequest update -> true;
      case DeleteItemRequest delete -> true;
      case BatchWriteItemRequest batch -> true;
      default -> false;
    };
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("::1") || host.equals("[::1]");
  }

  /** In the database of the write, which its signature names; nobody checks that it fits. */
  private void read(SdkHttpRequest write) {
    SdkHttpRequest request = write.toBuilder().putHeader("X-Amz-Target", "DynamoDB_20120810.ListTables")
        .putHeader("Content-Length", Integer.toString(ONE_NAME.length)).build();
    try {
      HttpExecuteResponse answer = http.prepareRequest(HttpExecuteRequest.builder().request(request)
          .contentStreamProvider(() -> new ByteArrayInputStream(ONE_NAME)).build()).call();
      if (answer.responseBody().isPresent()) {
        answer.responseBody().get().readAllBytes(); // leaves the connection to the next
      }
      if (!answer.httpResponse().isSuccessful()) {
        throw SdkClientException
            .create("DynamoDB Local wrote and does not read: " + answer.httpResponse().statusCode());
      }
    } catch (IOException e) {
      throw SdkClientException.create("DynamoDB Local wrote and does not read", e);
    }
  }
}
