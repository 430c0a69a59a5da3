package dev.modelops.store.s3;

import dev.modelops.domain.registry.ArtifactGrant;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4FamilyHttpSigner.AuthLocation;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/**
 * Signs requests that others send to S3 ("Authenticating Requests: Using Query Parameters", Amazon S3 API reference): the
 * signer that {@code S3Presigner} uses, without the client around it, which interprets the rules of S3's endpoints anew
 * for every file of a version.
 */
final class GrantSigner {

  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
  private final Duration valid;
  private final Clock clock;

  GrantSigner(Duration valid, Clock clock) {
    this.valid = valid;
    this.clock = clock;
  }

  /**
   * @param headers what the sender must send, in lower case; {@code host} follows from the place
   * @param query not encoded
   */
  ArtifactGrant grant(SdkHttpMethod method, String url, String region, AwsCredentialsIdentity identity,
      Map<String, String> headers, Map<String, String> query) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS); // as it stands in the URL
    SdkHttpRequest.Builder request = SdkHttpRequest.builder().method(method).uri(URI.create(url));
    headers.forEach(request::putHeader);
    query.forEach(request::putRawQueryParameter);
    SdkHttpRequest signed = signer.sign(sign -> sign.identity(identity).request(request.build())
        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
        .putProperty(AwsV4HttpSigner.REGION_NAME, region)
        .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
        .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
        .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, false)
        .putProperty(AwsV4HttpSigner.AUTH_LOCATION, AuthLocation.QUERY_STRING)
        .putProperty(AwsV4HttpSigner.EXPIRATION_DURATION, valid)
        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(now, clock.getZone()))).request();
    return new ArtifactGrant(method.name(), signed.getUri(), new TreeMap<>(headers), now.plus(valid));
  }
}
