package dev.modelops.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/** On the template that ships. */
class TestAwsTest {

  private static final TestAws AWS = TestAws.fresh();

  @AfterAll
  static void close() {
    AWS.close();
  }

  @Test
  void items_written_to_a_table_of_the_template_are_read_again() {
    String table = AWS.physicalName("RecordsTable");
    Map<String, AttributeValue> item = Map.of("pk", AttributeValue.fromS("a"), "sk", AttributeValue.fromS("b"));
    AWS.dynamo().putItem(request -> request.tableName(table).item(item));
    assertThat(AWS.dynamo().getItem(request -> request.tableName(table).key(item)).item()).isEqualTo(item);
  }

  @Test
  void tables_have_the_indexes_the_stream_and_the_expiry_of_the_template() {
    var table = AWS.dynamo().describeTable(request -> request.tableName(AWS.physicalName("RecordsTable"))).table();
    assertThat(table.globalSecondaryIndexes()).extracting(index -> index.indexName())
        .containsExactlyInAnyOrder("gsi1", "gsi2", "gsi3");
    assertThat(table.streamSpecification().streamViewTypeAsString()).isEqualTo("NEW_AND_OLD_IMAGES");
    assertThat(AWS.streams().describeStream(request -> request.streamArn(table.latestStreamArn())).streamDescription()
        .shards()).isNotEmpty();
    assertThat(AWS.dynamo().describeTimeToLive(request -> request.tableName(table.tableName()))
        .timeToLiveDescription().timeToLiveStatus()).isEqualTo(TimeToLiveStatus.ENABLED);
  }

  @Test
  void a_bucket_keeps_the_versions_of_an_object_where_the_template_says_so() {
    String bucket = AWS.physicalName("ArtifactsBucket");
    String first = AWS.s3().putObject(request -> request.bucket(bucket).key("a/b"), RequestBody.fromString("1"))
        .versionId();
    AWS.s3().putObject(request -> request.bucket(bucket).key("a/b"), RequestBody.fromString("2"));
    assertThat(AWS.s3().getObjectAsBytes(request -> request.bucket(bucket).key("a/b").versionId(first)).asUtf8String())
        .isEqualTo("1");
  }

  @Test
  void a_function_sees_physical_names_and_the_emulators() {
    Map<String, String> env = AWS.env("RegistryFunction", Map.of("GRANT_TIME", "PT1S"));
    assertThat(env).containsEntry("RECORDS_TABLE", AWS.physicalName("RecordsTable"))
        .containsEntry("ARTIFACTS_BUCKET", AWS.physicalName("ArtifactsBucket"))
        .containsEntry("PENDING_VERSION_TIME", "PT24H")
        .containsEntry("GRANT_TIME", "PT1S")
        .containsEntry("AWS_ENDPOINT_URL_DYNAMODB", TestAws.endpoints().dynamo().toString())
        .containsEntry("AWS_REGION", LocalAws.REGION)
        .containsKeys("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL_S3");
    assertThat(env.get("CURSOR_KEY")).startsWith("file:/");
  }

  @Test
  void another_test_jvm_of_this_build_uses_the_same_emulators() throws IOException {
    assumeTrue(BuildEmulators.build().pid() != ProcessHandle.current().pid(), "not run by Maven");
    Process other = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1", "-Dmodelops.root=" + TestAws.root(),
        "-Dmodelops.aws=" + System.getProperty("modelops.aws", "embedded"), "-cp",
        System.getProperty("java.class.path"),
        Neighbour.class.getName()).redirectErrorStream(true).start();
    assertThat(new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip())
        .isEqualTo(TestAws.endpoints().toString());
  }

  /** The other test JVM. */
  static final class Neighbour {
    public static void main(String[] args) {
      System.out.println(TestAws.endpoints());
    }
  }

  @Test
  void a_name_that_the_template_does_not_have_is_refused_with_those_it_has() {
    assertThatThrownBy(() -> AWS.physicalName("RecordTable")).hasMessageContaining("Nothing stands for RecordTable")
        .hasMessageContaining("RecordsTable");
  }

  @Test
  void another_test_class_sees_nothing_of_this_one() throws IOException {
    try (TestAws other = TestAws.fresh()) {
      assertThat(AWS.aws().template().tables().keySet())
          .noneMatch(id -> other.physicalName(id).equals(AWS.physicalName(id)));
      assertThat(other.physicalName("ArtifactsBucket")).isNotEqualTo(AWS.physicalName("ArtifactsBucket"));
    }
  }
}
