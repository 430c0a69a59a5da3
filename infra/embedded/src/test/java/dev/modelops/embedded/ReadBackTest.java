package dev.modelops.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Which calls follow which, seen from a server that writes them down. That it helps is shown in EmulatorsTest. */
class ReadBackTest {

  private static final Map<String, AttributeValue> KEY = Map.of("pk", AttributeValue.fromS("a"));
  private static final Map<String, AttributeValue> ITEM = Map.of("pk", AttributeValue.fromS("a"), "v",
      AttributeValue.fromN("1"));

  private final List<String> calls = new CopyOnWriteArrayList<>();
  private final Set<String> credentials = new ConcurrentSkipListSet<>();
  private boolean readFails;

  @Test
  void every_write_is_followed_by_one_small_read_in_the_same_database() throws IOException {
    at(InetAddress.getLoopbackAddress(), dynamo -> {
      dynamo.updateItem(request -> request.tableName("t").key(KEY));
      dynamo.deleteItem(request -> request.tableName("t").key(KEY));
      dynamo.putItem(request -> request.tableName("t").item(ITEM));
      dynamo.batchWriteItem(request -> request.requestItems(
          Map.of("t", List.of(WriteRequest.builder().putRequest(put -> put.item(ITEM)).build()))));
      dynamo.transactWriteItems(request -> request.transactItems(
          TransactWriteItem.builder().put(Put.builder().tableName("t").item(ITEM).build()).build()));
    });
    assertThat(calls).filteredOn(call -> call.equals("ListTables {\"Limit\":1}")).hasSize(5);
    assertThat(calls).hasSize(10).last().isEqualTo("ListTables {\"Limit\":1}");
    assertThat(credentials).hasSize(1);
  }

  @Test
  void a_read_is_followed_by_nothing() throws IOException {
    at(InetAddress.getLoopbackAddress(), dynamo -> dynamo.getItem(request -> request.tableName("t").key(KEY)));
    assertThat(calls).hasSize(1);
  }

  @Test
  void a_write_that_cannot_be_read_is_not_acknowledged() throws IOException {
    readFails = true;
    at(InetAddress.getLoopbackAddress(),
        dynamo -> assertThatThrownBy(() -> dynamo.updateItem(request -> request.tableName("t").key(KEY)))
            .isInstanceOf(SdkException.class));
  }

  @Test
  void a_server_elsewhere_is_not_asked() throws IOException {
    Optional<InetAddress> elsewhere = NetworkInterface.networkInterfaces().flatMap(NetworkInterface::inetAddresses)
        .filter(address -> !address.isLoopbackAddress() && address.getAddress().length == 4).findFirst();
    assumeTrue(elsewhere.isPresent(), "this machine has no address but loopback");
    at(elsewhere.get(), dynamo -> dynamo.updateItem(request -> request.tableName("t").key(KEY)));
    assertThat(calls).hasSize(1);
  }

  private void at(InetAddress address, Consumer<DynamoDbClient> work) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(address, 0), 0);
    server.createContext("/", this::answer);
    server.start();
    try (DynamoDbClient dynamo = DynamoDbClient.builder()
        .endpointOverride(URI.create("http://" + address.getHostAddress() + ":" + server.getAddress().getPort()))
        .region(Region.US_EAST_1).httpClient(UrlConnectionHttpClient.create())
        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")))
        .overrideConfiguration(configuration -> configuration.addExecutionInterceptor(new ReadBack())).build()) {
      work.accept(dynamo);
    } finally {
      server.stop(0);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target").replace("DynamoDB_20120810.", "");
    calls.add(target + " " + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    credentials.add(exchange.getRequestHeaders().getFirst("Authorization").replaceAll(",.*", ""));
    boolean fails = readFails && target.equals("ListTables");
    byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.0");
    exchange.sendResponseHeaders(fails ? 400 : 200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }
}
