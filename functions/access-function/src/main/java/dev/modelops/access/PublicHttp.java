package dev.modelops.access;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Gets documents from hosts that somebody else has named, and reaches nothing inside by it: https only; the name is
 * resolved once, every address it has must be public, and the connection goes to an address that was checked, so that a
 * name server cannot give another one meanwhile; no redirects, no proxies; bounded size and time. No client of the JDK
 * connects to a given address under a given name, hence these few lines of HTTP/1.1.
 */
final class PublicHttp implements Fetch {

  static final int LARGEST = 512 * 1024;
  private static final int LARGEST_HEAD = 32 * 1024;
  private static final Duration CONNECT = Duration.ofSeconds(2);

  /** Resolves a name. */
  interface Resolver {
    InetAddress[] resolve(String host) throws IOException;
  }

  private final boolean loopback;
  private final Resolver resolver;
  private final SSLSocketFactory tls;
  private final Duration limit;

  /** @param loopback whether this machine's own addresses may be asked, by http too: for tests and local runs alone */
  PublicHttp(boolean loopback) {
    this(loopback, InetAddress::getAllByName, (SSLSocketFactory) SSLSocketFactory.getDefault(), Duration.ofSeconds(4));
  }

  PublicHttp(boolean loopback, Resolver resolver, SSLSocketFactory tls, Duration limit) {
    this.loopback = loopback;
    this.resolver = resolver;
    this.tls = tls;
    this.limit = limit;
  }

  @Override
  public byte[] get(URI uri) throws IOException {
    String host = uri.getHost();
    boolean secure = "https".equalsIgnoreCase(uri.getScheme());
    boolean plain = "http".equalsIgnoreCase(uri.getScheme()) && loopback;
    if (host == null || uri.getUserInfo() != null || !(secure || plain)) {
      throw new IOException("only https URLs without a user are fetched");
    }
    int port = uri.getPort() >= 0 ? uri.getPort() : secure ? 443 : 80;
    InetAddress address = checked(host, secure);
    long deadline = System.nanoTime() + limit.toNanos();
    try (Socket socket = new Socket(java.net.Proxy.NO_PROXY)) {
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress(address, port), (int) CONNECT.toMillis());
      if (!secure) {
        return exchange(socket, uri, deadline);
      }
      socket.setSoTimeout((int) CONNECT.toMillis());
      try (SSLSocket sealed = (SSLSocket) tls.createSocket(socket, bare(host), port, true)) {
        SSLParameters parameters = sealed.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        sealed.setSSLParameters(parameters);
        sealed.startHandshake();
        return exchange(sealed, uri, deadline);
      }
    }
  }

  private InetAddress checked(String host, boolean secure) throws IOException {
    InetAddress[] addresses = resolver.resolve(host);
    for (InetAddress address : addresses) {
      boolean allowed = loopback && address.isLoopbackAddress() || secure && Addresses.isPublic(address);
      if (!allowed) {
        throw new IOException("the host does not have public addresses only");
      }
    }
    if (addresses.length == 0) {
      throw new IOException("the host has no address");
    }
    return addresses[0];
  }

  private static byte[] exchange(Socket socket, URI uri, long deadline) throws IOException {
    String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    String request = "GET " + path + query + " HTTP/1.1\r\nHost: " + uri.getRawAuthority()
        + "\r\nAccept: application/json\r\nAccept-Encoding: identity\r\nUser-Agent: modelops\r\nConnection: close\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
    Timed in = new Timed(socket, deadline);
    String status = in.line();
    if (!status.matches("HTTP/1\\.[01] 200(?: .*)?")) {
      throw new IOException("the answer is not 200; redirects are not followed");
    }
    Map<String, String> headers = new HashMap<>();
    for (String line = in.line(); !line.isEmpty(); line = in.line()) {
      int colon = line.indexOf(':');
      if (colon > 0) {
        headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
      }
    }
    if ("chunked".equalsIgnoreCase(headers.get("transfer-encoding"))) {
      return in.chunks();
    }
    String length = headers.get("content-length");
    return length == null ? in.rest() : in.exactly(number(length, 10), new ByteArrayOutputStream()).toByteArray();
  }

  private static int number(String text, int radix) throws IOException {
    try {
      int number = Integer.parseInt(text, radix);
      if (number >= 0 && number <= LARGEST) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw new IOException("the answer is not HTTP", e);
    }
    throw new IOException("the answer is too large");
  }

  private static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  /** Reads from a socket until a deadline: a server that sends a byte now and then does not hold us longer. */
  private static final class Timed {

    private final Socket socket;
    private final InputStream in;
    private final long deadline;
    private int head;

    Timed(Socket socket, long deadline) throws IOException {
      this.socket = socket;
      this.in = new BufferedInputStream(socket.getInputStream());
      this.deadline = deadline;
    }

    private int read() throws IOException {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new SocketTimeoutException("the answer takes too long");
      }
      socket.setSoTimeout((int) left);
      return in.read();
    }

    String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int next = read(); next != '\n'; next = read()) {
        if (next < 0 || ++head > LARGEST_HEAD) {
          throw new IOException("the answer is not HTTP");
        }
        if (next != '\r') {
          line.append((char) next);
        }
      }
      return line.toString();
    }

    byte[] rest() throws IOException {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      for (int next = read(); next >= 0; next = read()) {
        append(body, next);
      }
      return body.toByteArray();
    }

    ByteArrayOutputStream exactly(int length, ByteArrayOutputStream body) throws IOException {
      for (int i = 0; i < length; i++) {
        int next = read();
        if (next < 0) {
          throw new IOException("the answer ends early");
        }
        append(body, next);
      }
      return body;
    }

    byte[] chunks() throws IOException {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      while (true) {
        head = 0;
        int size = number(line().split(";", 2)[0].strip(), 16);
        if (size == 0) {
          return body.toByteArray();
        }
        exactly(size, body);
        line();
      }
    }

    private static void append(ByteArrayOutputStream body, int next) throws IOException {
      if (body.size() >= LARGEST) {
        throw new IOException("the answer is too large");
      }
      body.write(next);
    }
  }
}
