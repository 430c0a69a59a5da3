package dev.modelops.json;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import tools.jackson.databind.JsonNode;

/**
 * Digests of the audit trail: SHA-256 over the canonical JSON of RFC 8785, as lower-case hex. This format can never
 * change once entries exist; the contract holds test vectors.
 */
public final class Digests {
  private Digests() {}

  /** Of a value, as {@link Json} writes it. */
  public static String of(Object value) {
    return sha256(canonical(value instanceof JsonNode tree ? tree : Json.node(value)));
  }

  /** The canonical form of a value, in UTF-8. */
  public static byte[] canonical(JsonNode value) {
    return Canonical.of(value);
  }

  /** Of bytes as they are, as {@code sha256sum} prints it. */
  public static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }
}
