package dev.modelops.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.modelops.local.function.MountedFunction;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A gateway that answers on a port of its own, with small functions behind it; and a client of it. */
final class GatewayStage implements AutoCloseable {
  static final JsonMapper JSON = JsonMapper.shared();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  final AtomicInteger authorizations = new AtomicInteger();
  final AtomicInteger held = new AtomicInteger();
  private final CountDownLatch released = new CountDownLatch(1);
  private final Gateway gateway;

  GatewayStage() {
    this(Gateway.Limits.USUAL);
  }

  GatewayStage(Gateway.Limits limits) {
    try {
      gateway = new Gateway("127.0.0.1", 0, limits);
      gateway.start(api(), limits);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private HttpApi api() {
    MountedFunction echo = function("Echo", (in, out, context) -> answer(out, 200, in.readAllBytes()));
    return new HttpApi(
        List.of(
            new Route("ANY", Route.DEFAULT, echo, false),
            new Route("ANY", "/secret/{proxy+}", echo, true),
            new Route("ANY", "/throws", function("Throws", (in, out, context) -> {
              throw new IllegalStateException("on purpose");
            }), false),
            new Route("ANY", "/held", function("Held", this::hold), false),
            new Route("ANY", "/garbage", function("Garbage", (in, out, context) -> out.write("<html>".getBytes())),
                false),
            new Route("ANY", "/large", function("Large", (in, out, context) -> out.write(new byte[7_000_000])), false),
            new Route("ANY", "/cookies", function("Cookies", (in, out, context) -> out.write("""
                {"statusCode": 201, "headers": {"ETag": "\\"1\\"", "Vary": "Accept", "Content-Type": "application/json",
                "Access-Control-Allow-Origin": "*"}, "cookies": ["a=1; Path=/", "b=2"], "isBase64Encoded": true,
                "body": "e30="}""".getBytes(StandardCharsets.UTF_8))), false)),
        function("Authorizer", this::authorize), Duration.ofSeconds(30),
        new Cors(List.of("http://page.example"), List.of("GET", "PUT"), List.of("If-Match"), List.of("ETag"), 600),
        10_000, 10_000);
  }

  @Override
  public void close() {
    release();
    gateway.close();
  }

  int port() {
    return gateway.port();
  }

  private static MountedFunction function(String name, RequestStreamHandler handler) {
    return new MountedFunction(name, handler, Duration.ofSeconds(20), 128);
  }

  private static void answer(OutputStream out, int status, byte[] body) throws IOException {
    out.write(JSON.writeValueAsBytes(JSON.createObjectNode().put("statusCode", status)
        .put("body", new String(body, StandardCharsets.UTF_8))));
  }

  private void hold(InputStream in, OutputStream out, Context context) throws IOException {
    held.incrementAndGet();
    try {
      released.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    answer(out, 200, new byte[0]);
  }

  /** Lets all answer that are held. */
  void release() {
    released.countDown();
  }

  private void authorize(InputStream in, OutputStream out, Context context) throws IOException {
    authorizations.incrementAndGet();
    String identity = JSON.readTree(in).at("/identitySource/0").asString();
    if (identity.equals("broken")) {
      throw new IllegalStateException("on purpose");
    }
    var answer = JSON.createObjectNode().put("isAuthorized", !identity.equals("refused"));
    answer.putObject("context").put("subject", identity);
    out.write(JSON.writeValueAsBytes(answer));
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path));
  }

  JsonNode json(HttpRequest.Builder request) throws Exception {
    return JSON.readTree(send(request).body());
  }

  static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  Socket connect() throws IOException {
    Socket socket = new Socket("127.0.0.1", gateway.port());
    socket.setSoTimeout(10_000);
    socket.setTcpNoDelay(true);
    return socket;
  }

  static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  /** Sends bytes as they are, and reads all that comes. */
  String raw(String request) throws IOException {
    try (Socket socket = connect()) {
      write(socket, request);
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Holds an answer against what the gateway says in its own words. */
  static void assertOwn(String answer, int status, String message) {
    assertThat(answer).startsWith("HTTP/1.1 " + status).endsWith("{\"message\":\"" + message + "\"}")
        .containsIgnoringCase("content-type: application/json");
  }
}
