package dev.modelops.testkit;

import dev.modelops.json.Digests;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** One file, and how a client sends it to the store by the grant that came with the version. */
public final class Upload {

  private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  static final byte[] FILE = "weights".repeat(20_000).getBytes(StandardCharsets.UTF_8);

  private Upload() {}

  /** As it is declared. */
  public static Map<String, Object> file() {
    return Map.of("path", "model.onnx", "size", FILE.length, "sha256", Digests.sha256(FILE), "mediaType",
        "application/octet-stream");
  }

  /** Uploads as a caller whose first answer was lost does: the store takes the file once. */
  static void once(JsonNode grant) {
    try {
      if (put(grant, uri(grant)) != 200 || put(grant, uri(grant)) != 412) {
        throw new AssertionError("the file was not taken exactly once");
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  public static URI uri(JsonNode grant) {
    return URI.create(grant.path("url").asString());
  }

  /** The status of the answer. @throws IOException when there is none */
  public static int put(JsonNode grant, URI to) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(to).method(grant.path("method").asString(), BodyPublishers.ofByteArray(FILE));
    grant.path("headers").properties().stream().filter(header -> !header.getKey().equals("content-length"))
        .forEach(header -> request.header(header.getKey(), header.getValue().asString()));
    try {
      return HTTP.send(request.build(), BodyHandlers.discarding()).statusCode();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
