package dev.modelops.edge;

import dev.modelops.domain.problem.Problem;
import dev.modelops.domain.problem.Refused;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Cursors of lists: a store's position under an HMAC-SHA256 that binds it to one operation, one subject and one set of
 * filters. Opaque to callers, at most 1.5 KB. Signed with the current key; the previous one is still accepted.
 */
public final class Cursors {
  private static final int LONGEST = 1_500;
  private static final int MAC = 16;
  private static final byte VERSION = 1;

  private final CursorKeys keys;

  public Cursors(CursorKeys keys) {
    this.keys = keys;
  }

  String seal(String position, List<String> binding) {
    byte[] text = position.getBytes(StandardCharsets.UTF_8);
    byte[] mac = mac(keys.current().getFirst(), text, binding);
    String cursor = Base64.getUrlEncoder().withoutPadding()
        .encodeToString(ByteBuffer.allocate(1 + MAC + text.length).put(VERSION).put(mac).put(text).array());
    if (cursor.length() > LONGEST) {
      throw new IllegalStateException("a position of " + text.length + " bytes makes too long a cursor");
    }
    return cursor;
  }

  /** @throws Refused when it was not made by us for exactly this list */
  String open(String cursor, List<String> binding) {
    byte[] bytes = decode(cursor);
    byte[] mac = Arrays.copyOfRange(bytes, 1, 1 + MAC);
    byte[] text = Arrays.copyOfRange(bytes, 1 + MAC, bytes.length);
    if (signed(keys.current(), mac, text, binding) || signed(keys.fresh(), mac, text, binding)) {
      return new String(text, StandardCharsets.UTF_8);
    }
    throw invalid();
  }

  /** After a restore from a snapshot: no key may come out of it. */
  void forget() {
    keys.forget();
  }

  private static byte[] decode(String cursor) {
    try {
      byte[] bytes = cursor.length() > LONGEST ? new byte[0] : Base64.getUrlDecoder().decode(cursor);
      boolean exact = bytes.length > MAC && bytes[0] == VERSION
          && Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(cursor);
      if (exact) {
        return bytes;
      }
    } catch (IllegalArgumentException noBase64) {
      // falls through to the same answer as any other forgery
    }
    throw invalid();
  }

  private static boolean signed(List<byte[]> keys, byte[] mac, byte[] text, List<String> binding) {
    boolean signed = false;
    for (byte[] key : keys) {
      signed |= MessageDigest.isEqual(mac, mac(key, text, binding));
    }
    return signed;
  }

  /** Every part goes in with its length, so that no two bindings look alike. */
  private static byte[] mac(byte[] key, byte[] text, List<String> binding) {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    for (String part : binding) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      message.writeBytes(ByteBuffer.allocate(4).putInt(bytes.length).array());
      message.writeBytes(bytes);
    }
    message.write(VERSION);
    message.writeBytes(text);
    try {
      Mac hmac = Mac.getInstance("HmacSHA256");
      hmac.init(new SecretKeySpec(key, "HmacSHA256"));
      return Arrays.copyOf(hmac.doFinal(message.toByteArray()), MAC);
    } catch (GeneralSecurityException everyJdkHasIt) {
      throw new IllegalStateException(everyJdkHasIt);
    }
  }

  private static Refused invalid() {
    return Refused.of(Problem.INVALID_CURSOR, "start the list again without a cursor, with the filters you want");
  }
}
