package dev.modelops.embedded;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * LocalStack in Docker in place of both emulators; LOCALSTACK_AUTH_TOKEN is handed on to images that ask for it. Runs
 * in the {@link Keeper}'s process only, whose class path alone has Testcontainers.
 */
final class LocalStack implements AutoCloseable {

  /** Later releases ask for an account. */
  static final String IMAGE = "localstack/localstack:4.14.0";

  private static final int PORT = 4566;
  private static final Duration START = Duration.ofMinutes(4); // a second or two unless the machine is busy

  private static final int DOCKER_MILLIS = 5_000;

  private final GenericContainer<?> container;

  private LocalStack(GenericContainer<?> container) {
    this.container = container;
  }

  @SuppressWarnings("resource") // closed with this
  static LocalStack start(String image) {
    if (!dockerAnswers()) {
      throw new StartException(
          "LocalStack runs in Docker, and no Docker answers here: start Docker, or run the tests on"
              + " the embedded parts (-Dmodelops.aws=embedded).");
    }
    try {
      GenericContainer<?> container = new GenericContainer<>(DockerImageName.parse(image))
          .withExposedPorts(PORT)
          .withEnv("SERVICES", "dynamodb,dynamodbstreams,s3")
          .withEnv("EAGER_SERVICE_LOADING", "1")
          .withEnv("LOCALSTACK_AUTH_TOKEN", System.getenv().getOrDefault("LOCALSTACK_AUTH_TOKEN", ""))
          .waitingFor(Wait.forHttp("/_localstack/health").forPort(PORT).withStartupTimeout(START));
      container.start();
      return new LocalStack(container);
    } catch (RuntimeException e) {
      throw new StartException("The image " + image + " does not start in Docker: " + reason(e) + ".", e);
    }
  }

  /** Testcontainers looks elsewhere when the Docker of DOCKER_HOST does not answer: whoever names one means that one. */
  private static boolean dockerAnswers() {
    URI named = URI.create(System.getenv().getOrDefault("DOCKER_HOST", ""));
    if ("tcp".equals(named.getScheme()) && named.getPort() > 0) {
      try (Socket socket = new Socket()) {
        socket.connect(new InetSocketAddress(named.getHost(), named.getPort()), DOCKER_MILLIS);
      } catch (IOException e) {
        return false;
      }
    }
    return DockerClientFactory.instance().isDockerAvailable();
  }

  /** Testcontainers wraps the reason in layers that say less. */
  private static String reason(Throwable e) {
    Throwable deepest = e;
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      deepest = cause;
    }
    return String.valueOf(deepest.getMessage()).lines().findFirst().orElse(deepest.getClass().getSimpleName()).strip();
  }

  Endpoints endpoints() {
    URI endpoint = URI.create("http://" + container.getHost() + ":" + container.getMappedPort(PORT));
    return new Endpoints(endpoint, endpoint);
  }

  @Override
  public void close() {
    container.stop();
  }
}
