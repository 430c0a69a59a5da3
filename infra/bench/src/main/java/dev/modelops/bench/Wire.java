package dev.modelops.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Supplier;

/** HTTP as lean as it can be: one socket per thread, each request one write. */
final class Wire {
  private final int port;
  private final String engineer;
  private final String operator;
  private final ThreadLocal<Connection> connections = ThreadLocal.withInitial(this::open);

  Wire(int port, String engineer, String operator) {
    this.port = port;
    this.engineer = engineer;
    this.operator = operator;
  }

  /** Bytes to send, anew each time. */
  interface Request {
    byte[] bytes();
  }

  Request get(String path) {
    byte[] bytes = head("GET", path, engineer, 0).getBytes(StandardCharsets.US_ASCII);
    return () -> bytes;
  }

  Request post(String path, Supplier<String> body) {
    return () -> request("POST", path, engineer, body.get());
  }

  /** A POST of somebody who may report metrics. */
  Request report(String path, Supplier<String> body) {
    return () -> request("POST", path, operator, body.get());
  }

  private static byte[] request(String method, String path, String token, String body) {
    return (head(method, path, token, body.length()) + body).getBytes(StandardCharsets.US_ASCII);
  }

  private static String head(String method, String path, String token, int length) {
    return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + token
        + (length == 0 ? "" : "\r\nContent-Type: application/json\r\nContent-Length: " + length) + "\r\n\r\n";
  }

  /** A model, and a version of it that is live. */
  void seed() throws IOException {
    Connection connection = connection();
    connection.send(() -> request("PUT", "/v1/models/" + ApiEvents.MODEL, engineer, ApiEvents.MODEL_BODY));
    connection.send(post("/v1/models/" + ApiEvents.MODEL + "/versions", () -> ApiEvents.READY_BODY));
    connection.send(post("/v1/deployments", () -> ApiEvents.DEPLOYMENT_BODY));
  }

  /** This thread's own. */
  Connection connection() {
    return connections.get();
  }

  private Connection open() {
    try {
      return new Connection(new Socket(InetAddress.getLoopbackAddress(), port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kept alive. */
  static final class Connection {
    private final Socket socket;
    private final InputStream in;

    Connection(Socket socket) throws IOException {
      this.socket = socket;
      socket.setTcpNoDelay(true);
      in = new BufferedInputStream(socket.getInputStream(), 16_384);
    }

    /** @throws IOException unless the answer is 2xx */
    void send(Request request) throws IOException {
      socket.getOutputStream().write(request.bytes());
      String status = line();
      int length = 0;
      for (String header = line(); !header.isEmpty(); header = line()) {
        if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
          length = Integer.parseInt(header.substring(15).strip());
        }
      }
      byte[] body = in.readNBytes(length);
      if (!status.startsWith("HTTP/1.1 2")) {
        throw new IOException(status + " " + new String(body, StandardCharsets.UTF_8));
      }
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new IOException("closed");
        }
        if (c != '\r') {
          line.append((char) c);
        }
      }
      return line.toString();
    }
  }
}
