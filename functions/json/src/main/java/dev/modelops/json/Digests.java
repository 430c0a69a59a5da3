package dev.modelops.json;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.erdtman.jcs.JsonCanonicalizer;

/**
 * Digests of the audit trail: SHA-256 over the canonical JSON of RFC 8785, as lower-case hex. This format can never
 * change once entries exist; the contract holds test vectors.
 */
public final class Digests {
  private Digests() {}

  /** Of a value, as {@link Json} writes it. */
  public static String of(Object value) {
    return sha256(canonical(Json.text(value)));
  }

  /** Of bytes as they are, as {@code sha256sum} prints it. */
  public static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  /** The canonical form of a JSON text, in UTF-8. */
  public static byte[] canonical(String json) {
    try {
      // The canonicalizer takes objects and arrays only; a scalar is canonicalized as an array's one element.
      boolean container = json.startsWith("{") || json.startsWith("[");
      byte[] canonical = new JsonCanonicalizer(container ? json : "[" + json + "]").getEncodedUTF8();
      String text = new String(canonical, StandardCharsets.UTF_8);
      return container ? canonical : text.substring(1, text.length() - 1).getBytes(StandardCharsets.UTF_8);
    } catch (IOException malformed) {
      throw new UncheckedIOException(malformed);
    }
  }
}
