package dev.modelops.local.gateway;

import static dev.modelops.local.gateway.GatewayStage.assertOwn;
import static dev.modelops.local.gateway.GatewayStage.send;
import static dev.modelops.local.gateway.GatewayStage.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What is too large or too slow is refused. */
final class LimitsTest {

  private static final GatewayStage GATEWAY = new GatewayStage();

  @AfterAll
  static void stop() {
    GATEWAY.close();
  }

  @Test
  void bodiesAboveTenMebibytesAreRefusedWithoutBeingRead() throws Exception {
    assertOwn(GATEWAY.raw("POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 10485761\r\n\r\n"), 413,
        "Request Entity Too Large");
  }

  @Test
  void bodiesThatMakeTheEventTooLargeForLambdaAreRefused() throws Exception {
    HttpResponse<String> answer = send(GATEWAY.request("/x").POST(BodyPublishers.ofByteArray(new byte[6_000_000])));

    assertThat(answer.statusCode()).isEqualTo(413);
  }

  @Test
  void headerFloodsAreRefused() throws Exception {
    String many = IntStream.range(0, 2_000).mapToObj("X-%04d: x\r\n"::formatted).collect(Collectors.joining());
    for (String flood : List.of("X-Flood: " + "x".repeat(11_000) + "\r\n", many, "X-Flood: x\r\n".repeat(2_000))) {
      assertThat(GATEWAY.raw("GET /x HTTP/1.1\r\nHost: x\r\n" + flood + "\r\n")).startsWith("HTTP/1.1 431");
    }
  }

  @Test
  void aTargetThatIsTooLongIsRefused() throws Exception {
    assertThat(GATEWAY.raw("GET /" + "x".repeat(11_000) + " HTTP/1.1\r\nHost: x\r\n\r\n"))
        .startsWith("HTTP/1.1 414");
  }

  @Test
  void slowRequestsAreRefusedWhileOthersAreServed() throws Exception {
    Duration brief = Duration.ofSeconds(2);
    try (GatewayStage impatient = new GatewayStage(new Gateway.Limits(Duration.ofSeconds(20), brief, brief, brief));
        Socket slowBody = impatient.connect();
        Socket slowHeaders = impatient.connect()) {
      write(slowBody, "POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
      write(slowHeaders, "GET /x HTTP/1.1\r\nHost: x\r\n");
      Thread drops = Thread.ofVirtual().start(() -> dropByDrop(slowBody, slowHeaders));

      assertThat(send(impatient.request("/x")).statusCode()).isEqualTo(200);
      assertThat(new String(slowBody.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .startsWith("HTTP/1.1 408");
      assertThat(end(slowHeaders)).as("closed").isTrue();
      drops.interrupt();
    }
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
}
