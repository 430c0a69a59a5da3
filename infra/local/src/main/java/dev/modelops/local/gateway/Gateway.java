package dev.modelops.local.gateway;

import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.Executors;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The HTTP server in front of the mounted functions. */
public final class Gateway implements AutoCloseable {
  /** Request line and headers together, as API Gateway has it. */
  private static final int HEADER_LIMIT = 10_240;
  private static final int CONNECTION_LIMIT = 4_096;

  private final Server server;
  private final ServerConnector connector;

  /**
   * The limits in time.
   *
   * @param idle between two bytes of a connection
   * @param headers for the headers of a request to arrive
   * @param body for the body of a request to arrive
   * @param integration for a function to answer
   */
  public record Limits(Duration idle, Duration headers, Duration body, Duration integration) {
    /** What API Gateway has, or a little less where it has nothing. */
    public static final Limits USUAL =
        new Limits(Duration.ofSeconds(60), Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(30));
  }

  /**
   * Takes the port at once, so that nothing is started in vain when somebody else holds it; answers from
   * {@link #start} on.
   *
   * @param port 0 for any free one
   * @throws BindException when the port is taken
   */
  public Gateway(String host, int port, Limits limits) throws IOException {
    QueuedThreadPool threads = new QueuedThreadPool(64, 4);
    threads.setName("gateway");
    threads.setVirtualThreadsExecutor(
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("request-", 0).factory()));
    server = new Server(threads);
    connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(configuration(limits)));
    connector.setHost(host);
    connector.setPort(port);
    connector.setAcceptQueueSize(1024);
    connector.setAcceptedTcpNoDelay(true);
    connector.setReuseAddress(true);
    connector.setIdleTimeout(limits.idle().toMillis());
    connector.addBean(new SlowHeaders(server::getScheduler, limits.headers()));
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(CONNECTION_LIMIT, connector));
    server.setErrorHandler(new OwnErrors());
    server.setStopTimeout(3_000);
    refuseTaken(host, port);
    connector.open();
  }

  /** Serves the API. */
  public void start(HttpApi api, Limits limits) throws Exception {
    server.setHandler(new ApiHandler(api, limits, server::getScheduler));
    server.start();
  }

  /** The port that was taken. */
  public int port() {
    return connector.getLocalPort();
  }

  /** Takes no more requests and lets the running ones end, for three seconds at most. */
  @Override
  public void close() {
    LifeCycle.stop(server);
    connector.close();
  }

  private static HttpConfiguration configuration(Limits limits) {
    HttpConfiguration http = new HttpConfiguration();
    http.setRequestHeaderSize(HEADER_LIMIT);
    http.setResponseHeaderSize(HEADER_LIMIT);
    http.setSendServerVersion(false);
    http.setSendDateHeader(true);
    http.setIdleTimeout(limits.idle().toMillis());
    // Else a connection takes a value for one that it has seen before in other letters: an Idempotency-Key, a token.
    http.setHeaderCacheCaseSensitive(true);
    // Paths are the functions' business, odd ones too: they get them as API Gateway would hand them on.
    http.setUriCompliance(UriCompliance.UNSAFE);
    http.setHttpCompliance(HttpCompliance.RFC7230);
    return http;
  }

  /** On some systems a second listener on a port that another address family holds is let through. */
  private static void refuseTaken(String host, int port) throws IOException {
    if (port != 0) {
      try (ServerSocket probe = new ServerSocket()) {
        probe.setReuseAddress(true);
        probe.bind(new InetSocketAddress(host, port));
      }
    }
  }
}
