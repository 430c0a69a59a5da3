package dev.modelops.domain.registry;

import dev.modelops.domain.problem.Violation;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a manifest must be beyond its schema. Finds everything that is wrong at once. */
public final class ManifestRules {

  private static final int LONGEST_PATH = 512;
  private static final String PLAIN_PATH = "a relative path such as weights/model.onnx";
  /** Schemes that a browser would act on, should somebody show the URI as a link. */
  private static final Set<String> ACTIVE_SCHEMES = Set.of("javascript", "data", "vbscript", "blob", "about", "file");

  private ManifestRules() {}

  /**
   * @param kind of the model
   * @param largest most bytes of one file
   */
  public static List<Violation> violations(Manifest manifest, ModelKind kind, long largest) {
    List<Violation> violations = new ArrayList<>();
    if (kind == ModelKind.EXTERNAL && !manifest.artifacts().isEmpty()) {
      violations.add(new Violation("/artifacts", "not-allowed",
          "a version of an external model has no files: its maker keeps them; leave artifacts out", "[]"));
    }
    Map<String, Integer> paths = new HashMap<>();
    for (int i = 0; i < manifest.artifacts().size(); i++) {
      Artifact artifact = manifest.artifacts().get(i);
      String pointer = "/artifacts/" + i;
      addTo(violations, path(pointer + "/path", artifact.path()));
      Integer same = paths.putIfAbsent(Normalizer.normalize(artifact.path(), Normalizer.Form.NFC), i);
      if (same != null) {
        violations.add(new Violation(pointer + "/path", "duplicate",
            "the same path as /artifacts/" + same + ": paths are unique in a version", null));
      }
      addTo(violations, size(pointer + "/size", artifact.size(), largest));
    }
    for (int i = 0; i < manifest.references().size(); i++) {
      addTo(violations, reference("/references/" + i + "/uri", manifest.references().get(i).uri()));
    }
    return violations;
  }

  /** What is wrong with one file that stands alone, e.g. the report of a check. */
  public static List<Violation> violations(String pointer, Artifact artifact, long largest) {
    List<Violation> violations = new ArrayList<>();
    addTo(violations, path(pointer + "/path", artifact.path()));
    addTo(violations, size(pointer + "/size", artifact.size(), largest));
    return violations;
  }

  private static @Nullable Violation size(String pointer, long size, long largest) {
    return size >= 0 && size <= largest ? null
        : new Violation(pointer, "range", "a file has 0 to " + largest + " bytes", "0 to " + largest);
  }

  private static @Nullable Violation path(String pointer, String path) {
    String wrong = null;
    if (path.isEmpty() || path.getBytes(StandardCharsets.UTF_8).length > LONGEST_PATH) {
      wrong = "a path has 1 to " + LONGEST_PATH + " bytes";
    } else if (path.indexOf('\\') >= 0) {
      wrong = "a path's parts are joined by / and hold no backslash";
    } else if (path.codePoints().anyMatch(ManifestRules::isControl)) {
      wrong = "a path holds no control characters";
    } else {
      for (String part : path.split("/", -1)) {
        if (part.isEmpty() || part.equals(".") || part.equals("..")) {
          wrong = "a path is relative to the version, without empty parts, . and ..";
        }
      }
    }
    return wrong == null ? null : new Violation(pointer, "path", wrong, PLAIN_PATH);
  }

  /** A reference is never fetched; but one that says nothing certain, or that a browser would run, is of no use. */
  private static @Nullable Violation reference(String pointer, String uri) {
    int colon = uri.indexOf(':');
    String scheme = colon < 0 ? "" : uri.substring(0, colon).toLowerCase(Locale.ROOT);
    if (!scheme.matches("[a-z][a-z0-9+.-]*") || colon == uri.length() - 1 || ACTIVE_SCHEMES.contains(scheme)
        || uri.codePoints().anyMatch(c -> isControl(c) || Character.isWhitespace(c))) {
      return new Violation(pointer, "uri", "a reference is an absolute URI of a store of models, without spaces",
          "oci://…@sha256:…, s3://…, hf://…@revision");
    }
    if (scheme.equals("oci") && !uri.matches(".+@sha256:[0-9a-f]{64}")) {
      return new Violation(pointer, "unpinned", "an image is named by its digest, since its tag may move",
          "oci://registry/name@sha256:<64 hex digits>");
    }
    if (scheme.equals("hf") && !uri.matches(".+@[^@/]+")) {
      return new Violation(pointer, "unpinned", "a repository is named with its revision, since its branch may move",
          "hf://owner/name@<revision>");
    }
    return null;
  }

  private static boolean isControl(int c) {
    return Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
  }

  private static void addTo(List<Violation> violations, @Nullable Violation violation) {
    if (violation != null) {
      violations.add(violation);
    }
  }
}
