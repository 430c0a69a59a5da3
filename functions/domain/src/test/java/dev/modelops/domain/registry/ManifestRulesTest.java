package dev.modelops.domain.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.modelops.domain.problem.Violation;
import dev.modelops.domain.registry.Manifest.Reference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestRulesTest {

  private static final long LARGEST = 5L << 30;
  private static final String SHA = "0".repeat(64);

  private static List<Violation> ofPaths(String... paths) {
    List<Artifact> artifacts = new ArrayList<>();
    for (String path : paths) {
      artifacts.add(new Artifact(path, 1, SHA, "application/octet-stream", null));
    }
    return ManifestRules.violations(manifest(artifacts, List.of()), ModelKind.ML, LARGEST);
  }

  private static List<Violation> ofReference(String uri) {
    return ManifestRules.violations(manifest(List.of(), List.of(new Reference(uri, null))), ModelKind.ML, LARGEST);
  }

  private static Manifest manifest(List<Artifact> artifacts, List<Reference> references) {
    return new Manifest(artifacts, references, null, null, Map.of(), Map.of(), null, null, List.of(), List.of());
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.onnx", "a/b/c.bin", "..hidden", "a..b", "...", "ünïcödé/模型.onnx", "with space",
      "%2e%2e", "C:file"})
  void a_plain_relative_path_is_taken(String path) {
    assertThat(ofPaths(path)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/../b", "a/..", "./a", "a\\b", "..\\a",
      "a\u0000b", "a\nb", "a\u007f", "a\u0085b", "a\u2028b"})
  void a_path_that_could_lead_elsewhere_or_hide_something_is_refused(String path) {
    assertThat(ofPaths(path)).extracting(Violation::pointer, Violation::code)
        .containsExactly(tuple("/artifacts/0/path", "path"));
  }

  @Test
  void a_path_has_at_most_512_bytes_however_many_characters_that_are() {
    assertThat(ofPaths("x".repeat(512))).isEmpty();
    assertThat(ofPaths("x".repeat(513))).hasSize(1);
    assertThat(ofPaths("é".repeat(256))).isEmpty();
    assertThat(ofPaths("é".repeat(257))).hasSize(1);
  }

  @Test
  void two_spellings_of_one_path_are_one_path() {
    assertThat(ofPaths("é", "e\u0301")).extracting(Violation::code).containsExactly("duplicate");
    assertThat(ofPaths("a", "A", "b")).isEmpty();
    assertThat(ofPaths("a", "a", "a")).hasSize(2);
  }

  @Property
  void no_path_that_is_taken_leaves_the_folder_it_is_put_in(@ForAll String path) {
    if (ofPaths(path).isEmpty()) {
      Path folder = Path.of("/folder");
      assertThat(folder.resolve(path).normalize().startsWith(folder)).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3://bucket/key", "hf://acme/fraud@5f6a", "https://models.example/x", "gs://b/o",
      "git+https://x/y@z"})
  void a_reference_to_a_store_is_taken(String uri) {
    assertThat(ofReference(uri)).isEmpty();
  }

  @Test
  void an_image_is_pinned_by_digest_and_a_repository_by_revision() {
    assertThat(ofReference("oci://registry/name@sha256:" + SHA)).isEmpty();
    assertThat(ofReference("oci://registry/name:latest")).extracting(Violation::code).containsExactly("unpinned");
    assertThat(ofReference("oci://registry/name@sha256:12")).extracting(Violation::code).containsExactly("unpinned");
    assertThat(ofReference("hf://acme/fraud")).extracting(Violation::code).containsExactly("unpinned");
  }

  @ParameterizedTest
  @ValueSource(strings = {"javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "file:///etc/passwd",
      "no-scheme", "//host/path", "s3:", "s3://a b", "s3://a\u0000", ":x"})
  void what_names_no_store_or_what_a_browser_would_run_is_refused(String uri) {
    assertThat(ofReference(uri)).extracting(Violation::code).containsExactly("uri");
  }

  @Test
  void sizes_are_bounded_and_external_models_have_no_files() {
    Artifact huge = new Artifact("a", LARGEST + 1, SHA, "x/y", null);
    Artifact negative = new Artifact("b", -1, SHA, "x/y", null);
    assertThat(ManifestRules.violations(manifest(List.of(huge, negative), List.of()), ModelKind.ML, LARGEST))
        .extracting(Violation::pointer).containsExactly("/artifacts/0/size", "/artifacts/1/size");
    assertThat(ManifestRules.violations(manifest(List.of(new Artifact("a", LARGEST, SHA, "x/y", null)), List.of()),
        ModelKind.EXTERNAL, LARGEST)).extracting(Violation::pointer).containsExactly("/artifacts");
  }

  @Test
  void only_verified_bytes_alone_are_proof() {
    Artifact file = new Artifact("a", 1, SHA, "x/y", null);
    Reference reference = new Reference("s3://b/k", null);
    assertThat(manifest(List.of(file), List.of()).proof()).isEqualTo(Manifest.Proof.PROVED);
    assertThat(manifest(List.of(file), List.of(reference)).proof()).isEqualTo(Manifest.Proof.DECLARED);
    assertThat(manifest(List.of(), List.of(reference)).proof()).isEqualTo(Manifest.Proof.DECLARED);
    assertThat(manifest(List.of(), List.of()).proof()).isEqualTo(Manifest.Proof.DECLARED);
  }
}
