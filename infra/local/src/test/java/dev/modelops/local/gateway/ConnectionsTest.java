package dev.modelops.local.gateway;

import static dev.modelops.local.gateway.GatewayStage.send;
import static dev.modelops.local.gateway.GatewayStage.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Nobody waits for another, and a connection may be kept. */
final class ConnectionsTest {

  private static final GatewayStage GATEWAY = new GatewayStage();

  @AfterAll
  static void stop() {
    GATEWAY.close();
  }

  @Test
  void aSlowFunctionDoesNotHoldUpOthers() throws Exception {
    List<Thread> slow =
        IntStream.range(0, 100).mapToObj(i -> Thread.ofVirtual().start(ConnectionsTest::sendHeld)).toList();
    while (GATEWAY.held.get() < slow.size()) {
      Thread.sleep(5);
    }

    assertThat(send(GATEWAY.request("/x")).statusCode()).isEqualTo(200);
    assertThat(slow).as("still being answered").allMatch(Thread::isAlive);
    GATEWAY.release();
    for (Thread thread : slow) {
      thread.join();
    }
  }

  @Test
  void aKeptConnectionIsNotSlowerThanFreshOnes() throws Exception {
    String kept = "POST /x HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n";
    long[] fresh = new long[50];
    long[] reused = new long[50];
    try (Socket one = GATEWAY.connect()) {
      for (int i = 0; i < fresh.length; i++) {
        reused[i] = time(() -> exchangeInTwoWrites(one, kept));
        fresh[i] = time(() -> {
          try (Socket other = GATEWAY.connect()) {
            exchangeInTwoWrites(other, kept);
          }
        });
      }
    }
    // Delayed acknowledgements cost 40 ms an exchange on a kept connection, many times what a fresh one takes.
    assertThat(median(reused)).isLessThan(Math.max(3 * median(fresh), 20_000_000));
  }

  @Test
  void aValueIsNotTakenForOneThatTheConnectionHasSeenInOtherLetters() throws Exception {
    StringBuilder requests = new StringBuilder();
    List<String> keys = List.of("Run-4711", "rUN-4711", "Run-4711", "RUN-4711");
    keys.forEach(key -> requests.append("GET /x HTTP/1.1\r\nHost: x\r\nIdempotency-Key: ").append(key)
        .append("\r\nAuthorization: Bearer ").append(key).append("\r\n\r\n"));
    String answers = GATEWAY.raw(requests.toString());

    assertThat(Pattern.compile("\"idempotency-key\":\"([^\"]*)\"").matcher(answers).results()
        .map(found -> found.group(1)).toList()).isEqualTo(keys);
    assertThat(Pattern.compile("\"authorization\":\"Bearer ([^\"]*)\"").matcher(answers).results()
        .map(found -> found.group(1)).toList()).isEqualTo(keys);
  }

  private static void sendHeld() {
    try {
      send(GATEWAY.request("/held"));
    } catch (Exception e) {
      throw new IllegalStateException(e);
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
