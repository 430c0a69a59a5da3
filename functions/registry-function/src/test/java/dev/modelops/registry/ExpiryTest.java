package dev.modelops.registry;

import static dev.modelops.registry.Registry.file;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelops.domain.Ref;
import dev.modelops.domain.audit.AuditEntry;
import dev.modelops.testkit.ApiClient;
import dev.modelops.testkit.TestContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ExpiryTest {

  @RegisterExtension private static final Registry REGISTRY = Registry.SHARED;
  private static final ExpiryFunction EXPIRY = new ExpiryFunction(REGISTRY.aws.env("ExpiryFunction"));
  private final ApiClient engineer = REGISTRY.engineer();

  private static void tick() throws IOException {
    EXPIRY.handleRequest(new ByteArrayInputStream("{}".getBytes()), new ByteArrayOutputStream(), new TestContext());
  }

  @Test
  void what_nobody_finalised_expires_as_a_recorded_change_and_the_rest_stays() throws IOException {
    REGISTRY.model("e-due");
    String path = "/v1/models/e-due/versions";
    for (int i = 1; i <= 3; i++) {
      engineer.post(path, Map.of("artifacts", List.of(file("a", "" + i)))).is(201);
    }
    REGISTRY.change("e-due", 1, ArtifactsTest::due);
    REGISTRY.change("e-due", 3, ArtifactsTest::due);

    tick();
    tick();

    assertThat(engineer.get(path + "/1").text("/state")).isEqualTo("expired");
    assertThat(engineer.get(path + "/2").text("/state")).isEqualTo("pending");
    assertThat(engineer.get(path + "/3").text("/state")).isEqualTo("expired");
    List<AuditEntry> chain = REGISTRY.chain(Ref.version("e-due", 1));
    assertThat(chain.getLast().action()).isEqualTo("version.expired");
    assertThat(chain.getLast().actor()).isEqualTo("system:expiry");
    assertThat(chain).hasSize(3);
    engineer.post(path + "/1/finalize").is(409).isProblem("conflict");
    engineer.post(path + "/1/checks", Map.of("name", "a", "status", "passed")).is(409);
    engineer.get(path + "/1/artifacts/download?path=a").is(409);
  }

  @Test
  void an_external_id_whose_version_expired_can_be_used_once_more() throws IOException {
    REGISTRY.model("e-again");
    String path = "/v1/models/e-again/versions";
    Map<String, Object> content = Map.of("externalId", "run-1", "artifacts", List.of(file("a", "1")));
    engineer.post(path, content).is(201);
    REGISTRY.change("e-again", 1, ArtifactsTest::due);
    assertThat(engineer.post(path, content).is(201).text("/version")).isEqualTo("2");
    tick();
    assertThat(engineer.get(path + "/1").text("/state")).isEqualTo("expired");
    assertThat(engineer.post(path, content).is(200).text("/version")).isEqualTo("2");
    assertThat(engineer.get(path + "?externalId=run-1").text("/items/0/version")).isEqualTo("2");
    REGISTRY.change("e-again", 2, ArtifactsTest::due);
    tick();
    assertThat(engineer.post(path, content).is(201).text("/version")).isEqualTo("3");
  }
}
