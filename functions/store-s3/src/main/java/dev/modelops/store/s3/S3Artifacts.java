package dev.modelops.store.s3;

import dev.modelops.domain.Ref;
import dev.modelops.domain.change.Unavailable;
import dev.modelops.domain.registry.Artifact;
import dev.modelops.domain.registry.ArtifactGrant;
import dev.modelops.domain.registry.ArtifactStore;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** Artifacts as objects, each under model, version and SHA-256. */
final class S3Artifacts implements ArtifactStore {

  private final S3 s3;
  private final String bucket;
  private final GrantSigner signer;

  S3Artifacts(S3 s3, Map<String, String> env) {
    this.s3 = s3;
    this.bucket = required(env, "ARTIFACTS_BUCKET");
    this.signer = new GrantSigner(Duration.parse(env.getOrDefault("GRANT_TIME", "PT15M")), Clock.systemUTC());
  }

  private static String required(Map<String, String> env, String variable) {
    @Nullable String value = env.get(variable);
    if (value == null || value.isBlank()) {
      throw new IllegalStateException("the function's environment names no " + variable);
    }
    return value;
  }

  static String key(String model, int version, Artifact artifact) {
    return "artifacts/" + Ref.fold(model) + "/" + version + "/" + artifact.sha256();
  }

  @Override
  public ArtifactGrant upload(String model, int version, Artifact artifact) {
    return grant(SdkHttpMethod.PUT, key(model, version, artifact),
        Map.of("content-length", Long.toString(artifact.size()), "if-none-match", "*", "x-amz-checksum-sha256",
            base64(artifact.sha256())),
        Map.of());
  }

  @Override
  public ArtifactGrant download(String model, int version, Artifact artifact) {
    return grant(SdkHttpMethod.GET, key(model, version, artifact), Map.of(),
        Map.of("response-content-type", artifact.mediaType(), "response-content-disposition",
            attachment(artifact.path())));
  }

  private ArtifactGrant grant(SdkHttpMethod method, String key, Map<String, String> headers,
      Map<String, String> query) {
    return signer.grant(method, s3.url(bucket) + key, s3.region(), s3.credentials().resolveCredentials(), headers,
        query);
  }

  @Override
  public Finding verify(String model, int version, Artifact artifact) {
    HeadObjectResponse head;
    try {
      head = s3.client()
          .headObject(h -> h.bucket(bucket).key(key(model, version, artifact)).checksumMode(ChecksumMode.ENABLED));
    } catch (SdkClientException e) {
      throw new Unavailable("the store of artifacts did not answer in time", e);
    } catch (SdkServiceException e) {
      if (e.statusCode() == 404) {
        return new Missing();
      }
      if (e.statusCode() >= 500 || e.isThrottlingException()) {
        throw new Unavailable("the store of artifacts is busy", e);
      }
      throw e;
    }
    String checksum = head.checksumSHA256();
    if (head.contentLength() != artifact.size()) {
      return new OtherSize(head.contentLength());
    }
    if (checksum == null || checksum.isEmpty()) {
      return new NoChecksum();
    }
    return checksum.equals(base64(artifact.sha256())) ? new Proved() : new OtherChecksum(hex(checksum));
  }

  private static String base64(String hex) {
    return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
  }

  /** As people know it; a checksum of parts ({@code …-3}) stays as it is. */
  private static String hex(String base64) {
    try {
      return HexFormat.of().formatHex(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException composite) {
      return base64;
    }
  }

  /** Never shown by a browser, whatever the media type says; the name in both spellings of RFC 6266. */
  private static String attachment(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1);
    String plain = name.replaceAll("[^A-Za-z0-9._-]", "_");
    String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + encoded;
  }
}
