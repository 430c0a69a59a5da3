package dev.modelops.store.dynamodb;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/**
 * Holds the client. Before a snapshot it is replaced by one that nothing was ever asked of: connections would be dead
 * after a restore, and credentials another sandbox's. Until then no connection is kept, since the JDK would keep it, with
 * the headers of its last request, beyond the client, and nothing is written ({@link Rehearsal}).
 *
 * <p>Time-outs lie below those of the functions (25 s), which lie below API Gateway's (30 s). The SDK's own defaults have
 * none, and retry nine times.
 */
final class Dynamo implements Resource {

  private static final Duration ATTEMPT = Duration.ofSeconds(3);
  private static final Duration CALL = Duration.ofSeconds(10);

  private final Map<String, String> env;
  private boolean beforeSnapshot;
  private volatile @Nullable DynamoDbClient client;

  Dynamo(Map<String, String> env) {
    this.env = env;
    this.beforeSnapshot = "snap-start".equals(env.get("AWS_LAMBDA_INITIALIZATION_TYPE"));
    Core.getGlobalContext().register(this);
  }

  DynamoDbClient client() {
    DynamoDbClient current = client;
    return current != null ? current : open();
  }

  private synchronized DynamoDbClient open() {
    DynamoDbClient current = client;
    if (current == null) {
      current = build();
      client = current;
    }
    return current;
  }

  private DynamoDbClient build() {
    UrlConnectionHttpClient.Builder http =
        UrlConnectionHttpClient.builder().connectionTimeout(Duration.ofSeconds(1)).socketTimeout(ATTEMPT);
    DynamoDbClientBuilder builder = DynamoDbClient.builder()
        .httpClientBuilder(
            beforeSnapshot ? defaults -> new Rehearsal(http.buildWithDefaults(defaults)) : http)
        .overrideConfiguration(
            o -> {
              o.retryStrategy(RetryMode.STANDARD).apiCallAttemptTimeout(ATTEMPT).apiCallTimeout(CALL);
              if (beforeSnapshot) {
                o.putHeader("Connection", "close");
              }
            });
    String region = env.get("AWS_REGION");
    if (region != null) {
      builder.region(Region.of(region));
    }
    String endpoint = env.get("AWS_ENDPOINT_URL_DYNAMODB");
    if (endpoint != null) {
      builder.endpointOverride(URI.create(endpoint));
      // Only a local machine names an endpoint, and many functions in one process have keys of their own.
      String accessKey = env.get("AWS_ACCESS_KEY_ID");
      if (accessKey != null) {
        builder.credentialsProvider(StaticCredentialsProvider.create(
            AwsBasicCredentials.create(accessKey, env.getOrDefault("AWS_SECRET_ACCESS_KEY", "local"))));
      }
    }
    return builder.build();
  }

  @Override
  public synchronized void beforeCheckpoint(Context<? extends Resource> context) {
    DynamoDbClient current = client;
    if (current != null) {
      current.close();
    }
    beforeSnapshot = false;
    client = build();
  }

  @Override
  public void afterRestore(Context<? extends Resource> context) {
    // The client has been built, and knows nothing yet.
  }
}
