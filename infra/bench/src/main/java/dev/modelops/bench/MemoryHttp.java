package dev.modelops.bench;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers the AWS SDK out of memory, at the border where it hands a request to the JDK: all that the SDK does itself is
 * measured, the network and the store are not. At first it passes requests on and remembers the answers, by operation
 * and body, else by operation alone.
 */
final class MemoryHttp {
  private static final Set<String> OF_THE_CLIENT =
      Set.of("host", "content-length", "connection", "expect", "transfer-encoding");

  private record Kept(int status, Map<String, List<String>> headers, byte[] body) {}

  private static final MemoryHttp INSTALLED = new MemoryHttp();
  private static boolean installed;

  private final Map<String, URI> places = new ConcurrentHashMap<>();
  private final Map<String, Kept> answers = new ConcurrentHashMap<>();
  private final HttpClient network = HttpClient.newHttpClient();
  private volatile boolean fromMemory;

  private MemoryHttp() {}

  /** From now on every plain HTTP connection of this JVM is ours. */
  static synchronized MemoryHttp install() {
    if (!installed) {
      URL.setURLStreamHandlerFactory(protocol -> protocol.equals("http") ? new Handler() : null);
      installed = true;
    }
    return INSTALLED;
  }

  /**
   * Gives a place a name of its own.
   *
   * @return where to find it under that name: not on this machine, as it seems, so that what the local runtime does
   *     for its local store is not done
   */
  String named(String host, URI place) {
    places.put(host, place);
    return "http://" + host;
  }

  /** From now on nothing leaves this JVM. */
  void answerFromMemory() {
    fromMemory = true;
  }

  private static final class Handler extends URLStreamHandler {
    @Override
    protected URLConnection openConnection(URL url) {
      return new Connection(url, INSTALLED);
    }
  }

  private Kept answer(URL url, String method, Map<String, String> headers, byte[] body) throws IOException {
    String operation = method + " " + headers.getOrDefault("X-Amz-Target", url.getPath());
    String exactly = operation + "\n" + new String(body, StandardCharsets.ISO_8859_1);
    if (!fromMemory) {
      Kept kept = ask(url, method, headers, body);
      answers.put(operation, kept);
      answers.put(exactly, kept);
      return kept;
    }
    Kept kept = answers.getOrDefault(exactly, answers.get(operation));
    if (kept == null) {
      throw new IOException("never asked before: " + operation);
    }
    return kept;
  }

  private Kept ask(URL url, String method, Map<String, String> headers, byte[] body) throws IOException {
    URI place = places.get(url.getHost());
    URI uri = place == null ? URI.create(url.toString()) : place.resolve(url.getFile().isEmpty() ? "/" : url.getFile());
    HttpRequest.Builder request = HttpRequest.newBuilder(uri)
        .method(method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    headers.forEach((name, value) -> {
      if (!OF_THE_CLIENT.contains(name.toLowerCase(Locale.ROOT))) {
        request.header(name, value);
      }
    });
    try {
      HttpResponse<byte[]> response = network.send(request.build(), BodyHandlers.ofByteArray());
      return new Kept(response.statusCode(), new TreeMap<>(response.headers().map()), response.body());
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException(stopped);
    }
  }

  /** One request of the SDK. */
  private static final class Connection extends HttpURLConnection {
    private final MemoryHttp http;
    private final Map<String, String> sent = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    private final ByteArrayOutputStream body = new ByteArrayOutputStream(1024);
    private @Nullable Kept answer;

    Connection(URL url, MemoryHttp http) {
      super(url);
      this.http = http;
    }

    @Override
    public void setRequestProperty(String name, String value) {
      sent.put(name, value);
    }

    @Override
    public void addRequestProperty(String name, String value) {
      sent.merge(name, value, (one, other) -> one + "," + other);
    }

    @Override
    public String getRequestProperty(String name) {
      return sent.getOrDefault(name, "");
    }

    @Override
    public OutputStream getOutputStream() {
      return body;
    }

    private Kept answer() throws IOException {
      Kept current = answer;
      if (current == null) {
        current = http.answer(url, getRequestMethod(), sent, body.toByteArray());
        answer = current;
      }
      return current;
    }

    @Override
    public int getResponseCode() throws IOException {
      return answer().status();
    }

    @Override
    public String getResponseMessage() {
      return "";
    }

    @Override
    public Map<String, List<String>> getHeaderFields() {
      try {
        return answer().headers();
      } catch (IOException unanswered) {
        return Map.of();
      }
    }

    @Override
    public @Nullable String getHeaderField(String name) {
      List<String> values = getHeaderFields().getOrDefault(name.toLowerCase(Locale.ROOT), new ArrayList<>());
      return values.isEmpty() ? null : values.getFirst();
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return new ByteArrayInputStream(answer().body());
    }

    @Override
    public @Nullable InputStream getErrorStream() {
      try {
        return answer().status() < 400 ? null : new ByteArrayInputStream(answer().body());
      } catch (IOException unanswered) {
        return null;
      }
    }

    @Override
    public void connect() {}

    @Override
    public void disconnect() {}

    @Override
    public boolean usingProxy() {
      return false;
    }
  }
}
