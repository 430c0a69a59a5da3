package dev.modelops.whole;

import dev.modelops.json.Digests;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** The version by which creations are priced: three files and parameters that do not compress, 4 KB of manifest. */
final class ThreeFiles {

  private ThreeFiles() {}

  /** @param seed another one makes another version, of as many bytes */
  static Map<String, Object> version(int seed) {
    Random random = new Random(seed);
    Map<String, Object> parameters = new LinkedHashMap<>();
    for (int i = 0; i < 42; i++) {
      byte[] bytes = new byte[36];
      random.nextBytes(bytes);
      parameters.put("parameter-" + i, Base64.getEncoder().encodeToString(bytes));
    }
    return new LinkedHashMap<>(Map.of("artifacts", Stream.of("model.onnx", "labels.json", "card.md")
        .map(path -> file(path, path + seed)).toList(), "parameters", parameters, "externalId", "build-" + seed));
  }

  static Map<String, Object> file(String path, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return Map.of("path", path, "size", bytes.length, "sha256", Digests.sha256(bytes), "mediaType",
        "application/octet-stream", "format", "onnx");
  }
}
