package dev.modelops.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelops.domain.change.Unavailable;
import dev.modelops.domain.registry.Artifact;
import dev.modelops.domain.registry.ArtifactGrant;
import dev.modelops.domain.registry.ArtifactStore.Missing;
import dev.modelops.domain.registry.ArtifactStore.NoChecksum;
import dev.modelops.domain.registry.ArtifactStore.OtherChecksum;
import dev.modelops.domain.registry.ArtifactStore.OtherSize;
import dev.modelops.domain.registry.ArtifactStore.Proved;
import dev.modelops.embedded.TestAws;
import dev.modelops.json.Digests;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;

/** Grants as a caller uses them, with a plain HTTP client, on a real store. */
class S3ArtifactsTest {

  private static final TestAws AWS = TestAws.fresh();
  private static final Map<String, String> ENV = AWS.env("RegistryFunction");
  private static final S3Artifacts ARTIFACTS = new S3Artifacts(new S3(ENV), ENV);
  private static final byte[] BYTES = "not quite an ONNX file".getBytes(StandardCharsets.UTF_8);

  private static Artifact artifact(byte[] bytes) {
    return new Artifact("weights/model 1.onnx", bytes.length, Digests.sha256(bytes), "application/x-onnx", "onnx");
  }

  @Test
  void a_grant_signs_length_checksum_and_write_once_and_nothing_else() {
    ArtifactGrant grant = ARTIFACTS.upload("Card-Fraud", 3, artifact(BYTES));

    assertThat(grant.method()).isEqualTo("PUT");
    assertThat(grant.headers()).containsOnlyKeys("content-length", "if-none-match", "x-amz-checksum-sha256")
        .containsEntry("if-none-match", "*").containsEntry("content-length", String.valueOf(BYTES.length));
    assertThat(grant.url().getPath()).endsWith("/artifacts/card-fraud/3/" + Digests.sha256(BYTES));
    assertThat(query(grant.url()).get("X-Amz-SignedHeaders"))
        .isEqualTo("content-length;host;if-none-match;x-amz-checksum-sha256");
    assertThat(query(grant.url())).containsEntry("X-Amz-Expires", "900")
        .doesNotContainKeys("x-amz-sdk-checksum-algorithm", "x-amz-checksum-crc32");
    assertThat(Duration.between(Instant.now(), grant.expiresAt()))
        .isBetween(Duration.ofMinutes(14), Duration.ofMinutes(16));
  }

  @Test
  void what_is_uploaded_by_a_grant_is_proved_and_comes_back_as_it_was() throws Exception {
    Artifact artifact = artifact(BYTES);
    assertThat(ARTIFACTS.verify("m", 1, artifact)).isEqualTo(new Missing());

    assertThat(put(ARTIFACTS.upload("m", 1, artifact), BYTES)).isEqualTo(200);

    assertThat(ARTIFACTS.verify("m", 1, artifact)).isEqualTo(new Proved());
    ArtifactGrant grant = ARTIFACTS.download("m", 1, artifact);
    assertThat(grant.headers()).isEmpty();
    assertThat(query(grant.url()).get("response-content-disposition"))
        .isEqualTo("attachment; filename=\"model_1.onnx\"; filename*=UTF-8''model%201.onnx");
    HttpResponse<byte[]> answer = HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(grant.url()).build(), HttpResponse.BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(BYTES);
  }

  @Test
  void a_second_upload_by_the_same_grant_is_refused_and_changes_nothing() throws Exception {
    Artifact artifact = artifact(BYTES);
    ArtifactGrant grant = ARTIFACTS.upload("twice", 1, artifact);
    put(grant, BYTES);

    assertThat(put(grant, BYTES)).isEqualTo(412);
    assertThat(ARTIFACTS.verify("twice", 1, artifact)).isEqualTo(new Proved());
  }

  @Test
  void other_bytes_than_declared_are_refused_by_the_store() throws Exception {
    Artifact artifact = artifact(BYTES);
    byte[] other = BYTES.clone();
    other[0]++;

    assertThat(put(ARTIFACTS.upload("other", 1, artifact), other)).isEqualTo(400);
    assertThat(ARTIFACTS.verify("other", 1, artifact)).isEqualTo(new Missing());
  }

  @Test
  void an_empty_file_is_a_file() throws Exception {
    Artifact artifact = artifact(new byte[0]);
    assertThat(put(ARTIFACTS.upload("empty", 1, artifact), new byte[0])).isEqualTo(200);
    assertThat(ARTIFACTS.verify("empty", 1, artifact)).isEqualTo(new Proved());
  }

  @Test
  void an_object_of_another_size_or_checksum_or_without_one_is_no_proof() {
    Artifact artifact = artifact(BYTES);
    store("size", artifact, Arrays.copyOf(BYTES, 5), ChecksumAlgorithm.SHA256);
    byte[] other = BYTES.clone();
    other[0]++;
    store("checksum", artifact, other, ChecksumAlgorithm.SHA256);
    store("none", artifact, BYTES, null);

    assertThat(ARTIFACTS.verify("size", 1, artifact)).isEqualTo(new OtherSize(5));
    assertThat(ARTIFACTS.verify("checksum", 1, artifact)).isEqualTo(new OtherChecksum(Digests.sha256(other)));
    assertThat(ARTIFACTS.verify("none", 1, artifact)).isEqualTo(new NoChecksum());
  }

  @Test
  void what_is_restored_from_a_snapshot_has_clients_of_its_own() throws Exception {
    S3 s3 = new S3(ENV);
    S3Artifacts artifacts = new S3Artifacts(s3, ENV);
    Context<Resource> context = Core.getGlobalContext();
    Object former = s3.client();
    s3.beforeCheckpoint(context);
    s3.afterRestore(context);
    assertThat(s3.client()).isNotSameAs(former);
    assertThat(put(artifacts.upload("restored", 1, artifact(BYTES)), BYTES)).isEqualTo(200);
    assertThat(artifacts.verify("restored", 1, artifact(BYTES))).isEqualTo(new Proved());
  }

  @Test
  void a_grant_does_not_show_its_signature_when_it_is_printed() {
    assertThat(ARTIFACTS.upload("m", 1, artifact(BYTES)).toString()).doesNotContain("X-Amz");
  }

  private static void store(String model, Artifact artifact, byte[] bytes,
      @Nullable ChecksumAlgorithm algorithm) {
    AWS.s3().putObject(p -> {
      p.bucket(ENV.get("ARTIFACTS_BUCKET")).key(S3Artifacts.key(model, 1, artifact));
      if (algorithm != null) {
        p.checksumAlgorithm(algorithm);
      }
    }, RequestBody.fromBytes(bytes));
  }

  private static int put(ArtifactGrant grant, byte[] bytes) throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(grant.url())
        .method(grant.method(), HttpRequest.BodyPublishers.ofByteArray(bytes));
    grant.headers().forEach((name, value) -> {
      if (!name.equals("content-length")) {
        request.header(name, value);
      }
    });
    return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  private static Map<String, String> query(URI url) {
    Map<String, String> query = new HashMap<>();
    for (String pair : url.getRawQuery().split("&")) {
      String[] parts = pair.split("=", 2);
      query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return query;
  }
}
