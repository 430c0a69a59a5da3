package dev.modelops.edge;

import dev.modelops.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.ServiceMetadata;
import tools.jackson.databind.JsonNode;

/**
 * Reads secrets of AWS Secrets Manager: one signed request, for which a client of 3 MB would be too much. Client and
 * credentials live for one call, since nothing of them may come out of a snapshot.
 */
final class Secrets {
  private static final String SERVICE = "secretsmanager";

  private final @Nullable String endpoint;
  private final @Nullable AwsCredentialsProvider credentials;

  /**
   * @param endpoint in place of AWS's own, for tests and emulators
   * @param credentials in place of the function's own, likewise
   */
  Secrets(@Nullable String endpoint, @Nullable AwsCredentialsProvider credentials) {
    this.endpoint = endpoint;
    this.credentials = credentials;
  }

  /**
   * The text of a secret at a stage; empty when the secret has no such stage.
   *
   * @throws IllegalStateException when the answer is anything else than a text
   */
  Optional<String> value(String arn, String stage) {
    byte[] body = Json.write(Map.of("SecretId", arn, "VersionStage", stage));
    Region region = Region.of(arn.split(":", -1)[3]);
    SdkHttpRequest request = SdkHttpRequest.builder()
        .method(SdkHttpMethod.POST)
        .uri(endpoint == null ? URI.create("https://" + ServiceMetadata.of(SERVICE).endpointFor(region) + "/")
            : URI.create(endpoint))
        .putHeader("Content-Type", "application/x-amz-json-1.1")
        .putHeader("Content-Length", Integer.toString(body.length))
        .putHeader("X-Amz-Target", SERVICE + ".GetSecretValue")
        .build();
    try (SdkHttpClient http = UrlConnectionHttpClient.builder()
        .connectionTimeout(Duration.ofSeconds(2))
        .socketTimeout(Duration.ofSeconds(3))
        .build()) {
      SignedRequest signed = sign(request, body, region);
      HttpExecuteResponse response = http.prepareRequest(HttpExecuteRequest.builder()
          .request(signed.request())
          .contentStreamProvider(signed.payload().orElseThrow())
          .build()).call();
      return read(response);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private SignedRequest sign(SdkHttpRequest request, byte[] body, Region region) {
    return AwsV4HttpSigner.create().sign(sign -> sign
        .identity(identity())
        .request(request)
        .payload(ContentStreamProvider.fromByteArray(body))
        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, SERVICE)
        .putProperty(AwsV4HttpSigner.REGION_NAME, region.id()));
  }

  private AwsCredentials identity() {
    if (credentials != null) {
      return credentials.resolveCredentials();
    }
    try (DefaultCredentialsProvider own = DefaultCredentialsProvider.builder().build()) {
      return own.resolveCredentials();
    }
  }

  private static Optional<String> read(HttpExecuteResponse response) throws IOException {
    byte[] bytes;
    try (AbortableInputStream in = response.responseBody().orElseThrow()) {
      bytes = in.readAllBytes();
    }
    JsonNode json = Json.read(new String(bytes, StandardCharsets.UTF_8), JsonNode.class);
    int status = response.httpResponse().statusCode();
    JsonNode secret = json.get("SecretString");
    if (status == 200 && secret != null) {
      return Optional.of(secret.asString());
    }
    String type = json.path("__type").asString("");
    if (type.endsWith("ResourceNotFoundException")) {
      return Optional.empty();
    }
    throw new IllegalStateException("Secrets Manager answered " + status + " " + type);
  }
}
