package dev.modelops.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.modelops.local.function.MountedFunction;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The gateway over a real connection, with small functions behind it. */
final class GatewayTest {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Gateway.Limits LIMITS = new Gateway.Limits(
      Duration.ofSeconds(20), Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(3));
  private static final AtomicInteger AUTHORIZATIONS = new AtomicInteger();
  private static final AtomicInteger SLEEPING = new AtomicInteger();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static Gateway gateway;

  @BeforeAll
  static void start() throws Exception {
    MountedFunction echo = function("Echo", (in, out, context) -> answer(out, 200, in.readAllBytes()));
    HttpApi api = new HttpApi(
        List.of(
            new Route("ANY", Route.DEFAULT, echo, false),
            new Route("ANY", "/secret/{proxy+}", echo, true),
            new Route("ANY", "/throws", function("Throws", (in, out, context) -> {
              throw new IllegalStateException("on purpose");
            }), false),
            new Route("ANY", "/slow", function("Slow", GatewayTest::sleep), false),
            new Route("ANY", "/garbage", function("Garbage", (in, out, context) -> out.write("<html>".getBytes())),
                false),
            new Route("ANY", "/large", function("Large", (in, out, context) -> out.write(new byte[7_000_000])), false),
            new Route("ANY", "/cookies", function("Cookies", (in, out, context) -> out.write("""
                {"statusCode": 201, "headers": {"ETag": "\\"1\\"", "Vary": "Accept", "Content-Type": "application/json",
                "Access-Control-Allow-Origin": "*"}, "cookies": ["a=1; Path=/", "b=2"], "isBase64Encoded": true,
                "body": "e30="}""".getBytes(StandardCharsets.UTF_8))), false),
            new Route("ANY", "/rare", function("Rare", (in, out, context) -> answer(out, 204, new byte[0])), false)),
        function("Authorizer", GatewayTest::authorize), Duration.ofSeconds(30),
        new Cors(List.of("http://page.example"), List.of("GET", "PUT"), List.of("If-Match"), List.of("ETag"), 600),
        10_000, 10_000);
    gateway = new Gateway("127.0.0.1", 0, LIMITS);
    gateway.start(api, LIMITS);
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void functionsGetTheRequestAsAnEvent() throws Exception {
    JsonNode event = JSON.readTree(send(request("/v1/a%20b%2Fc?x=%20y").header("X-Two", "1").header("X-Two", "2")
        .header("Cookie", "a=1; b=2").header("Content-Type", "application/json")
        .method("PATCH", BodyPublishers.ofString("{\"ü\":1}"))).body());

    assertThat(event.get("rawPath").asString()).isEqualTo("/v1/a b/c");
    assertThat(event.get("rawQueryString").asString()).isEqualTo("x=%20y");
    assertThat(event.at("/headers/x-two").asString()).isEqualTo("1,2");
    assertThat(event.get("cookies")).isEqualTo(JSON.readTree("[\"a=1\", \"b=2\"]"));
    assertThat(event.at("/headers/cookie").isMissingNode()).isTrue();
    assertThat(event.get("body").asString()).isEqualTo("{\"ü\":1}");
    assertThat(event.at("/requestContext/http/sourceIp").asString()).isEqualTo("127.0.0.1");
    assertThat(event.at("/requestContext/http/method").asString()).isEqualTo("PATCH");
  }

  @Test
  void theSourceAddressIsNotTakenFromAHeader() throws Exception {
    JsonNode event = JSON.readTree(send(request("/x").header("X-Forwarded-For", "203.0.113.9")).body());

    assertThat(event.at("/requestContext/http/sourceIp").asString()).isEqualTo("127.0.0.1");
    assertThat(event.at("/headers/x-forwarded-for").asString()).isEqualTo("203.0.113.9, 127.0.0.1");
  }

  @Test
  void answersCarryStatusHeadersCookiesAndDecodedBodies() throws Exception {
    HttpResponse<String> answer = send(request("/cookies"));

    assertThat(answer.statusCode()).isEqualTo(201);
    assertThat(answer.headers().firstValue("etag")).hasValue("\"1\"");
    assertThat(answer.headers().allValues("set-cookie")).containsExactly("a=1; Path=/", "b=2");
    assertThat(answer.headers().firstValue("content-type")).hasValue("application/json");
    assertThat(answer.headers().firstValue("apigw-requestid")).isPresent();
    assertThat(answer.headers().firstValue("server")).isEmpty();
    assertThat(answer.body()).isEqualTo("{}");
  }

  @ParameterizedTest
  @CsvSource({
      "/throws,  500, Internal Server Error",
      "/large,   500, Internal Server Error",
      "/slow,    503, Service Unavailable",
      "/bad%zz,  400, Bad Request",
  })
  void failuresAreAnsweredInTheGatewaysWords(String path, int status, String message) throws Exception {
    assertOwn(raw("GET " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), status, message);
  }

  @Test
  void anAnswerThatIsNoJsonObjectWithAStatusIsABody() throws Exception {
    assertThat(send(request("/garbage")).statusCode()).isEqualTo(500);
  }

  @Test
  void withoutAnAuthorizationHeaderTheAuthorizerIsNotAsked() throws Exception {
    int before = AUTHORIZATIONS.get();

    assertOwn(raw("GET /secret/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"), 401, "Unauthorized");
    assertOwn(raw("GET /secret/x HTTP/1.1\r\nHost: x\r\nAuthorization: \r\nConnection: close\r\n\r\n"), 401,
        "Unauthorized");
    assertThat(AUTHORIZATIONS.get()).isEqualTo(before);
  }

  @Test
  void anAuthorizersAnswerIsKeptPerIdentityOverAllPaths() throws Exception {
    int before = AUTHORIZATIONS.get();

    JsonNode first = JSON.readTree(send(request("/secret/1").header("Authorization", "Bearer kept")).body());
    JsonNode second = JSON.readTree(send(request("/secret/2").header("Authorization", "Bearer kept")).body());

    assertThat(AUTHORIZATIONS.get()).isEqualTo(before + 1);
    assertThat(first.at("/requestContext/authorizer/lambda/subject").asString()).isEqualTo("Bearer kept");
    assertThat(second.at("/requestContext/authorizer/lambda/subject").asString()).isEqualTo("Bearer kept");
    assertThat(second.get("rawPath").asString()).isEqualTo("/secret/2");
  }

  @Test
  void aRefusalIs403AndAFailingAuthorizer500() throws Exception {
    assertThat(send(request("/secret/1").header("Authorization", "refused")).statusCode()).isEqualTo(403);
    int before = AUTHORIZATIONS.get();
    assertThat(send(request("/secret/1").header("Authorization", "broken")).statusCode()).isEqualTo(500);
    assertThat(send(request("/secret/1").header("Authorization", "broken")).statusCode()).isEqualTo(500);
    assertThat(AUTHORIZATIONS.get()).as("failures are not kept").isEqualTo(before + 2);
  }

  @Test
  void preflightsAreAnsweredByTheGatewayForListedOriginsOnly() throws Exception {
    HttpResponse<String> listed = send(preflight("http://page.example"));
    HttpResponse<String> other = send(preflight("http://other.example"));

    assertThat(listed.statusCode()).isEqualTo(204);
    assertThat(listed.headers().firstValue("access-control-allow-origin")).hasValue("http://page.example");
    assertThat(listed.headers().firstValue("access-control-allow-methods")).hasValue("GET,PUT");
    assertThat(listed.headers().firstValue("access-control-allow-headers")).hasValue("If-Match");
    assertThat(listed.headers().firstValue("access-control-max-age")).hasValue("600");
    assertThat(other.headers().firstValue("access-control-allow-origin")).isEmpty();
  }

  @Test
  void answersToPagesCarryTheGatewaysHeadersInPlaceOfTheFunctions() throws Exception {
    HttpResponse<String> answer = send(browser("/cookies", "http://page.example"));

    assertThat(answer.headers().allValues("access-control-allow-origin")).containsExactly("http://page.example");
    assertThat(answer.headers().firstValue("access-control-expose-headers")).hasValue("ETag");
    assertThat(answer.headers().firstValue("vary")).hasValue("Accept, Origin");
    assertThat(send(request("/cookies")).headers().allValues("access-control-allow-origin")).isEmpty();
  }

  @Test
  void bodiesAboveTenMebibytesAreRefusedWithoutBeingRead() throws Exception {
    assertOwn(raw("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 10485761\r\n\r\n"), 413, "Request Entity Too Large");
  }

  @Test
  void bodiesThatMakeTheEventTooLargeForLambdaAreRefused() throws Exception {
    HttpResponse<String> answer = send(request("/x").POST(BodyPublishers.ofByteArray(new byte[6_000_000])));

    assertThat(answer.statusCode()).isEqualTo(413);
  }

  @Test
  void headerFloodsAndSlowRequestsAreRefusedWhileOthersAreServed() throws Exception {
    assertThat(raw("GET /x HTTP/1.1\r\nHost: x\r\nX-Flood: " + "x".repeat(11_000) + "\r\n\r\n"))
        .startsWith("HTTP/1.1 431");
    try (Socket slowBody = connect(); Socket slowHeaders = connect()) {
      write(slowBody, "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
      write(slowHeaders, "GET /x HTTP/1.1\r\nHost: x\r\n");
      Thread drops = Thread.ofVirtual().start(() -> dropByDrop(slowBody, slowHeaders));

      assertThat(send(request("/x")).statusCode()).isEqualTo(200);
      assertThat(new String(slowBody.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 408");
      assertThat(end(slowHeaders)).as("closed").isTrue();
      drops.interrupt();
    }
  }

  @Test
  void aSlowFunctionDoesNotHoldUpOthers() throws Exception {
    List<Thread> slow = IntStream.range(0, 100).mapToObj(i -> Thread.ofVirtual().start(GatewayTest::sendSlow)).toList();
    while (SLEEPING.get() < slow.size()) {
      Thread.sleep(5);
    }

    assertThat(send(request("/x")).statusCode()).isEqualTo(200);
    assertThat(slow).as("still being answered").allMatch(Thread::isAlive);
    for (Thread thread : slow) {
      thread.join();
    }
  }

  @Test
  void aKeptConnectionIsNotSlowerThanFreshOnes() throws Exception {
    String kept = "POST /x HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n";
    long[] fresh = new long[50];
    long[] reused = new long[50];
    try (Socket one = connect()) {
      for (int i = 0; i < fresh.length; i++) {
        reused[i] = time(() -> exchangeInTwoWrites(one, kept));
        fresh[i] = time(() -> {
          try (Socket other = connect()) {
            exchangeInTwoWrites(other, kept);
          }
        });
      }
    }
    // Delayed acknowledgements cost 40 ms an exchange on a kept connection, many times what a fresh one takes.
    assertThat(median(reused)).isLessThan(Math.max(3 * median(fresh), 20_000_000));
  }

  @Test
  void aTakenPortIsRefusedAtOnce() {
    assertThatExceptionOfType(BindException.class)
        .isThrownBy(() -> new Gateway("127.0.0.1", gateway.port(), LIMITS));
  }

  // --- the functions behind it

  private static MountedFunction function(String name, RequestStreamHandler handler) {
    return new MountedFunction(name, handler, Duration.ofSeconds(20), 128);
  }

  private static void answer(OutputStream out, int status, byte[] body) throws IOException {
    out.write(JSON.writeValueAsBytes(JSON.createObjectNode().put("statusCode", status)
        .put("body", new String(body, StandardCharsets.UTF_8))));
  }

  private static void sleep(InputStream in, OutputStream out, Context context) throws IOException {
    SLEEPING.incrementAndGet();
    try {
      Thread.sleep(5_000);
    } catch (InterruptedException e) {
      throw new IOException(e);
    } finally {
      SLEEPING.decrementAndGet();
    }
  }

  private static void authorize(InputStream in, OutputStream out, Context context) throws IOException {
    AUTHORIZATIONS.incrementAndGet();
    String identity = JSON.readTree(in).at("/identitySource/0").asString();
    if (identity.equals("broken")) {
      throw new IllegalStateException("on purpose");
    }
    var answer = JSON.createObjectNode().put("isAuthorized", !identity.equals("refused"));
    answer.putObject("context").put("subject", identity);
    out.write(JSON.writeValueAsBytes(answer));
  }

  // --- the client

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path));
  }

  private static HttpRequest.Builder browser(String path, String origin) {
    return request(path).header("Origin", origin);
  }

  private static HttpRequest.Builder preflight(String origin) {
    return browser("/x", origin).header("Access-Control-Request-Method", "PUT")
        .method("OPTIONS", BodyPublishers.noBody());
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  private static void sendSlow() {
    try {
      send(request("/slow"));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Socket connect() throws IOException {
    Socket socket = new Socket("127.0.0.1", gateway.port());
    socket.setSoTimeout(10_000);
    socket.setTcpNoDelay(true);
    return socket;
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    socket.getOutputStream().flush();
  }

  private static String raw(String request) throws IOException {
    try (Socket socket = connect()) {
      write(socket, request);
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void assertOwn(String answer, int status, String message) {
    assertThat(answer).startsWith("HTTP/1.1 " + status).endsWith("{\"message\":\"" + message + "\"}")
        .containsIgnoringCase("content-type: application/json");
  }

  private static void dropByDrop(Socket... sockets) {
    try {
      while (true) {
        Thread.sleep(50);
        for (Socket socket : sockets) {
          try {
            write(socket, "x");
          } catch (IOException closed) {
            // As it should be.
          }
        }
      }
    } catch (InterruptedException end) {
      // Enough.
    }
  }

  /** Whether the other side ended the connection without an answer. */
  private static boolean end(Socket socket) {
    try {
      return socket.getInputStream().read() < 0;
    } catch (IOException reset) {
      return true;
    }
  }

  /** Head and body apart, as many clients send them: that is when delayed acknowledgements show. */
  private static void exchangeInTwoWrites(Socket socket, String head) throws IOException {
    write(socket, head);
    write(socket, "{}");
    InputStream in = socket.getInputStream();
    StringBuilder answer = new StringBuilder();
    while (answer.indexOf("\r\n\r\n") < 0) {
      answer.append((char) in.read());
    }
    String length = answer.toString().toLowerCase(Locale.ROOT).split("content-length: ")[1].split("\r")[0];
    assertThat(in.readNBytes(Integer.parseInt(length))).hasSize(Integer.parseInt(length));
  }

  private interface Step {
    void run() throws Exception;
  }

  private static long time(Step step) throws Exception {
    long start = System.nanoTime();
    step.run();
    return System.nanoTime() - start;
  }

  private static long median(long[] times) {
    return Arrays.stream(times).sorted().skip(times.length / 2).findFirst().orElseThrow();
  }
}
