package dev.modelops.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublicHttpTest {

  private static final byte[] BODY = "{\"keys\":[]}".getBytes(StandardCharsets.UTF_8);

  private final List<HttpServer> servers = new ArrayList<>();
  private final AtomicInteger hits = new AtomicInteger();
  private final SSLSocketFactory tls = (SSLSocketFactory) SSLSocketFactory.getDefault();

  @AfterEach
  void stop() {
    servers.forEach(server -> server.stop(0));
  }

  @Test
  void a_document_is_read_whole_with_length_and_in_chunks() throws Exception {
    byte[] large = "x".repeat(100_000).getBytes(StandardCharsets.UTF_8);

    assertThat(new PublicHttp(true).get(serve(answer(BODY, BODY.length)))).isEqualTo(BODY);
    assertThat(new PublicHttp(true).get(serve(answer(large, 0)))).isEqualTo(large);
  }

  @Test
  void this_machine_is_not_reached_unless_local_runs_allow_it() throws Exception {
    URI uri = serve(answer(BODY, BODY.length));

    assertThatThrownBy(() -> new PublicHttp(false).get(uri)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> new PublicHttp(false).get(URI.create("https://127.0.0.1:" + uri.getPort() + "/")))
        .hasMessageContaining("public");
    assertThatThrownBy(() -> new PublicHttp(false).get(URI.create("https://localhost:" + uri.getPort() + "/")))
        .hasMessageContaining("public");
    assertThatThrownBy(() -> new PublicHttp(false).get(URI.create("https://[::ffff:127.0.0.1]:" + uri.getPort() + "/")))
        .hasMessageContaining("public");
    assertThat(hits).hasValue(0);
  }

  @Test
  void even_local_runs_reach_neither_private_addresses_nor_the_metadata_service() {
    for (String address : List.of("169.254.169.254", "10.0.0.1", "192.168.0.1", "fd00:ec2::254")) {
      PublicHttp http = new PublicHttp(true, host -> new InetAddress[] {InetAddress.getByName(address)}, tls,
          Duration.ofSeconds(1));

      assertThatThrownBy(() -> http.get(URI.create("https://issuer.example/keys"))).hasMessageContaining("public");
    }
  }

  @Test
  void a_name_with_one_public_and_one_private_address_is_refused() {
    PublicHttp http = new PublicHttp(false,
        host -> new InetAddress[] {InetAddress.getByName("1.1.1.1"), InetAddress.getByName("10.0.0.1")}, tls,
        Duration.ofSeconds(1));

    assertThatThrownBy(() -> http.get(URI.create("https://issuer.example/keys"))).hasMessageContaining("public");
  }

  @Test
  void a_name_is_resolved_once_and_the_address_that_was_checked_is_the_one_connected_to() throws Exception {
    URI uri = serve(answer(BODY, BODY.length));
    AtomicInteger asked = new AtomicInteger();
    PublicHttp http = new PublicHttp(true, host -> {
      asked.incrementAndGet();
      return new InetAddress[] {InetAddress.getLoopbackAddress()};
    }, tls, Duration.ofSeconds(2));

    assertThat(http.get(URI.create("http://rebinding.invalid:" + uri.getPort() + "/keys"))).isEqualTo(BODY);
    assertThat(asked).hasValue(1);
  }

  @Test
  void redirects_are_not_followed_and_errors_are_no_documents() throws Exception {
    URI target = serve(answer(BODY, BODY.length));
    for (int status : List.of(201, 301, 302, 307, 308, 404, 500)) {
      URI uri = serve(exchange -> {
        exchange.getResponseHeaders().set("Location", target.toString());
        exchange.sendResponseHeaders(status, BODY.length);
        exchange.getResponseBody().write(BODY);
        exchange.close();
      });
      assertThatThrownBy(() -> new PublicHttp(true).get(uri)).hasMessageContaining("not 200");
    }
    assertThat(hits).hasValue(7);
  }

  @Test
  void a_document_that_is_too_large_is_not_read_to_its_end() throws Exception {
    byte[] large = new byte[PublicHttp.LARGEST + 1];

    URI withLength = serve(answer(large, large.length));
    URI chunked = serve(answer(large, 0));
    assertThatThrownBy(() -> new PublicHttp(true).get(withLength)).hasMessageContaining("too large");
    assertThatThrownBy(() -> new PublicHttp(true).get(chunked)).hasMessageContaining("too large");
  }

  @Test
  void a_server_that_drips_is_left() throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    URI uri = serve(exchange -> {
      exchange.sendResponseHeaders(200, 1000);
      try {
        for (int i = 0; i < 1000; i++) {
          exchange.getResponseBody().write('x');
          exchange.getResponseBody().flush();
          Thread.sleep(50);
        }
        ended.set(true);
      } catch (InterruptedException | IOException e) {
        exchange.close();
      }
    });
    PublicHttp http = new PublicHttp(true, InetAddress::getAllByName, tls, Duration.ofMillis(300));

    assertThatThrownBy(() -> http.get(uri)).isInstanceOf(IOException.class);
    assertThat(ended).isFalse();
  }

  @Test
  void other_schemes_and_users_in_urls_are_refused() {
    for (String uri : List.of("file:///etc/passwd", "ftp://127.0.0.1/x", "http://user:pass@127.0.0.1/", "https:///x",
        "jar:file:///x!/", "//127.0.0.1/", "keys")) {
      assertThatThrownBy(() -> new PublicHttp(true).get(URI.create(uri))).isInstanceOf(IOException.class);
    }
  }

  @Test
  void the_certificate_must_be_trusted_and_name_the_host(@TempDir Path directory) throws Exception {
    KeyStore keys = certificate(directory, "localhost");
    HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context(keys)));
    URI uri = start(server, "https", answer(BODY, BODY.length));
    SSLSocketFactory trusting = context(keys).getSocketFactory();
    PublicHttp http = new PublicHttp(true, host -> new InetAddress[] {InetAddress.getLoopbackAddress()}, trusting,
        Duration.ofSeconds(2));

    assertThat(http.get(URI.create("https://localhost:" + uri.getPort() + "/keys"))).isEqualTo(BODY);
    assertThatThrownBy(() -> http.get(URI.create("https://other.example:" + uri.getPort() + "/keys")))
        .isInstanceOf(javax.net.ssl.SSLException.class);
    assertThatThrownBy(() -> new PublicHttp(true).get(URI.create("https://localhost:" + uri.getPort() + "/keys")))
        .isInstanceOf(javax.net.ssl.SSLException.class);
  }

  private static KeyStore certificate(Path directory, String host) throws Exception {
    Path file = directory.resolve("keys.p12");
    Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
        "-genkeypair", "-keyalg", "EC", "-alias", "it", "-dname", "CN=" + host, "-ext", "san=dns:" + host, "-storetype",
        "PKCS12", "-storepass", "changeit", "-keystore", file.toString()).redirectErrorStream(true).start();
    keytool.getInputStream().readAllBytes();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      keys.load(in, "changeit".toCharArray());
    }
    return keys;
  }

  private static SSLContext context(KeyStore keys) throws Exception {
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, "changeit".toCharArray());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("it", keys.getCertificate("it"));
    TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private HttpHandler answer(byte[] body, long length) {
    return exchange -> {
      exchange.sendResponseHeaders(200, length);
      exchange.getResponseBody().write(body);
      exchange.close();
    };
  }

  private URI serve(HttpHandler handler) throws IOException {
    return start(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0), "http", handler);
  }

  private URI start(HttpServer server, String scheme, HttpHandler handler) {
    server.createContext("/", (HttpExchange exchange) -> {
      hits.incrementAndGet();
      handler.handle(exchange);
    });
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    servers.add(server);
    return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort() + "/keys");
  }
}
