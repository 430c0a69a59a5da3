package dev.modelops.testkit.lambda;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.modelops.json.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * The Runtime API of Lambda (2018-06-01) as one sandbox sees it: hands out events and takes answers. With SnapStart it
 * keeps the sandbox at its checkpoint until it is restored, and serves the credentials.
 */
final class RuntimeApi implements AutoCloseable {
  static {
    // Else each answer waits 40 ms for the acknowledgement of its head. Read when the server's class is loaded.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private static final String ROOT = "/2018-06-01/runtime/";
  private static final String CREDENTIALS = "/credentials";

  private record Invocation(String id, byte[] event, Duration timeout, CompletableFuture<byte[]> answer) {}

  private final HttpServer server;
  private final BlockingQueue<Invocation> waiting = new LinkedBlockingQueue<>();
  private final Map<String, Invocation> running = new ConcurrentHashMap<>();
  private final CompletableFuture<Void> checkpoint = new CompletableFuture<>();
  private final CompletableFuture<Void> restored = new CompletableFuture<>();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private volatile Credentials credentials;

  RuntimeApi(Credentials credentials) throws IOException {
    this.credentials = credentials;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(ROOT + "invocation/", this::invocation);
    server.createContext(ROOT + "init/error", exchange -> failed("initialisation", exchange));
    server.createContext(ROOT + "restore/next", this::restore);
    server.createContext(ROOT + "restore/error", exchange -> failed("restore", exchange));
    server.createContext(CREDENTIALS, exchange -> answer(exchange, 200, Json.write(this.credentials.asContainer())));
    server.start();
  }

  /** Host and port, as the environment variable of the client wants it. */
  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  String credentialsUri() {
    return "http://" + address() + CREDENTIALS;
  }

  /** Completes when everything before the snapshot is done; exceptionally when the function cannot start. */
  CompletableFuture<Void> checkpoint() {
    return checkpoint;
  }

  /** Completes when the function asks for its first event; exceptionally when it cannot start. */
  CompletableFuture<Void> ready() {
    return ready;
  }

  /** Lets a sandbox go on from its checkpoint, from now on with these credentials. */
  void restore(Credentials fresh) {
    credentials = fresh;
    restored.complete(null);
  }

  /** The function's answer to an event; exceptionally a {@link FunctionError}. */
  CompletableFuture<byte[]> invoke(byte[] event, Duration timeout) {
    Invocation invocation = new Invocation(UUID.randomUUID().toString(), event, timeout, new CompletableFuture<>());
    waiting.add(invocation);
    return invocation.answer();
  }

  /** Nobody will answer any more. */
  void ended(String why) {
    FunctionError error = new FunctionError(why);
    checkpoint.completeExceptionally(error);
    ready.completeExceptionally(error);
    running.values().forEach(invocation -> invocation.answer().completeExceptionally(error));
    waiting.forEach(invocation -> invocation.answer().completeExceptionally(error));
  }

  private void invocation(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath().substring((ROOT + "invocation/").length());
    if (path.equals("next")) {
      next(exchange);
      return;
    }
    byte[] body = exchange.getRequestBody().readAllBytes();
    Invocation invocation = running.remove(path.substring(0, path.indexOf('/')));
    answer(exchange, 202, new byte[0]);
    if (invocation != null && path.endsWith("/response")) {
      invocation.answer().complete(body);
    } else if (invocation != null) {
      invocation.answer().completeExceptionally(new FunctionError(new String(body, StandardCharsets.UTF_8)));
    }
  }

  private void next(HttpExchange exchange) throws IOException {
    ready.complete(null);
    try {
      Invocation invocation = waiting.take();
      running.put(invocation.id(), invocation);
      exchange.getResponseHeaders().set("Lambda-Runtime-Aws-Request-Id", invocation.id());
      exchange.getResponseHeaders().set("Lambda-Runtime-Deadline-Ms",
          String.valueOf(System.currentTimeMillis() + invocation.timeout().toMillis()));
      exchange.getResponseHeaders().set("Lambda-Runtime-Invoked-Function-Arn",
          "arn:aws:lambda:us-east-1:000000000000:function:sandbox:live");
      answer(exchange, 200, invocation.event());
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
      exchange.close();
    }
  }

  private void restore(HttpExchange exchange) throws IOException {
    checkpoint.complete(null);
    restored.join();
    answer(exchange, 200, new byte[0]);
  }

  private void failed(String what, HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    answer(exchange, 202, new byte[0]);
    ended(what + " failed: " + body);
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  @Override
  public void close() {
    restored.cancel(false);
    ended("closed");
    server.stop(0);
  }
}
