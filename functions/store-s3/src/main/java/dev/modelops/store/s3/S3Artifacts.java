package dev.modelops.store.s3;

import dev.modelops.domain.Ref;
import dev.modelops.domain.change.Unavailable;
import dev.modelops.domain.registry.Artifact;
import dev.modelops.domain.registry.ArtifactGrant;
import dev.modelops.domain.registry.ArtifactStore;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.presigner.model.PresignedGetObjectRequest;
import software.amazon.awssdk.services.s3.presigner.model.PresignedPutObjectRequest;

/** Artifacts as objects, each under model, version and SHA-256. */
final class S3Artifacts implements ArtifactStore {

  private final S3 s3;
  private final String bucket;
  private final Duration grantTime;

  S3Artifacts(S3 s3, Map<String, String> env) {
    this.s3 = s3;
    this.bucket = required(env, "ARTIFACTS_BUCKET");
    this.grantTime = Duration.parse(env.getOrDefault("GRANT_TIME", "PT15M"));
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
    PresignedPutObjectRequest signed = s3.presigner().presignPutObject(presign -> presign
        .signatureDuration(grantTime)
        .putObjectRequest(put -> put.bucket(bucket).key(key(model, version, artifact)).contentLength(artifact.size())
            .ifNoneMatch("*").checksumSHA256(base64(artifact.sha256()))));
    return new ArtifactGrant("PUT", uri(signed.url()), headers(signed.signedHeaders()), signed.expiration());
  }

  @Override
  public ArtifactGrant download(String model, int version, Artifact artifact) {
    PresignedGetObjectRequest signed = s3.presigner().presignGetObject(presign -> presign
        .signatureDuration(grantTime)
        .getObjectRequest(get -> get.bucket(bucket).key(key(model, version, artifact))
            .responseContentType(artifact.mediaType()).responseContentDisposition(attachment(artifact.path()))));
    return new ArtifactGrant("GET", uri(signed.url()), headers(signed.signedHeaders()), signed.expiration());
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

  /** What the sender must send; {@code host} follows from the URL. */
  private static Map<String, String> headers(Map<String, List<String>> signed) {
    Map<String, String> headers = new TreeMap<>();
    signed.forEach((name, values) -> {
      if (!name.equalsIgnoreCase("host")) {
        headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values));
      }
    });
    return headers;
  }

  private static URI uri(URL url) {
    try {
      return url.toURI();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
