package dev.modelops.store.s3;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * Holds the client and what grants are signed with. Before a snapshot they are replaced by ones that nothing was ever
 * asked of: connections would be dead after a restore, and credentials another sandbox's. Until then no connection is kept, since
 * the JDK would keep it, with the headers of its last request, beyond the client.
 *
 * <p>Time-outs lie below those of the functions, which lie below API Gateway's (30 s).
 */
final class S3 implements Resource {

  private static final Duration ATTEMPT = Duration.ofSeconds(3);
  private static final Duration CALL = Duration.ofSeconds(10);
  private static final String ANY = "any";

  private record Clients(S3Client client, AwsCredentialsProvider credentials, String region) {}

  private final Map<String, String> env;
  private final Map<String, String> urls = new HashMap<>();
  private boolean beforeSnapshot;
  private @Nullable Clients clients;

  S3(Map<String, String> env) {
    this.env = env;
    this.beforeSnapshot = "snap-start".equals(env.get("AWS_LAMBDA_INITIALIZATION_TYPE"));
    Core.getGlobalContext().register(this);
  }

  S3Client client() {
    return clients().client();
  }

  AwsCredentialsProvider credentials() {
    return clients().credentials();
  }

  String region() {
    return clients().region();
  }

  /** Where the objects of a bucket are: a key behind it makes the URL. */
  synchronized String url(String bucket) {
    return urls.computeIfAbsent(bucket, name -> {
      String any = client().utilities().getUrl(url -> url.bucket(name).key(ANY)).toString();
      return any.substring(0, any.length() - ANY.length());
    });
  }

  private synchronized Clients clients() {
    Clients current = clients;
    if (current == null) {
      current = build();
      clients = current;
    }
    return current;
  }

  private Clients build() {
    S3ClientBuilder client = S3Client.builder()
        .httpClientBuilder(
            UrlConnectionHttpClient.builder().connectionTimeout(Duration.ofSeconds(1)).socketTimeout(ATTEMPT))
        // Checksums are ours: the SDK would add another algorithm's to every upload.
        .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
        .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
        .overrideConfiguration(
            o -> {
              o.retryStrategy(RetryMode.STANDARD).apiCallAttemptTimeout(ATTEMPT).apiCallTimeout(CALL);
              if (beforeSnapshot) {
                o.putHeader("Connection", "close");
              }
            });
    AwsCredentialsProvider credentials = null;
    String region = env.get("AWS_REGION");
    if (region != null) {
      client.region(Region.of(region));
    }
    String endpoint = env.get("AWS_ENDPOINT_URL_S3");
    if (endpoint != null) {
      client.endpointOverride(URI.create(endpoint)).forcePathStyle(true);
      // Only a local machine names an endpoint, and many functions in one process have keys of their own.
      String accessKey = env.get("AWS_ACCESS_KEY_ID");
      if (accessKey != null) {
        credentials = StaticCredentialsProvider.create(
            AwsBasicCredentials.create(accessKey, env.getOrDefault("AWS_SECRET_ACCESS_KEY", "local")));
      }
    }
    if (credentials == null) {
      credentials = DefaultCredentialsProvider.builder().build();
    }
    S3Client built = client.credentialsProvider(credentials).build();
    return new Clients(built, credentials, built.serviceClientConfiguration().region().id());
  }

  @Override
  public synchronized void beforeCheckpoint(Context<? extends Resource> context) {
    Clients current = clients;
    if (current != null) {
      current.client().close();
    }
    beforeSnapshot = false;
    clients = build();
  }

  @Override
  public void afterRestore(Context<? extends Resource> context) {
    // The clients have been built, and know nothing yet.
  }
}
