package dev.modelops.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.registry.ArtifactGrant;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/** Grants are, to the last bit of the signature, what the SDK's own presigner makes of the same request. */
class GrantSignerTest {

  private static final AwsCredentials KEYS = AwsSessionCredentials.create("AKID", "secret", "token/of+a=session");
  private static final Duration VALID = Duration.ofMinutes(15);
  private static final String KEY = "artifacts/card-fraud.eu_2/12/" + "ab".repeat(32);
  private static final Pattern DATE = Pattern.compile("X-Amz-Date=([0-9TZ]+)");
  private static final DateTimeFormatter BASIC =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  @ParameterizedTest
  @ValueSource(strings = {"us-east-1", "eu-central-1", "cn-north-1", "us-gov-west-1"})
  void an_upload_is_signed_as_by_the_presigner(String region) {
    try (S3Presigner presigner = presigner(region)) {
      URI theirs = URI.create(presigner.presignPutObject(p -> p.signatureDuration(VALID).putObjectRequest(put -> put
          .bucket("artifacts").key(KEY).contentLength(17L).ifNoneMatch("*").checksumSHA256("q6urqw=="))).url()
          .toString());
      ArtifactGrant ours = at(theirs).grant(SdkHttpMethod.PUT, url(region), region, KEYS, Map.of("content-length", "17",
          "if-none-match", "*", "x-amz-checksum-sha256", "q6urqw=="), Map.of());
      assertSame(ours, theirs);
      assertThat(ours.headers()).containsOnlyKeys("content-length", "if-none-match", "x-amz-checksum-sha256");
    }
  }

  @Test
  void a_download_is_signed_as_by_the_presigner() {
    String name = "attachment; filename=\"m 1.onnx\"; filename*=UTF-8''m%201.onnx";
    try (S3Presigner presigner = presigner("eu-central-1")) {
      URI theirs = URI.create(presigner.presignGetObject(p -> p.signatureDuration(VALID).getObjectRequest(get -> get
          .bucket("artifacts").key(KEY).responseContentType("text/a+b").responseContentDisposition(name))).url()
          .toString());
      assertSame(at(theirs).grant(SdkHttpMethod.GET, url("eu-central-1"), "eu-central-1", KEYS, Map.of(),
          Map.of("response-content-type", "text/a+b", "response-content-disposition", name)), theirs);
    }
  }

  private static void assertSame(ArtifactGrant ours, URI theirs) {
    assertThat(ours.url().getScheme() + ours.url().getHost() + ours.url().getRawPath())
        .isEqualTo(theirs.getScheme() + theirs.getHost() + theirs.getRawPath());
    assertThat(parameters(ours.url())).isEqualTo(parameters(theirs));
    assertThat(ours.expiresAt()).isEqualTo(date(theirs).plus(VALID));
  }

  private static GrantSigner at(URI theirs) {
    return new GrantSigner(VALID, Clock.fixed(date(theirs).plusMillis(999), ZoneOffset.UTC));
  }

  private static Instant date(URI theirs) {
    Matcher date = DATE.matcher(theirs.getRawQuery());
    assertThat(date.find()).isTrue();
    return Instant.from(BASIC.parse(date.group(1)));
  }

  private static TreeSet<String> parameters(URI url) {
    return new TreeSet<>(Arrays.asList(url.getRawQuery().split("&")));
  }

  private static S3Presigner presigner(String region) {
    return S3Presigner.builder().region(Region.of(region)).credentialsProvider(StaticCredentialsProvider.create(KEYS))
        .build();
  }

  private static String url(String region) {
    try (S3Client client = S3Client.builder().region(Region.of(region))
        .credentialsProvider(StaticCredentialsProvider.create(KEYS)).build()) {
      return client.utilities().getUrl(url -> url.bucket("artifacts").key(KEY)).toString();
    }
  }
}
