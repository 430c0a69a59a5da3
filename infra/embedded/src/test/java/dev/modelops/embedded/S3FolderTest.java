package dev.modelops.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** On files as S3Mock writes them. */
class S3FolderTest {

  private final Path root;
  private final List<String> told = new ArrayList<>();

  S3FolderTest(@TempDir Path folder) {
    root = folder.resolve("s3");
  }

  @Test
  void a_folder_in_order_is_left_alone() throws IOException {
    String id = object("a", "objectMetadata.json", "null", 1);
    Path file = bucketFile("{\"name\":\"b\",\"objects\":{\"a\":\"" + id + "\"}}");
    S3Folder.mend(root, told::add);
    assertThat(file).hasContent("{\"name\":\"b\",\"objects\":{\"a\":\"" + id + "\"}}");
    assertThat(told).isEmpty();
  }

  @Test
  void a_bucket_file_cut_short_is_written_again_from_the_objects() throws IOException {
    String first = object("a", "objectMetadata.json", "null", 1);
    String second = object("b/ü \"c\"", "objectMetadata.json", "null", 1);
    Path file = bucketFile("{\"name\":\"b\",\"obj");
    S3Folder.mend(root, told::add);
    assertThat(json(file)).containsEntry("name", "b").containsEntry("objects", Map.of("a", first, "b/ü \"c\"", second))
        .containsEntry("path", root.resolve("b").toUri().toString());
    assertThat(told).containsExactly("S3Mock was killed while it wrote: found 2 objects of b again");
  }

  @Test
  void an_empty_and_a_missing_bucket_file_are_no_different() throws IOException {
    object("a", "objectMetadata.json", "null", 1);
    Path file = bucketFile("");
    S3Folder.mend(root, told::add);
    Files.delete(file);
    S3Folder.mend(root, told::add);
    assertThat(told).hasSize(2);
    assertThat(json(file)).containsKeys("objects");
  }

  @Test
  void an_object_that_was_not_finished_is_put_aside_and_its_key_forgotten() throws IOException {
    String whole = object("a", "objectMetadata.json", "null", 1);
    String cut = object("b", "objectMetadata.json", "null", 1);
    Files.writeString(root.resolve("b").resolve(cut).resolve("objectMetadata.json"), "{\"id\":");
    Path file = bucketFile("{\"name\":\"b\",\"creationDate\":\"x\",\"objects\":{\"a\":\"" + whole + "\",\"b\":\"" + cut
        + "\"}}");
    S3Folder.mend(root, told::add);
    assertThat(json(file)).containsEntry("objects", Map.of("a", whole)).containsEntry("creationDate", "x");
    assertThat(root.resolve("b").resolve(cut)).doesNotExist();
    assertThat(root.resolveSibling("s3-unfinished").resolve(cut)).exists();
  }

  @Test
  void a_key_that_was_listed_before_its_object_was_written_is_forgotten() throws IOException {
    Path file = bucketFile("{\"name\":\"b\",\"objects\":{\"a\":\"" + UUID.randomUUID() + "\"}}");
    S3Folder.mend(root, told::add);
    assertThat(json(file)).containsEntry("objects", Map.of());
  }

  @Test
  void versions_are_listed_again_oldest_first() throws IOException {
    String id = object("a", "v2-objectMetadata.json", "\"v2\"", 2);
    Path folder = root.resolve("b").resolve(id);
    metadata(folder, "v1-objectMetadata.json", "a", "\"v1\"", 1);
    Files.writeString(folder.resolve("v3-objectMetadata.json"), "{");
    Files.writeString(folder.resolve("versions.json"), "{\"id\"");
    bucketFile("{\"name\":\"b\",\"objects\":{\"a\":\"" + id + "\"}}");
    S3Folder.mend(root, told::add);
    assertThat(json(folder.resolve("versions.json"))).containsEntry("versions", List.of("v1", "v2"));
    assertThat(folder.resolve("v3-objectMetadata.json")).doesNotExist();
  }

  private String object(String key, String file, String version, long modified) throws IOException {
    String id = UUID.randomUUID().toString();
    metadata(Files.createDirectories(root.resolve("b").resolve(id)), file, key, version, modified);
    return id;
  }

  private static void metadata(Path folder, String file, String key, String version, long modified) throws IOException {
    Files.writeString(folder.resolve(file), "{\"id\":\"" + folder.getFileName() + "\",\"key\":"
        + JsonMapper.shared().writeValueAsString(key) + ",\"versionId\":" + version + ",\"lastModified\":" + modified
        + "}");
  }

  private Path bucketFile(String content) throws IOException {
    return Files.writeString(Files.createDirectories(root.resolve("b")).resolve("bucketMetadata.json"), content);
  }

  private static Map<String, Object> json(Path file) throws IOException {
    return JsonMapper.shared().readValue(Files.readString(file), new TypeReference<>() {});
  }
}
