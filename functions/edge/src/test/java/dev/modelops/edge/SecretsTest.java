package dev.modelops.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.modelops.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import tools.jackson.databind.JsonNode;

class SecretsTest {
  private static final String ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:cursor-x";
  private final Map<String, String> stages = new HashMap<>();
  private final List<String> authorizations = new ArrayList<>();
  private HttpServer server;
  private Secrets secrets;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> {
      JsonNode request = Json.read(exchange.getRequestBody().readAllBytes(), JsonNode.class);
      authorizations.add(exchange.getRequestHeaders().getFirst("Authorization"));
      String value = stages.get(request.path("VersionStage").asString());
      boolean right = request.path("SecretId").asString().equals(ARN)
          && exchange.getRequestHeaders().getFirst("X-Amz-Target").equals("secretsmanager.GetSecretValue");
      byte[] body = Json.write(!right ? Map.of("__type", "ValidationException")
          : value == null ? Map.of("__type", "ResourceNotFoundException") : Map.of("SecretString", value));
      exchange.sendResponseHeaders(right && value != null ? 200 : 400, body.length);
      exchange.getResponseBody().write(body);
      exchange.close();
    });
    server.start();
    secrets = new Secrets("http://127.0.0.1:" + server.getAddress().getPort() + "/",
        StaticCredentialsProvider.create(AwsBasicCredentials.create("AKID", "secret")));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void theCurrentKeyComesFirst() {
    stages.put("AWSCURRENT", "new");
    stages.put("AWSPREVIOUS", "old");
    assertThat(KeySources.secret(secrets, ARN)).containsExactly("new", "old");
    assertThat(authorizations).allMatch(
        header -> header.matches("AWS4-HMAC-SHA256 Credential=AKID/\\d{8}/eu-central-1/secretsmanager/aws4_request.*"));
  }

  @Test
  void aSecretThatWasNeverRotatedHasOneKey() {
    stages.put("AWSCURRENT", "only");
    assertThat(KeySources.secret(secrets, ARN)).containsExactly("only");
  }

  @Test
  void anAnswerWithoutAValueIsAFailureThatSaysSo() {
    assertThatThrownBy(() -> KeySources.secret(secrets, ARN)).hasMessageContaining("has no value");
    assertThatThrownBy(() -> secrets.value(ARN + "y", "AWSCURRENT")).hasMessageContaining("400 ValidationException");
  }

  @Test
  void aFileHoldsOneKeyALine(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("key");
    Files.write(file, "new\n\n old \n".getBytes(StandardCharsets.UTF_8));
    assertThat(KeySources.file(file.toString())).containsExactly("new", "old");
  }
}
