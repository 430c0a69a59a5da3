package dev.modelops.whole;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelops.checker.Checker;
import dev.modelops.domain.access.Role;
import dev.modelops.embedded.TestAws;
import dev.modelops.testkit.Answer;
import dev.modelops.testkit.Functions;
import dev.modelops.testkit.Upload;
import dev.modelops.testkit.Writes;
import dev.modelops.whole.CutConnection.Cut;
import java.io.IOException;
import java.net.URI;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A file on its way from a client to S3, whose connection breaks: we are not asked, and must find what is there. */
class UploadFaultsTest {

  private static final TestAws AWS = TestAws.fresh();
  private static final Writes WRITES = new Writes(new Functions(AWS)::get);

  @AfterAll
  static void nothingIsWrongWithWhatIsStored() {
    Checker.assertSound(AWS);
    AWS.close();
  }

  private static JsonNode pending(String model) {
    return WRITES.pending(model).json().at("/uploads/0/grant");
  }

  private static Answer finalised(String model) {
    return WRITES.send(Role.ML_ENGINEER, "finalizeVersion", "/v1/models/" + model + "/versions/1/finalize", null);
  }

  private static void broken(JsonNode grant, Cut cut) throws IOException {
    URI store = Upload.uri(grant);
    try (CutConnection connection = new CutConnection(store.getPort(), cut)) {
      assertThatThrownBy(() -> Upload.put(grant, connection.instead(store))).isInstanceOf(IOException.class);
    }
  }

  @Test
  void aFileThatIsStoredThoughTheAnswerIsLostIsSaidToBeThereAndIsProved() throws IOException {
    JsonNode grant = pending("answer-lost");
    broken(grant, Cut.BEFORE_THE_ANSWER);
    assertThat(Upload.put(grant, Upload.uri(grant))).isEqualTo(412);
    assertThat(finalised("answer-lost").is(200).text("/state")).isEqualTo("ready");
  }

  @Test
  void aClientThatNeverLearnsOfItsUploadMayFinaliseAllTheSame() throws IOException {
    broken(pending("never-told"), Cut.BEFORE_THE_ANSWER);
    assertThat(finalised("never-told").is(200).text("/state")).isEqualTo("ready");
  }

  @Test
  void halfAFileIsNoFileAndIsSentAgain() throws IOException {
    JsonNode grant = pending("half");
    broken(grant, Cut.IN_THE_BODY);
    assertThat(finalised("half").is(409).json().path("errors").size()).isEqualTo(1);
    assertThat(Upload.put(grant, Upload.uri(grant))).isEqualTo(200);
    assertThat(finalised("half").is(200).text("/state")).isEqualTo("ready");
  }
}
